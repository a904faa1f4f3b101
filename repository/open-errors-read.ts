import { isManagedOnly, scoped, type DiffInput, type DiffType } from './diff-input.ts';
import type { Transaction } from './database.ts';
import { keyTextSql } from './resolve-rows.ts';
import { referenceGiven, stagedRows } from './staging.ts';

/**
 * Notes which open errors are about objects that an incremental sync has read, while its rows are staged. An error is
 * noted if its key is in the rows (with a value for its property, if it has one), or if its resource is deleted. A
 * delta of a link table does not repeat links that were refused before. So errors of such links wait for a sync that
 * reads the whole object.
 */
export async function noteRead(tx: Transaction, input: DiffInput): Promise<void> {
  await tx.raw('delete from syncline.open_error_read where sync = ?', [input.sync]);
  for (const type of input.types) await noteReadOf(tx, input, type);
}

async function noteReadOf(tx: Transaction, input: DiffInput, type: DiffType): Promise<void> {
  const own = input.links.filter((link) => link.entityType === type.id);
  const tables = own.filter(({ from }) => from === 'table').map(({ name }) => name);
  const given = own
    .filter(({ from }) => from === 'column')
    .map(({ id, name }) => [`when ? then s.${referenceGiven(id)}`, name] as const);
  const ofProperty =
    given.length === 0
      ? 's.attributes \\? e.property'
      : `case e.property ${given.map(([sql]) => sql).join(' ')} else s.attributes \\? e.property end`;
  const limited = type.scopeKeys ? 'and s.key = any(?)' : '';
  const managed = isManagedOnly(type) ? `and s.key in (select key from ${scoped(type.id)})` : '';
  await tx.raw(
    `insert into syncline.open_error_read (sync, error)
     select ?, e.id from syncline.open_error e
     where e.connector = (select connector from syncline.sync where no = ?) and e.entity_type = ? and e.key is not null
       and exists (
         select from ${stagedRows(input.staging, type.id)} s
         where s.command <> 'withheld' and s.key = ${keyTextSql('e.key', type.keyCount)} ${limited} ${managed} and case
           when s.command = 'delete' or e.property is null then true
           when e.property = any(?) then false
           else ${ofProperty} end)`,
    [
      input.sync,
      input.sync,
      type.name,
      ...(type.scopeKeys ? [type.scopeKeys] : []),
      tables,
      ...given.map(([, name]) => name),
    ],
  );
}
