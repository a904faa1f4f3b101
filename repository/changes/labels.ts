import type { SyncStatus } from '../../domain/sync.ts';
import { ofSyncByKey } from '../change-parts.ts';
import { rows, type Queryable } from '../database.ts';
import type { End } from './read-changes.ts';

/**
 * The labels of resources as they were when a sync compared: what the sync itself says comes first, then what the first
 * later change says was there, then what is stored. A resource that the sync renames has the label that people know, the
 * one from before; one that it inserts has the label that it gets.
 * @returns by number of the resource; null where it has none, or its entity type has no label
 */
export async function labelsOf(
  db: Queryable,
  sync: { no: number; status: SyncStatus },
  ends: readonly End[],
): Promise<ReadonlyMap<number, string | null>> {
  const wanted = [...new Map(ends.map((end) => [end.resource, end])).values()];
  if (wanted.length === 0) return new Map();
  const found = await rows<{ resource: number; label: string | null }>(
    db,
    `with moment as (select coalesce(applied_at, ended_at) as at from syncline.sync where no = ?),
     wanted as (
       select w.*, t.label_property as label from unnest(?::int[], ?::bigint[], ?::text[]) as w(type, resource, key)
         join syncline.entity_type t on t.id = w.type where t.label_property is not null
     )
     select w.resource, coalesce(own.label, later.label, now.label) as label
     from wanted w
       left join lateral (
         select coalesce(c.before ->> w.label, c.after ->> w.label) as label from syncline.change c
         where ${ofSyncByKey(sync.no, 'c')} and c.entity_type = w.type and c.key = w.key and c.resource = w.resource
           and (c.before \\? w.label or c.after \\? w.label) limit 1
       ) own on true
       left join lateral (
         select c.before ->> w.label as label from moment, syncline.change c join syncline.sync s on s.no = c.sync
         where own.label is null and c.entity_type = w.type and c.key = w.key and c.resource = w.resource
           and c.before \\? w.label and c.fate is null and s.applied and s.applied_at > moment.at
         order by s.applied_at limit 1
       ) later on true
       left join lateral (
         select r.attributes ->> w.label as label from syncline.resource r where r.entity_type = w.type and r.id = w.resource
       ) now on true`,
    [sync.no, wanted.map(({ type }) => type), wanted.map(({ resource }) => resource), wanted.map(({ key }) => key)],
  );
  return new Map(found.map(({ resource, label }) => [resource, label === '' ? null : label]));
}
