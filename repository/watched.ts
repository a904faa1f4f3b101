import { own } from '../domain/chosen-names.ts';
import type { EntityTypeFile } from '../domain/connector-file.ts';
import { keyText } from '../domain/key.ts';
import { keyPartAsStored } from '../domain/match-value.ts';
import { findEntityType, type EntityTypeRow, type LinkPropertyRow } from './catalog.ts';
import { ofSync } from './change-parts.ts';
import { row, type Queryable } from './database.ts';

/** What is watched of a property; values in the form in which they are stored. */
export interface WatchedValues {
  property: string;
  multiValued: boolean;
  to: string[];
  /** Only resources that had one of these before. */
  from?: string[];
}

/** What a watch of the connector file watches, with its values in the form in which they are stored. */
export function watchedValues(
  { property, to, from }: { property: string; to: readonly unknown[]; from?: readonly unknown[] | undefined },
  properties: EntityTypeFile['properties'],
): WatchedValues {
  const today = new Date();
  const read = own(properties, property);
  const asStored = (values: readonly unknown[]) =>
    values.map((value) => (read ? keyPartAsStored(read, String(value), today) : String(value)));
  return {
    property,
    multiValued: read?.multiValued ?? false,
    to: asStored(to),
    ...(from === undefined ? {} : { from: asStored(from) }),
  };
}

type Target = Pick<EntityTypeRow, 'keyProperties' | 'properties'>;

/** The entity types to which a navigation property leads; of a retired one, the first of those that it led to. */
export async function watchedTargets(db: Queryable, properties: readonly LinkPropertyRow[]): Promise<Target[]> {
  const used = properties.filter(({ retired }) => !retired);
  const targets: Target[] = [];
  for (const { targetName } of used.length > 0 ? used : properties.slice(0, 1))
    targets.push(...[(await findEntityType(db, targetName)) ?? []].flat());
  return targets;
}

/** The texts of the watched keys, in the form in which each of the entity types stores them. */
export function watchedKeys(to: readonly (string | readonly string[])[], targets: readonly Target[]): string[] {
  const today = new Date();
  const keys = targets.flatMap(({ keyProperties, properties }) =>
    to.map((key) =>
      keyText(
        (typeof key === 'string' ? [key] : key).map((part, i) => {
          const property = properties.find(({ name }) => name === keyProperties[i]);
          return property ? keyPartAsStored(property, part, today) : part;
        }),
      ),
    ),
  );
  return [...new Set(keys)];
}

/**
 * How many resources of an entity type take a watched value with the proposed changes of a sync: updates to one of `to` from
 * none of them, and inserts with one. Of a multi-valued property, a value that comes counts. One pass over the change rows
 * of the type for all watches.
 * @returns a count for each watch
 */
export async function countWatchedValues(
  tx: Queryable,
  sync: number,
  entityType: number,
  watches: readonly WatchedValues[],
): Promise<number[]> {
  const conditions = watches.map(watchedValueCondition);
  const counts = conditions.map(([sql], i) => `count(*) filter (where ${sql})::int as w${String(i)}`);
  const found = await row<Record<string, number>>(
    tx,
    `select ${counts.join(', ')} from syncline.change c
     where ${ofSync(sync, 'c')} and c.fate is null and c.entity_type = ? and c.operation in ('i', 'u')`,
    [...conditions.flatMap(([, bindings]) => bindings), entityType],
  );
  return watches.map((_, i) => found?.[`w${String(i)}`] ?? 0);
}

/** The condition of the inserts and updates `c` that a watch of a property counts. */
export function watchedValueCondition({
  property,
  multiValued,
  to,
  from,
}: WatchedValues): [sql: string, bindings: (string | string[])[]] {
  const [comes, comesWith]: [string, (string | string[])[]] = multiValued
    ? [
        `exists (select from ${elements('after')} a where a = any(?)
           and not exists (select from ${elements('before')} b where b = a))`,
        [property, property, to, property, property],
      ]
    : [
        `c.after ->> ?::text = any(?) and not coalesce(c.before ->> ?::text = any(?), false)`,
        [property, to, property, to],
      ];
  if (from === undefined) return [comes, comesWith];
  return multiValued
    ? [
        `${comes} and exists (select from ${elements('before')} b where b = any(?))`,
        [...comesWith, property, property, from],
      ]
    : [`${comes} and c.before ->> ?::text = any(?)`, [...comesWith, property, from]];
}

/** The values of a multi-valued property. A property that had one value before has none of them. */
const elements = (side: 'before' | 'after') =>
  `jsonb_array_elements_text(case jsonb_typeof(c.${side} -> ?::text) when 'array' then c.${side} -> ?::text else '[]' end)`;

/** The condition of the link changes `c` that a watch of links counts; binds the texts of the watched keys twice. */
export const watchedLinkCondition = 'coalesce(c.target_key = any(?) or c.before_target_key = any(?), false)';

/**
 * How many links of the given link properties come to or go from watched targets with the proposed changes of a sync,
 * whoever owns the links. A move counts once, whether it comes or goes.
 * @param watches key texts of targets
 * @returns a count for each watch
 */
export async function countWatchedLinks(
  tx: Queryable,
  sync: number,
  properties: readonly number[],
  watches: readonly string[][],
): Promise<number[]> {
  const counts = watches.map((_, i) => `count(*) filter (where ${watchedLinkCondition})::int as w${String(i)}`);
  const found = await row<Record<string, number>>(
    tx,
    `select ${counts.join(', ')} from syncline.link_change c
     where ${ofSync(sync, 'c')} and c.fate is null and c.property = any(?)`,
    [...watches.flatMap((keys) => [keys, keys]), [...properties]],
  );
  return watches.map((_, i) => found?.[`w${String(i)}`] ?? 0);
}
