import { ofSync } from '../change-parts.ts';
import { cutOf, spanOf, storedSpans, type Cell, type StoredSpans } from '../changes/spans.ts';
import { rows, type Transaction } from '../database.ts';
import { isProposed } from '../fate.ts';

/** Proposed inserts or deletes of resources that have a value of one property. */
export interface CarriedProperty {
  /** Entity type. */
  scope: number;
  operation: 'i' | 'd';
  property: string;
  lines: number;
  spans: StoredSpans;
}

/**
 * Of more inserts or deletes of a type, nothing is counted: nearly each row has all properties, and the count would cost as
 * much as all the rest.
 */
const carriedAtMost = 20_000;

/** Counts by property the resources of a change set that come or go, one pass over those of types that have not too many. */
export async function countCarried(tx: Transaction, sync: number, cells: readonly Cell[]): Promise<CarriedProperty[]> {
  const counted = cells.filter(
    ({ kind, operation, proposed, lines }) =>
      kind === 'resource' && operation !== 'u' && proposed && lines <= carriedAtMost,
  );
  const cut = counted.length === 0 ? undefined : await cutOf(tx, sync, 'resource');
  if (!cut) return [];
  const found = await rows<Omit<CarriedProperty, 'spans'> & StoredSpans>(
    tx,
    `select scope, operation, property, sum(lines)::int as lines, ${storedSpans}
     from (
       select scope, operation, property, min(seq) as lo, max(seq) as hi, count(*)::int as lines
       from (
         select c.entity_type as scope, c.operation, c.seq, ${spanOf(cut)} as span, jsonb_object_keys(coalesce(c.after, c.before)) as property
         from syncline.change c
           join unnest(?::integer[], ?::"char"[]) as counted(scope, operation)
             on c.entity_type = counted.scope and c.operation = counted.operation
         where ${ofSync(sync, 'c')} and ${isProposed('c')}
       ) carried
       group by scope, operation, property, span
     ) span group by 1, 2, 3 order by 1, 2, 3`,
    [counted.map(({ scope }) => scope), counted.map(({ operation }) => operation)],
  );
  return found.map(({ lo, hi, n, ...each }) => ({ ...each, spans: { lo, hi, n } }));
}
