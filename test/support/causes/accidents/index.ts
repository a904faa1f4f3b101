import { causeCodes, type CauseCode } from '../../../../domain/codes.ts';
import type { Directory } from '../directory.ts';
import type { Random } from '../../random.ts';
import type { Accident, Made } from './accident.ts';
import { columnAccidents } from './columns.ts';
import { formatAccidents } from './formats.ts';
import { keyAccidents } from './keys.ts';
import { rowAccidents } from './rows.ts';
import { specialAccidents } from './special.ts';

export type { Made } from './accident.ts';

const accidents: readonly Accident[] = [
  ...columnAccidents,
  ...formatAccidents,
  ...keyAccidents,
  ...rowAccidents,
  ...specialAccidents,
];

/** The codes of which accidents are made; a first sync is no accident. */
export const accidentCodes: readonly CauseCode[] = causeCodes.filter((code) => code !== 'first-sync');

/** An accident of a code: the kinds in turn, as far as they can happen to the directory. undefined if none can. */
export function accident(
  code: CauseCode,
  directory: Directory,
  random: Random,
  turn: number,
): { name: string; made: Made } | undefined {
  const kinds = accidents.filter((each) => each.code === code);
  for (let n = 0; n < 6 * kinds.length; n++) {
    const kind = kinds[(turn + n) % kinds.length];
    const made = kind?.make(directory, random);
    if (kind && made) return { name: kind.name, made };
  }
  return undefined;
}
