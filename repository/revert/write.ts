import { writeChanges } from '../change-parts.ts';
import { row, type Queryable } from '../database.ts';
import type { LinkResult, TypeResult } from '../diff-input.ts';
import { countLinks, countResources } from '../stored.ts';
import type { RevertInput, RevertLink, RevertType } from './input.ts';

const nothing = { inserted: 0, updated: 0, deleted: 0, withheld: 0, overtaken: 0, rejected: 0 };

/** Writes the change rows of one entity type: deletes first, since a key may go and come again. */
export async function writeResources(
  tx: Queryable,
  { sync }: RevertInput,
  { id }: RevertType,
): Promise<TypeResult & { stored: number; rejected: number }> {
  const type = String(id);
  const write = async (columns: string, from: string, select: string) =>
    writeChanges(tx, {
      kind: 'change',
      sync,
      columns: `entity_type, operation, resource, key, ${columns}`,
      select: `${select} ${from}`,
      expected: await count(tx, from),
    });
  const stored = `join syncline.resource r on r.entity_type = ${type} and r.id = c.resource`;
  const deleted = await write(
    'before, before_hash, managed',
    `from going c ${stored} where c.entity_type = ${type} and c.kept is null`,
    `select c.entity_type, 'd'::"char", c.resource, c.key, r.attributes, r.hash, r.managed`,
  );
  const inserted = await write(
    'after, managed',
    `from coming c where c.entity_type = ${type} and c.kept is null`,
    `select c.entity_type, 'i'::"char", c.resource, c.key, c.attributes, c.managed`,
  );
  const updated = await write(
    'before, after, before_hash',
    `from restored c where c.entity_type = ${type} and c.kept is null and c.before is not null`,
    `select c.entity_type, 'u'::"char", c.resource, c.key, c.before, c.after, c.hash`,
  );
  return { ...nothing, inserted, updated, deleted, stored: await countResources(tx, id) };
}

/** Writes the change rows of one link property. */
export async function writeLinks(
  tx: Queryable,
  { sync }: RevertInput,
  { id }: RevertLink,
): Promise<LinkResult & { stored: number }> {
  const ends = 'source, target, source_key, target_key';
  const write = async (operation: 'd' | 'u' | 'i', more: string, select: string, from: string) =>
    writeChanges(tx, {
      kind: 'link_change',
      sync,
      columns: `property, operation, ${ends}${more}`,
      select: `select c.property, '${operation}'::"char", c.source, c.target, c.source_key, c.target_key${select} ${from}`,
      expected: await count(tx, from),
    });
  const mine = (table: string) => `from ${table} c where c.property = ${String(id)} and c.kept is null`;
  const deleted = await write('d', '', '', `${mine('going_link')} and not c.paired`);
  const updated = await write(
    'u',
    ', before_target, before_target_key, before_property',
    ', g.target, g.target_key, nullif(g.property, c.property)',
    `from coming_link c join going_link g on g.family = c.family and g.source = c.source and g.kept is null
     where c.property = ${String(id)} and c.kept is null and c.paired`,
  );
  const inserted = await write('i', '', '', `${mine('coming_link')} and not c.paired`);
  return { ...nothing, inserted, updated, deleted, wanted: 0, stored: await countLinks(tx, id) };
}

async function count(tx: Queryable, from: string): Promise<number> {
  const found = await row<{ n: number }>(tx, `select count(*)::int as n ${from}`);
  return found?.n ?? 0;
}

/**
 * The flags that the syncs set by a rule go back where they are still so, and where the attributes of the resource are not
 * kept: the rule goes by them.
 */
export async function writeFlagsBack(tx: Queryable, { sync, reverts }: RevertInput, { id }: RevertType): Promise<void> {
  const type = String(id);
  await tx.raw(
    `insert into syncline.managed_change (sync, entity_type, resource, managed, before_hash)
     select ${String(sync)}, ${type}, r.id, not f.first, r.hash
     from (
       select m.resource, (array_agg(m.managed order by n.nth))[1] as first, (array_agg(m.managed order by n.nth desc))[1] as last
       from syncline.managed_change m join unnest(?::bigint[]) with ordinality n(sync, nth) on n.sync = m.sync
       where m.entity_type = ${type} group by m.resource
     ) f join syncline.resource r on r.entity_type = ${type} and r.id = f.resource
     where r.managed = f.last and f.first = f.last
       and not exists (select from going g where g.entity_type = ${type} and g.resource = r.id and g.kept is null)
       and not exists (select from undone u where u.entity_type = ${type} and u.resource = r.id and u.gone_at is not null)
       and not exists (${keptAttributes(type)})
     union all
     select ${String(sync)}, ${type}, r.id, u.managed, r.hash
     from undone u join syncline.resource r on r.entity_type = ${type} and r.id = u.resource
     where u.entity_type = ${type} and u.existed and u.stays and u.gone_at is not null and r.managed <> u.managed
       and not exists (${keptAttributes(type)})`,
    [[...reverts]],
  );
}

const keptAttributes = (type: string) => `select from restored c where c.entity_type = ${type} and c.resource = r.id
  and (c.kept is not null or c.touched is not null or c.lost is not null)`;
