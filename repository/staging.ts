import { randomBytes } from 'node:crypto';
import { rows, row, touched, type Queryable } from './database.ts';

/**
 * Staging: unlogged tables of one attempt of one sync, `syncline_staging.s<sync>_<attempt>_<kind><id>`.
 * e<entity type>: its rows; l<link property>: rows of its own table; f<entity type>: keys that are frozen; i<entity
 * type>: identities without a row; n<entity type>: keys that incremental syncs have named since.
 */

export interface StagedEntityType {
  id: number;
  /** With the identities of its rows, and of what the source says is gone or still there. */
  identity?: boolean;
  /** Link properties that come from a column of the entity type's table, in file order. */
  references: { property: number; multiValued: boolean }[];
}

export interface StagingPlan {
  /** With tables for what is no longer there. */
  narrowed: boolean;
  /** With columns for what rows of delta files alone have. */
  deltas: boolean;
  /** With tables for the keys that incremental syncs have named since the export. */
  named?: boolean;
  entityTypes: StagedEntityType[];
  /** Link properties with a table of their own. */
  linkTables: number[];
}

export interface Staging {
  sync: number;
  attempt: string;
}

export const stagedRows = (s: Staging, entityType: number) =>
  `syncline_staging.s${String(s.sync)}_${s.attempt}_e${String(entityType)}`;
export const stagedLinks = (s: Staging, property: number) =>
  `syncline_staging.s${String(s.sync)}_${s.attempt}_l${String(property)}`;
export const frozenKeys = (s: Staging, entityType: number) =>
  `syncline_staging.s${String(s.sync)}_${s.attempt}_f${String(entityType)}`;
/**
 * Identities that the source names without a row that can be used: `gone`, `present` (still there), or `frozen`, of a rejected
 * row.
 */
export const namedIdentities = (s: Staging, entityType: number) =>
  `syncline_staging.s${String(s.sync)}_${s.attempt}_i${String(entityType)}`;
/** Links that a rejected row of their table froze: (source, target) as key texts; without a target all of the source. */
export const frozenLinks = (s: Staging, property: number) =>
  `syncline_staging.s${String(s.sync)}_${s.attempt}_g${String(property)}`;
/** Narrowed: keys of the rows that the source no longer has. */
export const removedKeys = (s: Staging, entityType: number) =>
  `syncline_staging.s${String(s.sync)}_${s.attempt}_d${String(entityType)}`;
/** Narrowed: (source, target) of the rows that a link table no longer has. */
export const removedLinks = (s: Staging, property: number) =>
  `syncline_staging.s${String(s.sync)}_${s.attempt}_x${String(property)}`;
/** `update-expressions`: keys that incremental syncs have named since the export that it evaluates. May repeat keys. */
export const namedKeys = (s: Staging, entityType: number) =>
  `syncline_staging.s${String(s.sync)}_${s.attempt}_n${String(entityType)}`;
/** Errors of the rows, until the attempt is complete. The errors of an abandoned attempt are never shown. */
export const stagedErrors = (s: Staging) => `syncline_staging.s${String(s.sync)}_${s.attempt}_errors`;
export const referenceColumn = (property: number) => `r${String(property)}`;
/** Whether the row says which links exist. It does not if a delta lacks the column or a value could not be read. */
export const referenceGiven = (property: number) => `r${String(property)}_given`;

/** What the condition says of a row, and the cells that it asks for; see delta-scope.ts. */
const deltaColumns = 'scope text, asked jsonb,';

/** Autovacuum improves no plan here, and a drop has to wait a second for it. */
const unattended = 'with (autovacuum_enabled = false)';

/**
 * Drops the tables of every earlier attempt and makes the tables of a new one. So an attempt that hangs has no table to
 * write to.
 */
