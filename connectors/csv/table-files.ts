import { SyncError } from '../../domain/errors.ts';
import type { Certificate, Checkpoint } from '../package.ts';
import { whereOf } from './location.ts';
import type { Place } from './place.ts';
import type { CsvSettings } from './settings.ts';

/** The files that a table is read from. */
export interface TableFiles {
  /** In the order in which they are read. */
  names: string[];
  /** Why they may not be all. */
  gap?: Certificate & { certified: false };
  /** What the next complete read compares its files with. */
  checkpoint?: Checkpoint;
}

const mostFiles = 1000;

/**
 * Finds the files of a table: the file of its name, or those that its pattern matches.
 * @param last of the last applied complete sync that read the table to its end
 * @throws SyncError `missing-file`, or `older-file` if the newest file sorts before the one that was applied
 */
export async function findTableFiles(
  place: Place,
  settings: CsvSettings,
  table: string,
  last?: Checkpoint,
): Promise<TableFiles> {
  const { take, parts } = settings.tables[table] ?? {};
  if (take === undefined) return { names: [table] };
  const fits = patternOf(table);
  const found = (await place.list()).filter((name) => fits.test(name));
  const newest = found.at(-1);
  if (newest === undefined)
    throw new SyncError(
      'missing-file',
      `No file in the folder of the connection fits ${table}. Put one there, or correct the table in the connector file.`,
      { table },
    );
  const scope = JSON.stringify([whereOf(settings), take]);
  const before = last && namesOf(last, scope);
  const remember = (names: string[]): Checkpoint => ({
    value: JSON.stringify({ scope, names }),
    name: names.length === 1 ? newest : `${String(names.length)} files up to ${newest}`,
  });
  if (take === 'newest') {
    const applied = before?.at(-1);
    if (applied !== undefined && newest < applied)
      throw new SyncError(
        'older-file',
        `The newest file of ${table} is ${newest}. It sorts before ${applied}, which was applied last. Let the source write it again under a later name.`,
        { table },
      );
    return { names: [newest], checkpoint: remember([newest]) };
  }
  if (found.length > mostFiles)
    throw new SyncError(
      'configuration',
      `${table} fits ${String(found.length)} files. The limit is ${String(mostFiles)}.`,
      { table },
    );
  const reason = parts === undefined ? reasonOfNames(table, found, before) : reasonOfNumber(table, found, parts);
  return {
    names: found,
    checkpoint: remember(found),
    ...(reason === undefined ? {} : { gap: { certified: false, code: 'part-missing', reason } }),
  };
}

function reasonOfNames(table: string, found: readonly string[], before: readonly string[] = []): string | undefined {
  const missing = before.filter((name) => !found.includes(name));
  const [first] = missing;
  if (first === undefined) return undefined;
  const others = missing.length > 1 ? ` and ${String(missing.length - 1)} more` : '';
  return `Of ${table}, the last applied sync had ${first}${others}, which is not there now. If that is meant, set parts.`;
}

function reasonOfNumber(table: string, { length }: readonly string[], parts: number): string | undefined {
  if (length === parts) return undefined;
  return `${String(length)} files fit ${table}. The setting parts says that there are ${String(parts)}.`;
}

/** The names that a checkpoint holds, if it was left by a read of the same place. */
function namesOf({ value }: Checkpoint, scope: string): string[] | undefined {
  const stored = JSON.parse(value) as { scope: string; names: string[] };
  return stored.scope === scope ? stored.names : undefined;
}

/** `*` stands for any characters but `/`. */
export const patternOf = (table: string): RegExp => new RegExp(`^${table.split('*').map(escaped).join('[^/]*')}$`);

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
