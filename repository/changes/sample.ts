import { changeConditions, type ChangedSync, type ChangeFilter } from '../change-filter.ts';
import type { ChangeKind } from '../change-kind.ts';
import { ofSync } from '../change-parts.ts';
import { rows, type Database, type Queryable } from '../database.ts';
import { numbered, readChanges, type FoundChange } from './read-changes.ts';
import { withWork } from './with-work.ts';

/**
 * So many of the changes that fit a filter, chosen and ordered by a hash that is seeded with the digest of the change set:
 * whoever asks gets the same ones, and nobody can choose which.
 */
export function sampleOfChanges(
  db: Database,
  sync: ChangedSync & { digest: string | null },
  filter: ChangeFilter,
  size: number,
): Promise<FoundChange[]> {
  return withWork(db, filter, (own) => sampleOf(own, sync, filter, size));
}

async function sampleOf(
  db: Queryable,
  sync: ChangedSync & { digest: string | null },
  filter: ChangeFilter,
  size: number,
): Promise<FoundChange[]> {
  const conditions = await changeConditions(db, sync, filter);
  const chosen: { kind: ChangeKind; seq: number; hash: string }[] = [];
  for (const kind of ['resource', 'link'] as const) {
    const condition = conditions[kind];
    if (!condition) continue;
    const found = await rows<{ seq: number; hash: string }>(
      db,
      `select seq, hash::text from (
         select c.seq, hashint8extended(c.seq, hashtextextended(?, 0)) as hash
         from syncline.${kind === 'resource' ? 'change' : 'link_change'} c where ${ofSync(sync.no, 'c')} and ${condition.sql}
       ) hashed order by hashed.hash, seq limit ?`,
      [`${kind} ${sync.digest ?? ''}`, ...condition.bindings, size],
    );
    chosen.push(...found.map((each) => ({ kind, ...each })));
  }
  const order = (a: string, b: string) => (BigInt(a) < BigInt(b) ? -1 : 1);
  const sample = chosen.sort((a, b) => order(a.hash, b.hash)).slice(0, size);
  const read = new Map<string, FoundChange>();
  for (const kind of ['resource', 'link'] as const) {
    const condition = conditions[kind];
    const seqs = sample.flatMap((each) => (each.kind === kind ? [each.seq] : []));
    if (!condition || seqs.length === 0) continue;
    for (const found of await readChanges(db, sync, kind, condition, numbered(seqs)))
      read.set(`${kind} ${String(found.seq)}`, found);
  }
  return sample.flatMap(({ kind, seq }) => read.get(`${kind} ${String(seq)}`) ?? []);
}
