import type { DiffInput, DiffLink, DiffType } from './diff-input.ts';
import { deleted, inserted, scoped, updated } from './diff-input.ts';
import { row, type Queryable } from './database.ts';
import { comparedBy } from './match-by.ts';
import { frozenKeys, removedKeys, removedLinks, stagedLinks, stagedRows } from './staging.ts';

/**
 * A complete sync is narrowed to the difference between two exports: the rows that are new, and the keys of the rows
 * that are gone. This is right if each row of the earlier export is exactly what is stored, or is listed among the errors of its
 * sync, and nothing has been written since. What is listed counts as gone and as new. Any other row that is in both exports has
 * the same resource or link as before. If the difference could concern such a row, the sync is not narrowed and compares
 * everything.
 */
export class NarrowRefused extends Error {
  override name = 'NarrowRefused';
}

async function refuseWhere(tx: Queryable, why: string, sql: string, bindings: readonly string[] = []): Promise<void> {
  // counts all rows: with a limit the planner would expect an early match, and use nested loops over whole tables
  const found = await row<{ n: number }>(tx, `select count(*) as n from (${sql}) each`, bindings);
  if ((found?.n ?? 0) > 0) throw new NarrowRefused(why);
}

/**
 * scoped: the keys that the difference is about. A new row whose key is stored must be in place of one that is gone, also if it is
 * rejected: all rows of a key are rejected with it.
 */
export async function narrowTo(tx: Queryable, input: DiffInput, type: DiffType): Promise<void> {
  const [rows, gone] = [stagedRows(input.staging, type.id), removedKeys(input.staging, type.id)];
  await tx.raw(`
    analyze ${gone};
    create temp table ${scoped(type.id)} on commit drop as select key from ${rows} union select key from ${gone};
    analyze ${scoped(type.id)}`);
  await refuseWhere(
    tx,
    `a key of ${type.name} may occur twice`,
    `select from (select key from ${rows} union all select key from ${frozenKeys(input.staging, type.id)}) s
       join syncline.resource r on r.entity_type = ${String(type.id)} and r.key = s.key
     where not exists (select from ${gone} g where g.key = s.key)`,
  );
}

/** A key that differs by case only from one that stays is warned of by the full comparison. */
export async function refuseCaseVariants(tx: Queryable, input: DiffInput, type: DiffType): Promise<void> {
  if (!type.warnCaseVariants) return;
  // what another sync has inserted since was never compared with the rows of the source
  const rows = input.writtenSince ? stagedRows(input.staging, type.id) : inserted(type.id);
  await tx.raw(`analyze ${inserted(type.id)}`);
  await refuseWhere(
    tx,
    `keys of ${type.name} differ only by case`,
    `select from ${rows} i join syncline.resource r
       on r.entity_type = ${String(type.id)} and lower(r.key) = lower(i.key) and r.key <> i.key`,
  );
}

/** away (source, target): stored links whose row is gone from their table; none if the links come from a column. */
export async function createAway(tx: Queryable, input: DiffInput, link: DiffLink): Promise<void> {
  if (link.from === 'column') {
    await tx.raw('create temp table away (source bigint, target bigint) on commit drop');
    return;
  }
  await tx.raw(`
    create temp table away on commit drop as
    select l.source, l.target from ${removedLinks(input.staging, link.id)} x
      join syncline.resource s on s.entity_type = ${String(link.entityType)} and s.key = x.source
      join syncline.resource t on t.entity_type = ${String(link.target)} and t.key = x.target
      join syncline.link l on l.property = ${String(link.id)} and l.source = s.id and l.target = t.id;
    analyze away`);
}

/**
 * How many stored links of the rows in hand stay although no row has them: a rejected row protects them, or a value that matches
 * nothing. Reads `wanted`, `gone` and `away`.
 */
