import { createHash } from 'node:crypto';
import type { Certificate, ReadEvent, ReadRequest } from '../package.ts';
import { certificateOf } from './certificate.ts';
import { digestOf } from './digest.ts';
import { linesBehind } from './lines-behind.ts';
import type { Place } from './place.ts';
import { readCsv } from './read.ts';
import type { CsvSettings } from './settings.ts';
import { changed } from './source-file.ts';
import { findTableFiles } from './table-files.ts';
import { contentOf } from './unpack.ts';

/** Where a retry goes on: behind so many rows of so many files, if these are still the same. */
interface Resume {
  files: number;
  identity: string;
  taken: number;
}

/** Reads all files of a table, each once and to its end. */
export async function* readTable(
  place: Place,
  settings: CsvSettings,
  { table, last, resumeAfter, signal }: ReadRequest,
): AsyncGenerator<ReadEvent> {
  const { names, gap, checkpoint } = await findTableFiles(place, settings, table, last);
  const { take, trailer } = settings.tables[table] ?? {};
  const resumed = resumeAfter === undefined ? undefined : (JSON.parse(resumeAfter) as Resume);
  if (resumed && resumed.files > names.length) throw changed(table);
  const identities: [string, string][] = [];
  const states: [string, string][] = [];
  let certificate: Certificate = gap ?? certificateOf(undefined);
  let taken = 0;
  for (const name of names) {
    const file = await place.open(name);
    try {
      identities.push([name, file.identity]);
      const identity = hashOf(identities);
      if (resumed?.files === identities.length && resumed.identity !== identity) throw changed(name);
      for await (const event of readCsv(file, settings, signal, trailer)) {
        if (event.kind === 'header')
          yield { kind: 'segment', source: take === 'all' ? name : table, columns: event.columns };
        else if (event.kind === 'end') {
          states.push([name, file.version ?? stateOf(event)]);
          if (certificate.certified)
            certificate = certificateOf(event.reason && take ? `${name}: ${event.reason}` : event.reason);
        } else {
          // records that an earlier attempt stored are read again for the checks and the hash, but not stored again
          const skip = Math.max(0, (resumed?.taken ?? 0) - taken);
          taken += event.kind === 'lines' ? event.rows : event.records.length;
          const resume = JSON.stringify({ files: identities.length, identity, taken } satisfies Resume);
          const rest = event.kind === 'lines' ? linesBehind(event, skip, settings) : event.records.slice(skip);
          if (Array.isArray(rest)) {
            if (rest.length > 0) yield { kind: 'records', records: rest, resume };
          } else if (rest.rows > 0) yield { kind: 'lines', lines: rest, resume };
        }
      }
    } finally {
      await file.close();
    }
  }
  if (take === 'all') await refuseOthers(place, settings, table, identities, signal);
  yield { kind: 'end', certificate, state: stateOfAll(states, take), ...(checkpoint ? { checkpoint } : {}) };
}

/** All files as they were at one moment: none was written, none came and none went while the others were read. */
async function refuseOthers(
  place: Place,
  settings: CsvSettings,
  table: string,
  identities: readonly [string, string][],
  signal: AbortSignal | undefined,
): Promise<void> {
  const { names } = await findTableFiles(place, settings, table);
  const now = await place.identities(names, signal);
  if (names.length !== identities.length) throw changed(table);
  for (const [name, identity] of identities) if (now.get(name) !== identity) throw changed(name);
}

/** Equal texts: a read would give the same rows. */
export async function stateOfTable(
  place: Place,
  settings: CsvSettings,
  table: string,
  signal?: AbortSignal,
): Promise<string> {
  const { names } = await findTableFiles(place, settings, table);
  const states: [string, string][] = [];
  for (const name of names) {
    const file = await place.open(name);
    try {
      const content = () => digestOf(contentOf(file, settings.compression, { signal, most: 1 << 20 }));
      states.push([name, file.version ?? stateOf(await content())]);
    } finally {
      await file.close();
    }
  }
  return stateOfAll(states, settings.tables[table]?.take);
}

/** The content of a file decides which rows it gives, not how it is compressed. */
const stateOf = ({ sha256, bytes }: { sha256: string; bytes: number }) => `${sha256} ${String(bytes)}`;

/** Of several files, the names count too: the next read compares its names with these. */
const stateOfAll = (states: readonly [string, string][], take: string | undefined): string =>
  take === undefined ? (states[0]?.[1] ?? '') : `${take} ${hashOf(states)}`;

const hashOf = (pairs: readonly [string, string][]) => createHash('sha256').update(JSON.stringify(pairs)).digest('hex');
