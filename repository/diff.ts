import { finishParts, ofSync, writeChanges } from './change-parts.ts';
import { warnOfCycles } from './cycles.ts';
import { row, rows, type Queryable } from './database.ts';
import { deleted, type DiffInput, type LinkResult, type TypeResult } from './diff-input.ts';
import { cascadeLinks, diffLinks } from './diff-links.ts';
import { diffResources, leaveUntouched } from './diff-resources.ts';
import { foldDeltas } from './fold-deltas.ts';
import { leadsTo } from './link-targets.ts';
import { warnOfMovedTargets } from './moved-targets.ts';
import { createRefused, endFollowers } from './refusals/active.ts';
import { judgeGone, judgeMatches } from './refusals/judge.ts';
import { dropStaleRows } from './stale-deltas.ts';
import { resolveTombstones } from './resolve-tombstones.ts';
import { countLinks, countResources } from './stored.ts';

export interface DiffResult {
  types: Map<number, TypeResult & { stored: number; rejected: number; filtered?: number }>;
  links: Map<number, LinkResult & { stored: number }>;
  /** Rows of delta files that were left out, since what is stored is newer. */
  stale?: number;
}

/**
 * Writes the change set of a sync, set-based, against the repository itself. Runs in one repeatable-read transaction;
 * a repeat starts over. Resources come before links, so that link ends resolve against what will be stored.
 */
export async function computeDiff(tx: Queryable, input: DiffInput): Promise<DiffResult> {
  await forgetChanges(tx, input.sync);
  if (input.refusals) await createRefused(tx, input.sync);
  const types: DiffResult['types'] = new Map();
  const links: DiffResult['links'] = new Map();
  const stale = input.mode === 'incremental' ? await dropStaleRows(tx, input) : 0;
  for (const type of input.types) {
    const stored = await countResources(tx, type.id);
    const { nothingLeft } = input.mode === 'incremental' ? await resolveTombstones(tx, input, type) : nothing;
    const read = input.mode === 'incremental' ? await foldDeltas(tx, input, type) : { rejected: 0 };
    types.set(type.id, { ...(await diffResources(tx, input, type)), nothingLeft, stored, ...read });
  }
  if (input.refusals) await endFollowers(tx);
  const losing = await cascadesOf(tx, input);
  const ends = [
    ...input.links.flatMap((link) => [link.entityType, ...leadsTo(link).map(({ target }) => target)]),
    ...losing.flatMap((link) => [link.entityType, link.target]),
  ];
  for (const type of new Set(ends)) await leaveUntouched(tx, type);
  const byId = new Map(input.types.map((type) => [type.id, type]));
  for (const link of input.links) {
    const type = byId.get(link.entityType);
    if (!type) continue;
    for (const [id, found] of await diffLinks(tx, input, link, type))
      links.set(id, { ...found, stored: await countLinks(tx, id) });
  }
  for (const link of input.cascades) {
    const stored = await countLinks(tx, link.id);
    links.set(link.id, { ...(losing.includes(link) ? await cascadeLinks(tx, input, link) : untouched), stored });
  }
  await finishParts(tx, input.sync);
  await warnOfMovedTargets(tx, input);
  for (const link of input.links) {
    const type = byId.get(link.entityType);
    if (type)
      for (const { id, target } of leadsTo(link)) await warnOfCycles(tx, input.sync, { ...link, id, target }, type);
  }
  if (input.refusals) {
    await judgeMatches(tx, input.sync);
    await judgeGone(tx, input);
  }
  return { types, links, stale };
}

const nothing = { nothingLeft: false };
const untouched: LinkResult = {
  inserted: 0,
  updated: 0,
  deleted: 0,
  overtaken: 0,
  rejected: 0,
  withheld: 0,
  wanted: 0,
};

/**
 * Links that the sync does not read can only lose an end that it deletes. What is refused is judged for all of them, and delta files
 * look for what moved at the ends of all of them.
 */
async function cascadesOf(tx: Queryable, input: DiffInput): Promise<DiffInput['cascades']> {
  if (input.refusals || input.mode === 'incremental' || input.cascades.length === 0) return input.cascades;
  const going = new Set<number>();
  for (const { id } of input.types) if (await row(tx, `select from ${deleted(id)} limit 1`)) going.add(id);
  return input.cascades.filter(({ entityType, target }) => going.has(entityType) || going.has(target));
}

