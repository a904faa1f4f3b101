import type { LinkPropertyRow } from './catalog.ts';
import { rows, type Queryable } from './database.ts';
import { linksOf } from './link-partition.ts';

/**
 * The links around one resource. Each step is one statement over the links of all resources that the step before has found; a
 * resource with a million links costs as much as one with two hundred, because only so many are looked at.
 */

/** At most so many resources, the first one included. */
export const mostNodes = 200;
/** At most so many links between them. */
export const mostEdges = 1_000;

interface Place {
  id: number;
  /** Entity type. */
  type: number;
}

export interface GraphNode extends Place {
  /** Links to go from the first resource: 0 for itself. */
  distance: number;
  key: string;
  attributes: Record<string, unknown>;
}

export interface GraphEdge {
  property: number;
  source: number;
  target: number;
}

export interface Graph {
  nodes: GraphNode[];
  edges: GraphEdge[];
  /** Whether resources or links were left out. */
  more: boolean;
}

/** Reads in a snapshot, so that all statements see the same links. @param links all link properties that there are */
export async function graphAround(
  tx: Queryable,
  start: Place,
  depth: 1 | 2,
  links: readonly LinkPropertyRow[],
  most = { nodes: mostNodes, edges: mostEdges },
): Promise<Graph> {
  const places = [{ ...start, distance: 0 }];
  let more = false;
  for (let distance = 1; distance <= depth; distance++) {
    const reached = places.filter((place) => place.distance === distance - 1);
    const room = most.nodes - places.length;
    const known = places.map(({ id }) => id);
    const found = await neighbours(tx, reached, known, links, room + 1);
    more ||= found.length > room;
    places.push(...found.slice(0, room).map((place) => ({ ...place, distance })));
  }
  const edges = await edgesBetween(tx, places, depth, links, most.edges + 1);
  more ||= edges.length > most.edges;
  return { nodes: await withContent(tx, places), edges: edges.slice(0, most.edges), more };
}

/** The ends of a link as columns: a step goes from one to the other. */
const directions = [
  { from: 'source', to: 'target' },
  { from: 'target', to: 'source' },
] as const;

/**
 * Resources that are one link away and not known yet. The first ones of each link property come first, so that one with very many
 * links does not hide the others.
 */
async function neighbours(
  tx: Queryable,
  reached: readonly Place[],
  known: readonly number[],
  links: readonly LinkPropertyRow[],
  limit: number,
): Promise<Place[]> {
  const parts: string[] = [];
  const bindings: (number | number[])[] = [];
  for (const link of links)
    for (const { from, to } of directions) {
      const [own, other] = from === 'source' ? [link.entityType, link.target] : [link.target, link.entityType];
      const ids = reached.filter(({ type }) => type === own).map(({ id }) => id);
      if (ids.length === 0) continue;
      parts.push(`select l.id, ${String(other)} as type, l.n from unnest(?::bigint[]) f(id) cross join lateral (
          select ${to} as id, row_number() over (order by ${to}) as n from ${linksOf(link.id)} l
          where ${from} = f.id and ${to} <> all(?::bigint[]) order by ${to} limit ?) l`);
      bindings.push(ids, [...known], limit);
    }
  if (parts.length === 0) return [];
  return rows(
    tx,
    `select id, type from (${parts.join(' union all ')}) found group by id, type order by min(n), type, id limit ?`,
    [...bindings, limit],
  );
}

/**
 * Links that lead from or to a resource whose links were followed, both ends among those found. Each pair of ends is looked up, so
 * that the other links of a resource cost nothing. The first link of each resource comes first: where links are left out, no
 * resource stands alone.
 */
async function edgesBetween(
  tx: Queryable,
  places: readonly (Place & { distance: number })[],
  depth: number,
  links: readonly LinkPropertyRow[],
  limit: number,
): Promise<GraphEdge[]> {
  const types = new Set(places.map(({ type }) => type));
  const between = links.filter(({ entityType, target }) => types.has(entityType) && types.has(target));
  if (between.length === 0) return [];
  const parts = between.map(
    ({ id }) => `select l.property, l.source, l.target, s.distance as near, t.distance as far
      from place s join place t on least(s.distance, t.distance) < ? cross join lateral (
        select * from ${linksOf(id)} l where l.source = s.id and l.target = t.id limit 1) l
      where s.type = ? and t.type = ?`,
  );
  return rows(
    tx,
    `with place as materialized (
       select * from unnest(?::bigint[], ?::int[], ?::int[]) p(id, type, distance)
     ), edge as (
       select property, source, target, row_number() over (
         partition by case when near > far then source else target end
         order by least(near, far), property, source, target) as n
       from (${parts.join(' union all ')}) e
     )
     select property, source, target from edge order by n, property, source, target limit ?`,
    [
      places.map(({ id }) => id),
      places.map(({ type }) => type),
      places.map(({ distance }) => distance),
      ...between.flatMap(({ entityType, target }) => [depth, entityType, target]),
      limit,
    ],
  );
}

async function withContent<Found extends Place>(
  tx: Queryable,
  places: readonly Found[],
): Promise<(Found & Pick<GraphNode, 'key' | 'attributes'>)[]> {
  const found = await rows<{ id: number; key: string; attributes: Record<string, unknown> }>(
    tx,
    'select id, key, attributes from syncline.resource where entity_type = any(?::int[]) and id = any(?::bigint[])',
    [[...new Set(places.map(({ type }) => type))], places.map(({ id }) => id)],
  );
  const byId = new Map(found.map((each) => [each.id, each]));
  return places.flatMap((place) => {
    const content = byId.get(place.id);
    return content ? [{ ...place, key: content.key, attributes: content.attributes }] : [];
  });
}
