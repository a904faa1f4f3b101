import type { Knex } from 'knex';
import { rows, type Database, type Transaction } from './database.ts';

/** Reads several statements as of one moment: changes that are applied meanwhile are in none of them. */
export function inSnapshot<Result>(db: Database, read: (tx: Transaction) => Promise<Result>): Promise<Result> {
  return db.transaction(read, { isolationLevel: 'repeatable read', readOnly: true });
}

/**
 * Rows of one statement, so many at a time, as of its beginning: memory does not grow with their number. Postgres finds the
 * next part while the caller works on one.
 */
export async function* rowsInParts<Row>(
  tx: Transaction,
  sql: string,
  bindings: readonly Knex.RawBinding[],
  part = 250,
): AsyncGenerator<Row[]> {
  await tx.raw(`declare parts no scroll cursor for ${sql}`, bindings);
  const fetchPart = () => {
    const found = rows<Row>(tx, `fetch ${String(part)} from parts`);
    // it may fail while the caller is still at work: then whoever waits for it is told
    found.catch(() => undefined);
    return found;
  };
  let next = fetchPart();
  try {
    for (;;) {
      const found = await next;
      if (found.length === part) next = fetchPart();
      if (found.length > 0) yield found;
      if (found.length < part) break;
    }
  } finally {
    // nothing of it runs any longer when the transaction goes on
    await next.catch(() => undefined);
  }
  await tx.raw('close parts');
}
