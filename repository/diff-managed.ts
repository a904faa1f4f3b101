import { ofSyncs } from './change-parts.ts';
import type { DiffInput, DiffType } from './diff-input.ts';
import {
  folded,
  inserted,
  isManagedOnly,
  isRecreated,
  leavesOut,
  leftOut,
  operationsOf,
  scoped,
  suppressed,
} from './diff-input.ts';
import { row, rows, touched, type Queryable } from './database.ts';
import { keyArraySql } from './resolve-rows.ts';

/** Rows judged at a time. */
const batch = 5_000;

/**
 * Asks the rule about the rows of delta files, which are whole only now that they are folded into what is stored. Costs in
 * proportion to the rows of the delta files.
 */
export async function judgeFolded(tx: Queryable, input: DiffInput, type: DiffType): Promise<void> {
  await tx.raw(`alter table ${folded(type.id)} add column managed boolean`);
  if (type.managed?.by !== 'rule') return;
  const { rule } = type.managed;
  for (let after = ''; ;) {
    const found = await rows<{ key: string; attributes: Record<string, unknown> }>(
      tx,
      `select key, attributes from ${folded(type.id)} where key > ? collate "C" order by key limit ${String(batch)}`,
      [after],
    );
    const verdicts = found.map(({ key, attributes }) => ({ key, ...rule(attributes) }));
    await tx.raw(
      `update ${folded(type.id)} f set managed = v.managed
       from unnest(?::text[], ?::boolean[]) v(key, managed) where v.key = f.key`,
      [verdicts.map(({ key }) => key), verdicts.map(({ managed }) => managed)],
    );
    for (const { key, fault } of verdicts)
      if (fault !== undefined)
        await tx.raw(
          `insert into syncline.sync_error (sync, entity_type, source_table, line, position, key, code, message, effect)
           select ?, ?, source, line, position, ${keyArraySql('f.key', type.keyCount)}, 'managed-rule', ?, 'warning'
           from ${folded(type.id)} f where key = ?`,
          [input.sync, type.name, fault, key],
        );
    if (found.length < batch) return;
    after = found.at(-1)?.key ?? '';
  }
}

/**
 * scoped: keys of what is compared where only managed resources are: those that are stored as managed, and those that the
 * source now has as managed. So a resource that becomes or ceases to be managed is compared once more.
 */
export async function limitToManaged(tx: Queryable, type: DiffType, source: string): Promise<void> {
  const id = String(type.id);
  const wanted =
    type.managed?.by === 'rule'
      ? `select key from ${source} where managed`
      : `select key from syncline.managed_choice where entity_type = ${id} and managed
           and key in (select key from ${inserted(type.id)})`;
  const managed = `select key from syncline.resource where entity_type = ${id} and managed union ${wanted}`;
  await tx.raw(
    type.scopeKeys
      ? `delete from ${scoped(type.id)} s where not exists (select from (${managed}) m where m.key = s.key)`
      : `create temp table ${scoped(type.id)} on commit drop as ${managed}`,
  );
  await tx.raw(`analyze ${scoped(type.id)}`);
}

/**
 * left_out (id, key, suppressed): new resources that the sync does not insert, and whether only since they were refused.
 * @returns what `inserted i` is limited to because of them
 */
export async function createLeftOut(tx: Queryable, input: DiffInput, type: DiffType): Promise<string> {
  if (!leavesOut(input, type.id)) return '';
  const inserts = operationsOf(input, type).includes('insert');
  const refused = input.refusals
    ? `exists (select from ${suppressed(type.id)} x where x.operation = 'i' and x.id = i.id)`
    : 'false';
  const unmanaged = isManagedOnly(type)
    ? `not exists (select from ${scoped(type.id)} k where k.key = i.key)`
    : String(!inserts);
  await tx.raw(
    `create temp table ${leftOut(type.id)} on commit drop as
     select id, key, ${refused} as suppressed from ${inserted(type.id)} i
     where ${inserts ? `${unmanaged} or ${refused}` : 'true'};
     analyze ${leftOut(type.id)}`,
  );
  return `and not exists (select from ${leftOut(type.id)} l where l.id = i.id)`;
}

/**
 * Writes the flags that the rule gives otherwise than they are stored. They are no changes of the change set: nobody's access
 * depends on them. Where the sync leaves existing resources alone it leaves their flags alone.
 */
export async function writeFlags(
  tx: Queryable,
  input: DiffInput,
  type: DiffType,
  source: string,
  limited: string,
  left: string,
): Promise<{ managed: number; unmanaged: number }> {
  const flags = { managed: 0, unmanaged: 0 };
  if (type.managed?.by !== 'rule') return flags;
  const operations = operationsOf(input, type);
  const [sync, id] = [String(input.sync), String(type.id)];
  const into = 'insert into syncline.managed_change (sync, entity_type, resource, managed, before_hash)';
  if (operations.includes('insert'))
    await touched(
      tx,
      `${into} select ${sync}, ${id}, i.id, false, null
       from ${inserted(type.id)} i join ${source} s on s.key = i.key where not s.managed ${left}`,
    );
  if (!operations.includes('update')) return flags;
  // what was refused says nothing of the resource that stays
  const refused = input.refusals ? `and not exists (select from ${suppressed(type.id)} x where x.id = r.id)` : '';
  await touched(
    tx,
    `${into} select ${sync}, ${id}, r.id, s.managed, r.hash
     from ${source} s join syncline.resource r on r.entity_type = ${id} and r.key = s.key
     where r.managed <> s.managed and not ${isRecreated(input, 's')} ${limited} ${refused} and not exists (
       select from syncline.change c
       where ${ofSyncs(input.laterSyncs, 'c')} and c.entity_type = ${id} and c.key = r.key and c.fate is null)`,
  );
  const found = await row<{ managed: number; unmanaged: number }>(
    tx,
    `select count(*) filter (where managed)::int as managed, count(*) filter (where not managed)::int as unmanaged
     from syncline.managed_change where sync = ? and entity_type = ? and before_hash is not null`,
    [input.sync, type.id],
  );
  return found ?? flags;
}
