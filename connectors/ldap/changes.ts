import type { Certificate, Checkpoint, ReadEvent, StructuredRecord } from '../package.ts';
import { lookForCanaries } from './canary.ts';
import { anyOf } from '../entries/filter.ts';
import { cellOf, hasIdentity, identityOfValue } from './identities.ts';
import { batches, entriesOf, type TableRead } from './table-read.ts';

/** What the directory told of changes: identities in hexadecimal. */
export interface Changes {
  changed: ReadonlySet<string>;
  gone: ReadonlySet<string>;
  /** All that is there beside what changed, if the directory told that in place of what is gone. */
  present?: ReadonlySet<string>;
}

const atOnce = 50;

/**
 * Reads what changed again, as it is now: an entry that the search of the table finds is a record. One that it does not find
 * has left the table.
 */
export async function* eventsOf(
  read: TableRead,
  { changed, gone, present }: Changes,
  checkpoint: Checkpoint,
): AsyncGenerator<ReadEvent> {
  const { columns, identity, table } = read;
  const left = new Set(gone);
  let references = 0;
  const ids = [...changed];
  for (let at = 0; at < ids.length; at += atOnce) {
    const asked = ids.slice(at, at + atOnce);
    const missing = new Set(asked);
    for await (const page of entriesOf(read, anyOf(asked.map((id) => hasIdentity(identity, id))), [identity])) {
      references += page.references;
      for (const entry of page.entries) {
        const id = identityOfValue(identity, entry.attributes.get(identity.toLowerCase())?.[0]);
        if (id === undefined) continue;
        missing.delete(id);
        // one that was deleted and came again is there
        left.delete(id);
      }
      if (page.entries.length > 0)
        yield { kind: 'structured', records: page.entries.map(columns.recordOf), resume: '' };
    }
    for (const id of missing) left.add(id);
  }
  // behind the reads, so that a right that was lost meanwhile takes nothing away
  await lookForCanaries(read, present ? { told: (id) => present.has(id) || changed.has(id) } : {});
  const told = columns.identity !== undefined;
  const records = (of: Iterable<string>) =>
    told ? [...of].map((id): StructuredRecord => columns.identityOnly(cellOf(identity, id))) : [];
  for (const batch of batches(records(left))) yield { kind: 'tombstones', records: batch, resume: '' };
  const there = present ? [...present].filter((id) => !left.has(id)) : [];
  for (const batch of batches(records(there))) yield { kind: 'present', records: batch, resume: '' };
  const unable = !told && (left.size > 0 || present !== undefined);
  yield {
    kind: 'end',
    certificate: certificateOf(read, { references, unable, derived: present !== undefined }),
    checkpoint,
  };

  function certificateOf(
    { directory }: TableRead,
    of: { references: number; unable: boolean; derived: boolean },
  ): Certificate {
    if (of.references > 0)
      return {
        certified: false,
        code: 'referral',
        reason: `${directory.root.url} referred to another server while ${table.name} was read. References are not followed, so entries may be missing.`,
      };
    if (of.unable)
      return {
        certified: false,
        code: 'no-tombstones',
        reason: `The directory tells what is gone from ${table.name} by its ${identity}, which is not mapped. Map it, and name the property in source.identity.`,
      };
    // what is not among those that are there counts as gone: that needs the proof of a complete read
    if (of.derived && table.canary === undefined)
      return {
        certified: false,
        code: 'no-canary',
        reason: `The directory told only what it still has of ${table.name}, and settings.tables.${table.name} has no canary. Name one, or say canary: none.`,
      };
    return { certified: true };
  }
}
