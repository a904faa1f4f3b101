import { row, rows } from '../database.ts';
import type { CauseInput, Search } from './detector.ts';
import {
  explainedConditions,
  explainedLinks,
  explainedResources,
  isFollowed,
  type Explained,
  type ExplainedCondition,
  type ExplainedLinks,
  type ExplainedResources,
} from './explained.ts';
import { lostWith } from './lost-links.ts';
import { proposed } from './proposed.ts';

/** The proposed changes that terms explain. */
export interface ExplainedCount {
  lines: number;
  /** Ids of the first ones, where counting has met them. */
  first?: string[];
}

const shown = 3;

/**
 * How many proposed changes the terms explain. What is all of one kind is known from the counters. The resources that links
 * follow are found once, unless they are all that go.
 */
export async function countExplained(search: Search, terms: readonly Explained[]): Promise<ExplainedCount> {
  const resources = terms.filter((term) => term.kind === 'resource');
  const links = terms.filter((term) => term.kind === 'link');
  const followed = linkChanges(search) > 0 ? resources.filter(isFollowed) : [];
  if (followed.length === 0)
    return { lines: (await countResources(search, resources)) + (await countLinks(search, links)) };
  if (followed.every(({ operation, where }) => operation === 'd' && !where)) {
    return { lines: (await countResources(search, resources)) + (await countWithTypes(search, followed, links)) };
  }
  const others = resources.filter((term) => !followed.includes(term));
  const { lines, first } = await countFollowed(search, followed, links);
  if (others.length === 0 && first.length === shown) return { lines, first };
  return { lines: lines + (await countResources(search, others)) };
}

/** Ids of the first three changes that the terms explain, resources before links. */
export async function examplesOf({ tx, sync }: Search, terms: readonly Explained[]): Promise<string[]> {
  const { resource, link } = explainedConditions(sync, terms);
  const ids: string[] = [];
  for (const [table, letter, condition] of [
    ['change', 'r', resource],
    ['link_change', 'l', link],
  ] as const) {
    if (!condition || ids.length >= shown) continue;
    const found = await rows<{ seq: number }>(
      tx,
      `select c.seq from syncline.${table} c where ${proposed(sync, 'c')} and ${condition.sql} order by c.seq limit ?`,
      [...condition.bindings, shown - ids.length],
    );
    ids.push(...found.map(({ seq }) => `${letter}${String(seq)}`));
  }
  return ids;
}

const counterOf = { i: 'inserted', u: 'updated', d: 'deleted' } as const;

const linkChanges = ({ subjects, changes }: CauseInput) =>
  changes - subjects.reduce((sum, { inserted, updated, deleted }) => sum + inserted + updated + deleted, 0);

async function countResources(search: Search, terms: readonly ExplainedResources[]): Promise<number> {
  const places = new Set(terms.map(({ type, operation }) => `${String(type)} ${operation}`));
  // terms about the same rows are counted together
  if (places.size < terms.length) return countRows(search, 'change', explainedResources(search.sync, terms));
  let lines = 0;
  for (const term of terms) {
    const subject = search.subjects.find(({ id }) => id === term.type);
    if (!term.where && subject) lines += subject[counterOf[term.operation]];
    else lines += await countRows(search, 'change', explainedResources(search.sync, [term]));
  }
  return lines;
}

async function countLinks(search: Search, terms: readonly ExplainedLinks[]): Promise<number> {
  const all = search.subjects.flatMap((type) => type.links);
  if (terms.every(({ where }) => !where)) {
    const known = terms.map((term) => all.find(({ id }) => id === term.property)?.[counterOf[term.operation]]);
    if (known.every((n) => n !== undefined)) return known.reduce((sum, n) => sum + n, 0);
  }
  return countRows(search, 'link_change', explainedLinks(search.sync, terms));
}

/** The links that go with all resources that go of the types, or that `links` explain. */
async function countWithTypes(
  search: Search,
  followed: readonly ExplainedResources[],
  links: readonly ExplainedLinks[],
): Promise<number> {
  const types = followed.map(({ type }) => type);
  if (links.length === 0) return lostWith(search, types);
  const gone = await search.gone();
  return countRows(search, 'link_change', followingOf(search, types.map(gone.ids).join(' union all '), links));
}

/** The resources that the terms explain, and the links that come or go with one of them or that `links` explain. */
async function countFollowed(
  search: Search,
  terms: readonly ExplainedResources[],
  links: readonly ExplainedLinks[],
): Promise<Required<ExplainedCount>> {
  const { tx, sync } = search;
  const ids = 'select resource from explained';
  const following = followingOf(search, ids, links);
  // links only go with what goes
  const lost =
    links.length === 0 && terms.every(({ operation }) => operation === 'd') ? await search.lostLinks() : undefined;
  const condition = explainedResources(sync, terms, lost);
  const followers = lost
    ? `select sum(lines) from ${lost.ends} c where c.source in (${ids}) or c.target in (${ids})`
    : `select count(*) from syncline.link_change c where ${proposed(sync, 'c')} and ${following.sql}`;
  const found = await row<{ lines: number; first: number[] | null }>(
    tx,
    `with explained as materialized (
       select c.seq, c.resource from syncline.change c where ${proposed(sync, 'c')} and ${condition?.sql ?? 'false'}
     )
     select (select count(*) from explained)::int
         + coalesce((${followers}), 0)::int as lines,
       array(select seq::float8 from explained order by seq limit ${String(shown)}) as first`,
    [...(condition?.bindings ?? []), ...following.bindings],
  );
  return { lines: found?.lines ?? 0, first: (found?.first ?? []).map((seq) => `r${String(seq)}`) };
}

/** Links that come or go with one of the resources, or that one of the terms explains. @param ids a subquery */
function followingOf({ sync }: Search, ids: string, terms: readonly ExplainedLinks[]): ExplainedCondition {
  const own = explainedLinks(sync, terms);
  return {
    sql: `((c.operation <> 'u' and (c.source in (${ids}) or c.target in (${ids}))) ${own ? `or ${own.sql}` : ''})`,
    bindings: own?.bindings ?? [],
  };
}

async function countRows(
  { tx, sync }: Search,
  table: 'change' | 'link_change',
  condition: ExplainedCondition | undefined,
): Promise<number> {
  if (!condition) return 0;
  const found = await row<{ n: number }>(
    tx,
    `select count(*)::int as n from syncline.${table} c where ${proposed(sync, 'c')} and ${condition.sql}`,
    condition.bindings,
  );
  return found?.n ?? 0;
}
