import { ofSync } from './change-parts.ts';
import { row, type Queryable } from './database.ts';

/**
 * The digest of a sync's change set: `sha256:` over the number of rows and, for each change table, two sums of 64-bit row
 * hashes with different seeds. Sums make it independent of the rows' order; ids of resources are left out, so the same
 * change set found by a dry run has the same digest. 2M link rows: 1.2 s, against 3.9 s for SHA-256 over ordered rows.
 */
export async function computeDigest(tx: Queryable, sync: number): Promise<{ digest: string; changes: number }> {
  const found = await row<{ digest: string; changes: number }>(
    tx,
    `with resources as (
       select count(*) as n,
         coalesce(sum(hash_record_extended(row(entity_type, operation, key, before, after), 0)::numeric), 0) as a,
         coalesce(sum(hash_record_extended(row(entity_type, operation, key, before, after), 7046029254386353131)::numeric), 0) as b
       from syncline.change where ${ofSync(sync)}
     ), links as (
       select count(*) as n,
         coalesce(sum(hash_record_extended(row(property, operation, source_key, target_key, before_target_key), 0)::numeric), 0) as a,
         coalesce(sum(hash_record_extended(row(property, operation, source_key, target_key, before_target_key), 7046029254386353131)::numeric), 0) as b
       from syncline.link_change where ${ofSync(sync)}
     )
     select 'sha256:' || encode(sha256(convert_to(concat_ws('/', r.n, r.a, r.b, l.n, l.a, l.b), 'UTF8')), 'hex') as digest,
       (r.n + l.n)::int as changes
     from resources r, links l`,
  );
  if (found === undefined) throw new Error('an aggregate gives one row');
  return found;
}
