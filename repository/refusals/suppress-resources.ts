import { writeChanges } from '../change-parts.ts';
import { row, touched, type Queryable } from '../database.ts';
import {
  deleted,
  inserted,
  isManagedOnly,
  operationsOf,
  scoped,
  suppressed,
  updated,
  type DiffInput,
  type DiffType,
} from '../diff-input.ts';
import { outcomeOf } from './active.ts';

/** Rows of a change set that are listed, but that the sync does not propose. */
export interface SuppressedRows {
  all: number;
  deletes: number;
}

/**
 * suppressed (operation, id, key, before, after, before_hash): the changes of a type that are equal to refused ones. Updates and
 * deletes are taken out of `updated` and `deleted`, so the resource stays as it is for everything that follows. Inserts stay in
 * `inserted`, and `left_out` has them: links to them are suppressed, not dangling.
 */
export async function suppressResources(
  tx: Queryable,
  input: DiffInput,
  type: DiffType,
  source: string,
): Promise<SuppressedRows> {
  if (!input.refusals) return { all: 0, deletes: 0 };
  const id = String(type.id);
  const table = suppressed(type.id);
  const equal = (operation: string, found: string) =>
    `from refused f join ${found} c on c.key = f.key
     where f.entity_type = ${id} and f.property is null and f.operation = '${operation}' and not f.ends`;
  await tx.raw(
    `create temp table ${table} (operation "char", id bigint, key text collate "C", before jsonb, after jsonb, before_hash bigint)
     on commit drop`,
  );
  const operations = operationsOf(input, type);
  if (operations.includes('insert'))
    await tx.raw(
      `insert into ${table}
       select 'i', c.id, c.key, null, c.attributes, null ${equal(
         'i',
         `(
           select i.id, s.key, s.attributes from ${source} s join ${inserted(type.id)} i on i.key = s.key
           where s.key in (select key from refused where entity_type = ${id} and property is null and operation = 'i')
         )`,
       )}
         and f.outcome = ${outcomeOf('c.attributes')}
         ${isManagedOnly(type) ? `and c.key in (select key from ${scoped(type.id)})` : ''}`,
    );
  if (operations.includes('update'))
    await tx.raw(
      `insert into ${table}
       select 'u', c.id, c.key, c.before, c.after, c.before_hash ${equal('u', updated(type.id))}
         and f.outcome = (select ${outcomeOf('r.attributes || c.after')} from syncline.resource r
           where r.entity_type = ${id} and r.id = c.id)`,
    );
  // a key that goes and comes in one change set is another resource: that was not refused
  if (operations.includes('delete'))
    await tx.raw(
      `insert into ${table}
       select 'd', r.id, r.key, r.attributes, null, r.hash
       from syncline.resource r where r.entity_type = ${id} and r.id in (
         select c.id ${equal('d', deleted(type.id))}
           and not exists (select from ${inserted(type.id)} i where i.key = c.key))`,
    );
  await tx.raw(`
    analyze ${table} (operation, id, key);
    delete from ${updated(type.id)} u using ${table} x where x.operation = 'u' and x.id = u.id;
    delete from ${deleted(type.id)} d using ${table} x where x.operation = 'd' and x.id = d.id;
    update refused f set ends = true where f.entity_type = ${id} and f.property is null and f.fresh and case f.operation
      when 'i' then f.key in (select key from ${inserted(type.id)}) and f.key not in (select key from ${table} where operation = 'i')
      when 'u' then f.key in (select key from ${updated(type.id)})
      else f.key in (select key from ${deleted(type.id)}) end`);
  const found = await row<SuppressedRows>(
    tx,
    `select count(*)::int as "all", count(*) filter (where operation = 'd')::int as deletes from ${table}`,
  );
  return found ?? { all: 0, deletes: 0 };
}

export async function writeSuppressed(
  tx: Queryable,
  input: DiffInput,
  type: DiffType,
  { all }: SuppressedRows,
): Promise<void> {
  if (all === 0) return;
  await writeChanges(tx, {
    kind: 'change',
    sync: input.sync,
    expected: all,
    columns: 'entity_type, operation, resource, key, before, after, before_hash, fate',
    select: `select ${String(type.id)}, operation, id, key, before, after, before_hash, 's'::"char"
      from ${suppressed(type.id)}`,
  });
}

/** Takes the deletes of a type out that are not derived, since the source did not prove that it was read to its end. */
export async function withholdResources(tx: Queryable, input: DiffInput, type: DiffType): Promise<number> {
  if (type.certified || input.mode === 'incremental') return 0;
  const table = deleted(type.id);
  const found = await row<{ n: number }>(tx, `select count(*)::int as n from ${table}`);
  const withheld = await writeWithheld(tx, input, type.id, found?.n ?? 0, `select id from ${table}`);
  await tx.raw(`truncate ${table}`);
  return withheld;
}

/** Lists deletes of resources that are withheld. @param ids SQL for the ids of the resources @returns how many */
export async function writeWithheld(
  tx: Queryable,
  input: DiffInput,
  type: number,
  expected: number,
  ids: string,
  bindings: readonly string[][] = [],
): Promise<number> {
  if (expected === 0) return 0;
  return writeChanges(
    tx,
    {
      kind: 'change',
      sync: input.sync,
      expected,
      columns: 'entity_type, operation, resource, key, before, before_hash, fate',
      select: `select ${String(type)}, 'd'::"char", r.id, r.key, r.attributes, r.hash, 'w'::"char"
        from syncline.resource r where r.entity_type = ${String(type)} and r.id in (${ids})`,
    },
    bindings,
  );
}

/** Of `update-expressions`, which has written its updates: those that are equal to refused ones. @returns how many */
export async function suppressUpdates(tx: Queryable, changes: string, type: number): Promise<number> {
  return touched(
    tx,
    `update syncline.change c set fate = 's' from refused f, syncline.resource r
     where ${changes} and c.entity_type = ? and c.operation = 'u' and c.fate is null
       and f.entity_type = c.entity_type and f.property is null and f.operation = 'u' and f.key = c.key
       and r.entity_type = c.entity_type and r.id = c.resource and f.outcome = ${outcomeOf('r.attributes || c.after')}`,
    [type],
  );
}
