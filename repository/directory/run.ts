import type { Rule } from '../../domain/directory/join-types.ts';
import { row, type Queryable } from '../database.ts';
import type { Staging } from '../staging.ts';

/** A rule with the numbers of the catalog. */
export interface MapRule extends Rule {
  /** Its place: rules are looked at in this order. */
  no: number;
  joinType: number;
  fromType: number;
  toType: number;
  /** The rules of `match`: properties of the directory and whether they are compared without regard to case. */
  match: { property: string; folds: boolean }[][];
  /** Properties of the directory that it gives values to. */
  properties: string[];
  /** Links of the directory that it gives. */
  links: MapLink[];
}

export interface MapLink {
  /** The navigation property of the directory: the row of the catalog by which its values are staged. */
  navigation: number;
  /** Rows of the catalog of the source's navigation property. */
  through: number[];
  /** Which end of those links the mapped resource is. */
  side: 'source' | 'target';
  /** The entity types of the directory that it leads to, in the order of the file. */
  targets: number[];
}

/** What the steps of one run have in common. Its tables are those of the staging, so they go with it. */
export interface MapRun {
  db: Queryable;
  staging: Staging;
  /** The directory's connector. */
  consumer: number;
  /** Of everything; else of what is due. */
  whole: boolean;
  rules: MapRule[];
}

const table = (what: string) => (run: Pick<MapRun, 'staging'>) =>
  `syncline_staging.s${String(run.staging.sync)}_${run.staging.attempt}_m_${what}`;

/** (entity_type, key, version): what was due when the run began. */
export const seenTable = table('seen');
/** What the mappings make of source resources, one row for each rule and resource; see the columns below. */
export const sourceTable = table('source');
/** What becomes of the joins of the sources that are looked at. */
export const joinTable = table('join');
/** (entity_type, property, value, loose, key): match values of what the run itself creates. */
export const createdTable = table('created');
/** (entity_type, key): resources of the directory that are computed again. */
export const touchedTable = table('touched');
/** (rule, priority, key, id, entity_type, directory): live joins of those. */
export const liveTable = table('live');
/** (join_type, key, entity_type, property, loose): match values of sources that are joined to nothing. */
export const valueTable = table('value');
/** (navigation, directory, target, rule, priority) */
export const linkTable = table('link');

export const sourceColumns = [
  'rule',
  'entity_type',
  'key',
  'id',
  'state',
  'attributes',
  'failed',
  'matches',
  'created_key',
  'due',
] as const;

const unattended = 'with (autovacuum_enabled = false)';

/** Makes the tables of the run, and notes what is due now: what changes later is due anew. */
export async function beginRun(run: MapRun): Promise<void> {
  const { db } = run;
  await db.raw(`
    create unlogged table ${sourceTable(run)} (
      rule integer not null, entity_type integer not null, key text collate "C" not null, id bigint,
      -- mapped, out, failed, or gone
      state text not null, attributes jsonb not null default '{}', failed text[] not null default '{}',
      matches jsonb not null default '[]', created_key text collate "C", due boolean not null
    ) ${unattended};
    create unlogged table ${joinTable(run)} (
      rule integer not null, join_type integer not null, key text collate "C" not null, id bigint,
      -- keep, open, join, new, end, none
      what text not null, directory text collate "C", was text collate "C", by text, code text, message text
    ) ${unattended};
    create unlogged table ${createdTable(run)} (
      entity_type integer not null, property text collate "C" not null, value text collate "C", loose text collate "C",
      key text collate "C" not null
    ) ${unattended};
    create unlogged table ${touchedTable(run)} (
      entity_type integer not null, key text collate "C" not null, primary key (entity_type, key)
    ) ${unattended};
    create unlogged table ${liveTable(run)} (
      rule integer not null, priority integer not null, key text collate "C" not null, id bigint, entity_type integer not null,
      directory text collate "C" not null
    ) ${unattended};
    create unlogged table ${valueTable(run)} (
      join_type integer not null, key text collate "C" not null, entity_type integer not null, property text collate "C" not null,
      loose text collate "C" not null
    ) ${unattended};
    create unlogged table ${linkTable(run)} (
      navigation integer not null, directory text collate "C" not null, target text collate "C" not null, rule integer not null,
      priority integer not null
    ) ${unattended};
    create unlogged table ${seenTable(run)} ${unattended} as
    select entity_type, key, version from syncline.due where consumer = ${String(run.consumer)}`);
  await db.raw(`analyze ${seenTable(run)}`);
}

/** Source resources that no longer exist have no row to be evaluated. */
export async function addGone(run: MapRun, rule: MapRule): Promise<void> {
  const gone = run.whole
    ? `select j.key from syncline.resource j where j.entity_type = ${String(rule.joinType)}
         and not exists (select from syncline.resource r where r.entity_type = ${String(rule.fromType)} and r.key = j.key)`
    : `select d.key from ${seenTable(run)} d where d.entity_type = ${String(rule.fromType)}
         and not exists (select from syncline.resource r where r.entity_type = ${String(rule.fromType)} and r.key = d.key)`;
  await run.db.raw(
    `insert into ${sourceTable(run)} (rule, entity_type, key, state, due)
     select ?, ?, g.key, 'gone', true from (${gone}) g`,
    [rule.no, rule.fromType],
  );
}

export interface SourceRow {
  id: string;
  key: string;
  attributes: Record<string, unknown>;
}

export const pageRows = 2_000;

/** A page of the sources of an entity type that are looked at, by key. */
export async function readSources(run: MapRun, fromType: number, after: string): Promise<SourceRow[]> {
  const limited = run.whole
    ? ''
    : `and exists (select from ${seenTable(run)} d where d.entity_type = ${String(fromType)} and d.key = r.key)`;
  const found = await row<{ rows: SourceRow[] | null }>(
    run.db,
    `select jsonb_agg(jsonb_build_object('id', id::text, 'key', key, 'attributes', attributes) order by key) as rows from (
       select id, key, attributes from syncline.resource r
       where entity_type = ${String(fromType)} and key > ? ${limited} order by key limit ${String(pageRows)}) page`,
    [after],
  );
  return found?.rows ?? [];
}

/** A page of live joins that were not looked at, but give values to what is computed again. */
export async function readOthers(run: MapRun, rule: MapRule, after: string): Promise<SourceRow[]> {
  const found = await row<{ rows: SourceRow[] | null }>(
    run.db,
    `select jsonb_agg(jsonb_build_object('id', id::text, 'key', key, 'attributes', attributes) order by key) as rows from (
       select r.id, r.key, r.attributes from ${liveTable(run)} l
         join syncline.resource r on r.entity_type = ${String(rule.fromType)} and r.id = l.id
       where l.rule = ${String(rule.no)} and r.key > ?
         and not exists (select from ${sourceTable(run)} s where s.rule = l.rule and s.key = r.key and s.due)
       order by r.key limit ${String(pageRows)}) page`,
    [after],
  );
  return found?.rows ?? [];
}
