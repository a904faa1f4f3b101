import { z } from 'zod';
import { textFaults } from '../domain/text-faults.ts';
import { invalid } from './problems.ts';

export const pageQuery = {
  limit: z.coerce.number('limit must be a number from 1 to 500').int().min(1).max(500).default(50),
  cursor: z.string().max(16_000).optional(),
};

export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

/** A place in a list, opaque to callers: the values of the sort columns of the last item. */
export function writeCursor(position: unknown): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** A place that is a number of a row. */
export const rowNumber = z.int().min(0);

/** @throws Problem if the cursor does not belong to this list */
export function readCursor<Position>(cursor: string | undefined, schema: z.ZodType<Position>): Position | undefined {
  if (cursor === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    value = undefined;
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success || textFaults(value).length > 0)
    throw invalid('/cursor', 'The cursor does not belong to this list: send nextCursor as you got it.');
  return parsed.data;
}

/** A page is read with one row more than its limit: the extra row shows that there is another page. */
export function toPage<Row, Item>(
  found: Row[],
  limit: number,
  position: (last: Row) => unknown,
  toItem: (row: Row) => Item,
): Page<Item> {
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(toItem),
    nextCursor: found.length > limit && last !== undefined ? writeCursor(position(last)) : null,
  };
}