export async function beginStaging(db: Queryable, sync: number, plan: StagingPlan): Promise<Staging> {
  await dropStaging(db, sync);
  const staging = { sync, attempt: randomBytes(4).toString('hex') };
  await db.raw(`
    create unlogged table ${stagedErrors(staging)} (
      seq bigint generated always as identity, entity_type text not null, source_table text not null, line bigint,
      position text,
      column_name text, property text, key text[], code text not null, message text not null, effect text not null
    ) ${unattended}`);
  for (const type of plan.entityTypes) {
    const references = type.references.map(
      ({ property, multiValued }) =>
        `${referenceColumn(property)} ${multiValued ? 'text[]' : 'text'} collate "C", ${referenceGiven(property)} boolean not null default true,`,
    );
    await db.raw(`
      create unlogged table ${stagedRows(staging, type.id)} (
        seq bigint not null, source text not null, line bigint not null,
        -- of a source without lines, where line is the number in the read
        position text, command text,
        key text collate "C" not null, attributes jsonb not null, ${references.join(' ')}
        fault jsonb,
        -- [{name, column, message, unread}]: references with a value that could not be read
        link_faults jsonb,
        ${plan.deltas ? deltaColumns : ''}
        ${type.identity ? 'identity text collate "C",' : ''}
        -- what the rule of managed says, where there is one
        managed boolean,
        hash bigint not null generated always as (jsonb_hash_extended(attributes, 0)) stored
      ) ${unattended};
      create unlogged table ${frozenKeys(staging, type.id)} (key text collate "C" not null) ${unattended}`);
    if (type.identity)
      await db.raw(`
        create unlogged table ${namedIdentities(staging, type.id)} (
          identity text collate "C" not null, what text not null, source text not null, line bigint, position text
        ) ${unattended}`);
    if (plan.named)
      await db.raw(
        `create unlogged table ${namedKeys(staging, type.id)} (key text collate "C" not null) ${unattended}`,
      );
    if (plan.narrowed)
      await db.raw(
        `create unlogged table ${removedKeys(staging, type.id)} (key text collate "C" not null) ${unattended}`,
      );
  }
  for (const property of plan.linkTables) {
    await db.raw(`
      create unlogged table ${stagedLinks(staging, property)} (
        seq bigint not null, from_source text not null, line bigint not null, position text, command text,
        source text collate "C" not null, target text collate "C" not null
      ) ${unattended};
      create unlogged table ${frozenLinks(staging, property)} (source text collate "C" not null, target text collate "C") ${unattended}`);
    if (plan.narrowed)
      await db.raw(
        `create unlogged table ${removedLinks(staging, property)} (source text collate "C" not null, target text collate "C" not null) ${unattended}`,
      );
  }
  return staging;
}

/** Adds the errors of the attempt to the sync. */
export async function tellErrors(tx: Queryable, staging: Staging): Promise<void> {
  const columns = 'entity_type, source_table, line, position, column_name, property, key, code, message, effect';
  await tx.raw(
    `insert into syncline.sync_error (sync, ${columns}) select ?, ${columns} from ${stagedErrors(staging)} order by seq`,
    [staging.sync],
  );
}

/** Marks the attempt as complete. The marker is unlogged too: crash recovery empties it together with the rows. */
export async function markStaged(tx: Queryable, staging: Staging): Promise<void> {
  await tx.raw('insert into syncline_staging.marker (sync, attempt) values (?, ?)', [staging.sync, staging.attempt]);
}

export async function isStaged(db: Queryable, staging: Staging): Promise<boolean> {
  const found = await row(db, 'select 1 from syncline_staging.marker where sync = ? and attempt = ?', [
    staging.sync,
    staging.attempt,
  ]);
  return found !== undefined;
}

/** Drops all staging tables of a sync. */
export async function dropStaging(db: Queryable, sync: number): Promise<void> {
  await touched(db, 'delete from syncline_staging.marker where sync = ?', [sync]);
  const tables = await rows<{ name: string }>(
    db,
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname = 'syncline_staging' and tablename like ?`,
    [`s${String(sync)}\\_%`],
  );
  if (tables.length > 0) await db.raw(`drop table if exists ${tables.map((table) => table.name).join(', ')}`);
}
