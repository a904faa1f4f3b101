import { seenTable } from '../directory/run.ts';
import { row, type Queryable } from '../database.ts';
import { referenceColumn, stagedRows, type Staging } from '../staging.ts';

/** A profile type with the numbers of the catalog. */
export interface ProfileType {
  id: number;
  /** The entity type of the directory. */
  from: number;
  /** The members of groups. */
  members?: {
    /** The navigation property of the profile type. */
    property: number;
    /** The directory's navigation properties that lead to members. */
    through: number[];
    /** The profile type of members. */
    of: { id: number; from: number };
  };
}

/** What the steps of one run have in common. Its tables are those of the staging, so they go with it. */
export interface ProfileRun {
  db: Queryable;
  staging: Staging;
  /** The connector that keeps the profiles. */
  consumer: number;
  /** Of everything; else of what is due. */
  whole: boolean;
  profiles: ProfileType[];
}

/** (profile_type, key): what is computed, unless everything is. */
const touchedTable = ({ staging }: ProfileRun) =>
  `syncline_staging.s${String(staging.sync)}_${staging.attempt}_m_touched`;

/** Notes what is due now, and the groups that those who are due are members of: what changes later is due anew. */
export async function beginProfiles(run: ProfileRun): Promise<void> {
  const { db, consumer, whole, profiles } = run;
  await db.raw(`
    create unlogged table ${seenTable(run)} as
    select entity_type, key, version from syncline.due where consumer = ${String(consumer)};
    create unlogged table ${touchedTable(run)} (
      profile_type integer not null, key text collate "C" not null, primary key (profile_type, key)
    );
    analyze ${seenTable(run)}`);
  if (whole) return;
  for (const { id, from, members } of profiles) {
    const groups = members
      ? `union select s.key from ${seenTable(run)} d
           join syncline.resource t on t.entity_type = ${String(members.of.from)} and t.key = d.key
           join syncline.link l on l.property in (${list(members.through)}) and l.target = t.id
           join syncline.resource s on s.entity_type = ${String(from)} and s.id = l.source
         where d.entity_type = ${String(members.of.from)}`
      : '';
    await db.raw(
      `insert into ${touchedTable(run)} select ${String(id)}, x.key from (
         select key from ${seenTable(run)} where entity_type = ${String(from)} ${groups}) x`,
    );
  }
  await db.raw(`analyze ${touchedTable(run)}`);
}

export interface DirectoryRow {
  key: string;
  attributes: Record<string, unknown>;
  /** Whether it has a profile. */
  stored: boolean;
}

export const pageRows = 2_000;

/** A page of the resources of the directory that are looked at, by key. */
export async function readDirectory(
  run: ProfileRun,
  { id, from }: ProfileType,
  after: string,
): Promise<DirectoryRow[]> {
  const limited = run.whole
    ? ''
    : `and exists (select from ${touchedTable(run)} t where t.profile_type = ${String(id)} and t.key = r.key)`;
  const found = await row<{ rows: DirectoryRow[] | null }>(
    run.db,
    `select jsonb_agg(jsonb_build_object('key', key, 'attributes', attributes, 'stored', stored) order by key) as rows from (
       select r.key, r.attributes, p.id is not null as stored from syncline.resource r
         left join syncline.resource p on p.entity_type = ${String(id)} and p.key = r.key
       where r.entity_type = ${String(from)} and r.key > ? ${limited} order by r.key limit ${String(pageRows)}) page`,
    [after],
  );
  return found?.rows ?? [];
}

/** Gives the staged groups those of their members that are assigned after this run. */
export async function stageMembers(run: ProfileRun, { id, from, members }: ProfileType): Promise<void> {
  if (!members || members.through.length === 0) return;
  const { db, staging } = run;
  const groups = stagedRows(staging, id);
  const users = stagedRows(staging, members.of.id);
  await db.raw(`analyze ${groups} (key); analyze ${users} (key)`);
  await db.raw(
    `update ${groups} g set ${referenceColumn(members.property)} = m.members from (
       select s.key, array_agg(distinct t.key) as members
       from ${groups} own
         join syncline.resource s on s.entity_type = ${String(from)} and s.key = own.key
         join syncline.link l on l.property in (${list(members.through)}) and l.source = s.id
         join syncline.resource t on t.entity_type = ${String(members.of.from)} and t.id = l.target
         left join ${users} u on u.key = t.key
         left join syncline.resource p on p.entity_type = ${String(members.of.id)} and p.key = t.key
       where own.command = 'merge' and coalesce(u.command = 'merge', p.id is not null)
       group by s.key) m
     where g.key = m.key and g.command = 'merge'`,
  );
}

const list = (numbers: readonly number[]) => (numbers.length > 0 ? numbers.map(String).join(', ') : 'null');
