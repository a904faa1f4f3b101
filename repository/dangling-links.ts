import { rows, touched, type Queryable } from './database.ts';
import type { DiffLink } from './diff-input.ts';
import { leadsTo, ofProperty } from './link-targets.ts';
import { comparedBy } from './match-by.ts';
import { keyTextSql } from './resolve-rows.ts';

/**
 * Takes links out of `gone` whose source has a value in `reference` that newly matches nothing: one that matched something, or was
 * not there, in the last applied complete sync. It may be the new name of a target that is read later. Links that go with
 * an end go all the same.
 * @returns how many links stay
 */
export async function keepOfNewNames(tx: Queryable, link: DiffLink): Promise<number> {
  const by = leadsTo(link).find((target) => target.by !== null)?.by ?? null;
  if (by === null) return 0;
  return touched(
    tx,
    `delete from gone g where not g.cascade and g.source in (
       select f.source from reference f where f.source is not null and f.target is null and not exists (
         select from syncline.dangling_link m where ${ofProperty(link, 'm.property')} and m.source = f.source and m.matched = ?
           and ${comparedBy(link, 'm.value')} = ${comparedBy(link, 'f.value')}))`,
    [by],
  );
}

/** A link property that matches another property than the key of its target. */
export interface MatchedLink {
  entityType: string;
  name: string;
  by: string;
}

/**
 * Stores what dangles, in the transaction that applies a sync: of the link properties that it has compared whole. Writes only what
 * differs.
 * @param links those of the revision of the sync that match another property than the key
 */
export async function rememberDangling(tx: Queryable, sync: number, links: readonly MatchedLink[]): Promise<void> {
  // of a property that leads to several entity types, one of its rows in the catalog remembers for all
  const compared = await rows<{ ids: number[]; entityType: string; type: number; keys: number; name: string }>(
    tx,
    `select array_agg(p.id order by p.id) as ids, t.name as "entityType", t.id as type, cardinality(t.key_properties) as keys, p.name
     from syncline.sync s cross join lateral jsonb_array_elements(s.filters_compared -> 'links') c
       join syncline.link_property p on p.id = c.value::integer
       join syncline.entity_type t on t.id = p.entity_type
     where s.no = ? group by t.id, p.name`,
    [sync],
  );
  for (const { ids, entityType, type, keys, name } of compared) {
    const by = links.find((each) => each.entityType === entityType && each.name === name)?.by;
    if (by === undefined) await tx.raw('delete from syncline.dangling_link where property = any(?)', [ids]);
    else await rememberOf(tx, { sync, ids, entityType, type, keys, name, by });
  }
}

interface Remembered extends MatchedLink {
  sync: number;
  ids: number[];
  type: number;
  keys: number;
}

async function rememberOf(tx: Queryable, { sync, ids, entityType, type, keys, name, by }: Remembered): Promise<void> {
  const [id = 0] = ids;
  await tx.raw(
    `create temp table dangling on commit drop as
     select distinct r.id as source, e.value collate "C" as value
     from syncline.sync_error e
       join syncline.resource r on r.entity_type = ${String(type)} and r.key = ${keyTextSql('e.key', keys)}
     where e.sync = ? and e.code = 'dangling-link' and e.entity_type = ? and e.property = ? and e.value is not null`,
    [sync, entityType, name],
  );
  await tx.raw(
    `delete from syncline.dangling_link m where m.property = any(?) and not (m.property = ? and m.matched = ?
       and exists (select from dangling d where d.source = m.source and d.value = m.value))`,
    [ids, id, by],
  );
  await tx.raw(
    `insert into syncline.dangling_link (property, source, matched, value)
     select ?, d.source, ?, d.value from dangling d
     where not exists (
       select from syncline.dangling_link m where m.property = ? and m.source = d.source and m.value = d.value)`,
    [id, by, id],
  );
  await tx.raw('drop table dangling');
}
