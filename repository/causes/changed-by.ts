import { row, type Queryable } from '../database.ts';
import type { Explained } from './explained.ts';

/** The properties by whose change a cause explains updates; none if it explains updates whatever they change. */
export async function changedBy(db: Queryable, sync: number, cause: string): Promise<string[]> {
  const found = await row<{ terms: Explained[] | null }>(
    db,
    'select cause_rows -> ? as terms from syncline.sync where no = ?',
    [cause, sync],
  );
  const updates = (found?.terms ?? []).filter(({ kind, operation }) => kind === 'resource' && operation === 'u');
  const changed = updates.map(({ where }) => (where && 'changes' in where ? where.changes : undefined));
  return changed.includes(undefined) ? [] : [...new Set(changed.flatMap((each) => each ?? []))];
}
