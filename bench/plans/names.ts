import { query } from '../postgres.ts';
import { nodesOf, type PlanNode } from './plan.ts';

/** Puts names in place of numbers that differ from database to database, so that two runs can be compared. */
export type Namer = (text: string) => string;

/** Names of the entity types and link properties that are there now. */
export async function readNames(databaseUrl: string): Promise<Namer> {
  const [types, properties] = await query(databaseUrl, async (client) => {
    const found = async (sql: string) =>
      new Map((await client.query<{ id: number; name: string }>(sql)).rows.map(({ id, name }) => [String(id), name]));
    return [
      await found(`select id, regexp_replace(name, '^[^_]*_', '') as name from syncline.entity_type`),
      await found(`select id, name from syncline.link_property`),
    ] as const;
  });
  const type = (id: string) => types.get(id) ?? 'T';
  const property = (id: string) => properties.get(id) ?? 'P';
  const ofLinks = new Set(['l', 'g', 'x']);
  return (text) =>
    text
      .replaceAll(
        /\bs\d+_[0-9a-f]{8}_([a-z])(\d+)/g,
        (_all, kind: string, id: string) => `staged_${kind}_${ofLinks.has(kind) ? property(id) : type(id)}`,
      )
      .replaceAll(
        /\b(resource|inserted|updated|deleted|folded|removed|scoped)_(\d+)/g,
        (_all, what: string, id: string) => `${what}_${type(id)}`,
      )
      .replaceAll(/\blink_(\d+)/g, (_all, id: string) => `link_${property(id)}`)
      .replaceAll(/\b(link_change|change)_(own|shared)_\d+/g, '$1_$2')
      .replaceAll(/\bpart in \([-\d, ]+\)/g, 'part in (…)')
      .replaceAll(/\bsync in \([\d, ]+\)/g, 'sync in (…)')
      .replaceAll(/\bpart = ANY \('\{[-\d,]+\}'::bigint\[\]\)/g, 'part = ANY (…)')
      .replaceAll(/\bentity_type = '?(\d+)'?/g, (_all, id: string) => `entity_type = ${type(id)}`)
      .replaceAll(/\bproperty = '?(\d+)'?/g, (_all, id: string) => `property = ${property(id)}`)
      .replaceAll(/\br(\d+)\b/g, (all, id: string) => (properties.has(id) ? `r_${property(id)}` : all))
      .replaceAll(/\b(sync|no) (=|>|<) '?\d+'?/g, '$1 $2 N')
      .replaceAll(/\bpg_temp_\d+/g, 'pg_temp')
      .replaceAll(/'[0-9a-f]{8}-[0-9a-f-]{27}'/g, "'<id>'");
}

/** A plan with every text in it renamed. */
export function renamed(plan: PlanNode, namer: Namer): PlanNode {
  const copy = structuredClone(plan);
  for (const node of nodesOf(copy))
    for (const [name, value] of Object.entries(node))
      if (typeof value === 'string') Object.assign(node, { [name]: namer(value) });
      else if (Array.isArray(value) && value.every((each) => typeof each === 'string'))
        Object.assign(node, { [name]: value.map((each) => namer(each)) });
  return copy;
}