export async function countUnbacked(tx: Queryable, input: DiffInput, link: DiffLink, type: DiffType): Promise<number> {
  const inHand =
    link.from === 'table'
      ? 'select source, target from away'
      : `select l.source, l.target from syncline.link l join syncline.resource r on r.id = l.source
         where l.property = ${String(link.id)} and r.entity_type = ${String(type.id)} and r.key in (
           select key from ${stagedRows(input.staging, type.id)} union select key from ${frozenKeys(input.staging, type.id)})`;
  const found = await row<{ n: number }>(
    tx,
    `select count(*)::int as n from (${inHand} except (select source, target from wanted union all select source, target from gone)) each`,
  );
  return found?.n ?? 0;
}

/** Condition: the row of a link's source is staged, or the source goes. */
const inHand = (input: DiffInput, type: DiffType, source: string) =>
  `(exists (select from ${deleted(type.id)} d where d.id = ${source})
    or exists (select from ${stagedRows(input.staging, type.id)} s
      join syncline.resource r on r.entity_type = ${String(type.id)} and r.key = s.key where r.id = ${source}))`;

/** Refuses if a row in both exports leads to what gives up a value that links are matched by, or shares it. */
async function refuseMatches(
  tx: Queryable,
  input: DiffInput,
  link: DiffLink,
  { by, name, type }: { by: string; name: string; type: DiffType },
): Promise<void> {
  if (!input.types.some((each) => each.id === link.target)) return;
  const target = String(link.target);
  const value = (alias: string) => comparedBy(link, `${alias}.attributes ->> ?`);
  await refuseWhere(
    tx,
    `${name} is matched by a property that changes`,
    `select from ${updated(link.target)} u join syncline.link l on l.property = ${String(link.id)} and l.target = u.id
     where jsonb_exists(u.after, ?) and not ${inHand(input, type, 'l.source')}`,
    [by],
  );
  await refuseWhere(
    tx,
    `${name} is matched by a value that may occur twice`,
    `select from (
       select i.id, s.key, ${value('s')} as value from ${inserted(link.target)} i
         join ${stagedRows(input.staging, link.target)} s on s.key = i.key
       union all
       select u.id, s.key, ${value('s')} from ${updated(link.target)} u
         join ${stagedRows(input.staging, link.target)} s on s.key = u.key where jsonb_exists(u.after, ?)
     ) n join syncline.resource r on r.entity_type = ${target} and ${value('r')} = n.value and r.key <> n.key
       join syncline.link l on l.property = ${String(link.id)} and l.target = r.id
     where not ${inHand(input, type, 'l.source')}`,
    [by, by, by, by],
  );
}

/**
 * Refuses if a link of a row that is in both exports could change: its end is deleted, or another row is the same link.
 * Reads `gone`, `wanted` and `away`.
 */
export async function refuseLinks(tx: Queryable, input: DiffInput, link: DiffLink, type: DiffType): Promise<void> {
  const name = `${type.name}.${link.name}`;
  if (link.by !== null) await refuseMatches(tx, input, link, { by: link.by, name, type });
  if (link.from === 'column') {
    await refuseWhere(
      tx,
      `${name} has links to resources that are deleted`,
      `select from gone g where g.cascade and not ${inHand(input, type, 'g.source')}`,
    );
    return;
  }
  await refuseWhere(
    tx,
    `${name} has links whose source or target is deleted`,
    `select from gone g where g.cascade
       and not exists (select from away a where a.source = g.source and a.target = g.target)`,
  );
  await refuseWhere(
    tx,
    `${name} may have several rows for the same link`,
    `select from wanted w join syncline.link l
       on l.property = ${String(link.id)} and l.source = w.source and l.target = w.target
     where not exists (select from away a where a.source = w.source and a.target = w.target)`,
  );
  await refuseWhere(
    tx,
    `${name} has several rows for the same link`,
    `select from ${stagedLinks(input.staging, link.id)} group by source, target having count(*) > 1`,
  );
}