/** What an interrupted attempt wrote is gone with its transaction; this clears what a finished one did. */
export async function forgetChanges(tx: Queryable, sync: number): Promise<void> {
  await tx.raw(`delete from syncline.change where ${ofSync(sync)}`);
  await tx.raw(`delete from syncline.link_change where ${ofSync(sync)}`);
  for (const table of ['managed_change', 'refusal_finding'])
    await tx.raw(`delete from syncline.${table} where sync = ?`, [sync]);
}

export interface PurgeInput {
  sync: number;
  /** Retired entity types: their resources are deleted. */
  types: number[];
  /** Retired properties of types that stay: their values are removed. */
  properties: { type: number; names: string[] }[];
  /** Retired link properties, and those at the deleted types. */
  links: { id: number; entityType: number; target: number; retired: boolean }[];
}

/** The change set of a purge: everything that is retired is deleted. */
export async function diffPurge(tx: Queryable, input: PurgeInput): Promise<DiffResult> {
  await forgetChanges(tx, input.sync);
  const types: DiffResult['types'] = new Map();
  const links: DiffResult['links'] = new Map();
  const nothing = { inserted: 0, updated: 0, deleted: 0, withheld: 0, overtaken: 0, rejected: 0 };
  for (const type of input.types) {
    const stored = await countResources(tx, type);
    const deleted = await writeChanges(tx, {
      kind: 'change',
      sync: input.sync,
      expected: stored,
      columns: 'entity_type, operation, resource, key, before, before_hash, managed',
      select: `select entity_type, 'd', id, key, attributes, hash, managed from syncline.resource where entity_type = ${String(type)}`,
    });
    types.set(type, { ...nothing, stored, deleted });
  }
  for (const { type, names } of input.properties) {
    const stored = await countResources(tx, type);
    const updated = await writeChanges(
      tx,
      {
        kind: 'change',
        sync: input.sync,
        expected: stored,
        columns: 'entity_type, operation, resource, key, before, after, before_hash',
        select: `select entity_type, 'u', id, key, d.before, d.after, hash from syncline.resource r
          cross join lateral (select jsonb_object_agg(k, r.attributes -> k) as before, jsonb_object_agg(k, null) as after
            from unnest(?::text[]) k where r.attributes \\? k) d
          where entity_type = ${String(type)} and d.before is not null`,
      },
      [names],
    );
    types.set(type, { ...nothing, stored, updated });
  }
  for (const link of input.links) {
    const stored = await countLinks(tx, link.id);
    const deleted = await writeChanges(
      tx,
      {
        kind: 'link_change',
        sync: input.sync,
        expected: stored,
        columns: 'property, operation, source, target, source_key, target_key',
        select: `select property, 'd', source, target, s.key, t.key from syncline.link l
          join syncline.resource s on s.entity_type = ${String(link.entityType)} and s.id = l.source
          join syncline.resource t on t.entity_type = ${String(link.target)} and t.id = l.target
          where l.property = ${String(link.id)}
            ${link.retired ? '' : 'and (s.entity_type = any(?::int[]) or t.entity_type = any(?::int[]))'}`,
      },
      link.retired ? [] : [input.types, input.types],
    );
    links.set(link.id, { ...nothing, stored, deleted, wanted: 0 });
  }
  await finishParts(tx, input.sync);
  return { types, links };
}

/** Connectors whose resources or links this connector's syncs may touch or depend on, itself included, in name order. */
export function sharingConnectors(
  db: Queryable,
  connector: number,
): Promise<{ id: number; name: string; writes: number }[]> {
  return rows(
    db,
    `select id, name, writes from syncline.connector where id = ? or id in (
       select t.connector from syncline.link_property p join syncline.entity_type s on s.id = p.entity_type
         join syncline.entity_type t on t.id = p.target where s.connector = ?
       union
       select s.connector from syncline.link_property p join syncline.entity_type s on s.id = p.entity_type
         join syncline.entity_type t on t.id = p.target where t.connector = ?)
     order by name`,
    [connector, connector, connector],
  );
}
