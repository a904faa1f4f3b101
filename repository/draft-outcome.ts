import { amount } from '../domain/amount.ts';
import { SyncError } from '../domain/errors.ts';
import { ofSync } from './change-parts.ts';
import { touched, withoutLoops, type Queryable } from './database.ts';
import { leftOutRows } from './drafts/rows.ts';

/**
 * Gives the rows that a draft refuses or defers their fate, in the apply transaction, before the other rows are executed.
 * These rows then spare their neighbours as overtaken ones do.
 * @returns how many rows it left out
 * @throws SyncError `change-set-altered` if the change rows are not those of the draft
 */
export async function markLeftOut(tx: Queryable, sync: number, draft: number): Promise<number> {
  let marked = 0;
  for (const [kind, changes] of [
    ['resource', 'change'],
    ['link', 'link_change'],
  ] as const) {
    // a copy with statistics: the planner takes lists for ten rows each
    const left = await touched(
      tx,
      `create temp table left_out on commit drop as select seq, decision from ${leftOutRows(draft, kind)} each`,
    );
    await tx.raw('analyze left_out');
    const done = await withoutLoops(tx, () =>
      touched(
        tx,
        `update syncline.${changes} c set fate = l.decision from left_out l
         where ${ofSync(sync, 'c')} and c.seq = l.seq and c.fate is null`,
      ),
    );
    await tx.raw('drop table left_out');
    if (done !== left)
      throw new SyncError(
        'change-set-altered',
        `The draft leaves out ${amount(left, 'row')}, and the change set has ${String(done)} of them. Nothing was applied.`,
      );
    marked += done;
  }
  // the flag of a resource was read from the row that is not applied
  await tx.raw(
    `delete from syncline.managed_change m
     where m.sync = ? and (m.resource in (
       select c.resource from syncline.change c where ${ofSync(sync, 'c')} and c.fate in ('r', 'd') and c.operation = 'u')) is true`,
    [sync],
  );
  return marked;
}
