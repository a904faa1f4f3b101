import { NotFilter } from 'ldapts';
import { parseDuration } from '../../domain/duration.ts';
import type { Checkpoint, ReadEvent, ReadRequest } from '../package.ts';
import { lookForCanaries } from './canary.ts';
import { branchRenamed, checkpointOf, placeOf, refused } from './checkpoint.ts';
import { beginChanges, findContainers, identitiesBelow } from './containers.ts';
import { textsOf } from './directory.ts';
import { allOf, atLeast } from '../entries/filter.ts';
import { searchPages } from './pages.ts';
import { entriesOf, type TableRead } from './table-read.ts';

/**
 * Changes by the time of the last change, as the server writes it; our clock has no part in it. The directory does not tell
 * what is gone.
 */

/** Active Directory computes modifyTimestamp, and cannot search for it. */
const attributeOf = ({ directory }: TableRead) =>
  directory.root.isActiveDirectory ? 'whenChanged' : 'modifyTimestamp';

export async function noteLargest(read: TableRead): Promise<Checkpoint> {
  const containers = await findContainers(read);
  return checkpointFor(read, containers, await largestOf(read));
}

const checkpointFor = (read: TableRead, containers: Record<string, string>, largest: string): Checkpoint =>
  checkpointOf({ kind: 'modifyTimestamp', server: read.directory.root.url, containers, largest }, new Date());

const time = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(?:[.,]\d+)?Z$/;
const beginning = '19000101000000Z';

/** The largest time, read before the entries are: what changes meanwhile is later, or within the overlap. */
async function largestOf(read: TableRead, from?: string): Promise<string> {
  const { directory, table, filter, settings } = read;
  const attribute = attributeOf(read);
  let largest = from ?? beginning;
  for (const base of table.bases)
    for await (const { entries } of searchPages(directory, {
      base,
      scope: table.scope,
      filter: from === undefined ? filter : allOf(filter, atLeast(attribute, from)),
      attributes: [attribute],
      pageSize: settings.pageSize,
      table: table.name,
    }))
      for (const entry of entries) {
        const value = textsOf(entry, attribute)[0] ?? '';
        const seconds = time.test(value) ? `${value.slice(0, 14)}Z` : '';
        if (seconds > largest) largest = seconds;
      }
  return largest;
}

/** A time that is earlier by the overlap. */
function before(text: string, overlap: number): string {
  const [, year, month, day, hour, minute, second] = (time.exec(text) ?? []).map(Number);
  const at = Date.UTC(year ?? 1900, (month ?? 1) - 1, day, hour, minute, second) - overlap;
  return `${new Date(at).toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}${text.includes('.') ? '.0' : ''}Z`;
}

export async function* readSince(read: TableRead, { since }: ReadRequest): AsyncGenerator<ReadEvent> {
  const { table, columns, settings, directory } = read;
  const place = placeOf(since, 'modifyTimestamp');
  if (!place || place.server !== directory.root.url) {
    yield refused('The stored time is of another server, or of another kind than the settings ask for.');
    return;
  }
  const begin = yield* beginChanges(read, place.containers);
  if (!begin) return;
  const from = before(place.largest, parseDuration(settings.overlap));
  const older = new NotFilter({ filter: atLeast(attributeOf(read), from) });
  const { done: allNew } = await identitiesBelow(read, begin.fresh, older).next();
  if (allNew !== true) {
    yield branchRenamed(table.name);
    return;
  }
  const largest = await largestOf(read, from);
  let references = 0;
  for await (const page of entriesOf(read, atLeast(attributeOf(read), from))) {
    references += page.references;
    if (page.entries.length > 0) yield { kind: 'structured', records: page.entries.map(columns.recordOf), resume: '' };
  }
  await lookForCanaries(read);
  yield {
    kind: 'end',
    certificate: {
      certified: false,
      code: references > 0 ? 'referral' : 'no-tombstones',
      reason:
        references > 0
          ? `${directory.root.url} referred to another server while ${table.name} was read. References are not followed.`
          : `By times of changes, the directory does not tell what is gone from ${table.name}. Complete syncs find that.`,
    },
    checkpoint: checkpointFor(read, begin.containers, largest > place.largest ? largest : place.largest),
  };
}
