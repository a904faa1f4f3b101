import type { ConnectorFile } from '../domain/connector-file.ts';
import { removeSharedChanges } from './change-parts.ts';
import { dropMatches } from './match-table.ts';
import { row, rows, touched, type Queryable } from './database.ts';
import { dropViews } from './views.ts';

export interface ConnectorRow {
  id: number;
  name: string;
  displayName: string;
  active: boolean;
  newestRevision: number;
  activeRevision: number | null;
  firstCompleteSync: number | null;
  createdAt: string;
}

const columns = `id, name, display_name as "displayName", active, newest_revision as "newestRevision",
  active_revision as "activeRevision", first_complete_sync as "firstCompleteSync", created_at as "createdAt"`;

export function findConnector(db: Queryable, name: string): Promise<ConnectorRow | undefined> {
  return row(db, `select ${columns} from syncline.connector where name = ?`, [name]);
}

export function listConnectors(db: Queryable, after: string, limit: number): Promise<ConnectorRow[]> {
  return rows(
    db,
    `select ${columns} from syncline.connector where name > ? and provisions is null order by name limit ?`,
    [after, limit],
  );
}

/** SQL for the name of connector `c` as people know it, whether it reads or provisions (domain/provisioning/target.ts). */
export const shownName = `split_part(c.name, ':', 1)`;

/** Condition for connectors that have a source: neither the directory nor what keeps the profiles of a target. */
export const notDirectory = `not exists (
  select from syncline.connector_revision d where d.connector = c.id and d.revision = c.active_revision and d.file ->> 'kind' in ('Directory', 'Provisioning'))`;

/** Connectors that are part of scheduled jobs, by name. The directory is none: its sources make its work. */
export function activeConnectors(db: Queryable): Promise<ConnectorRow[]> {
  return rows(db, `select ${columns} from syncline.connector c where active and ${notDirectory} order by name`);
}

/** The row, created if it does not exist, locked until the transaction ends. */
export async function lockConnector(tx: Queryable, name: string, displayName: string): Promise<ConnectorRow> {
  await tx.raw('insert into syncline.connector (name, display_name) values (?, ?) on conflict (name) do nothing', [
    name,
    displayName,
  ]);
  const connector = await row<ConnectorRow>(tx, `select ${columns} from syncline.connector where name = ? for update`, [
    name,
  ]);
  if (connector === undefined) throw new Error('the connector was deleted while it was being saved');
  return connector;
}

/** Locks the row of a connector until the transaction ends, as every sync does that writes to its resources. */
export async function lockConnectorRow(tx: Queryable, id: number): Promise<void> {
  await tx.raw('select 1 from syncline.connector where id = ? for update', [id]);
}

export interface RevisionRow {
  revision: number;
  file: ConnectorFile;
  createdBy: string;
  createdAt: string;
}

const revisionColumns = `revision, file, created_by as "createdBy", created_at as "createdAt"`;

export function findRevision(db: Queryable, connector: number, revision: number): Promise<RevisionRow | undefined> {
  return row(db, `select ${revisionColumns} from syncline.connector_revision where connector = ? and revision = ?`, [
    connector,
    revision,
  ]);
}

/** Newest first. */
export function listRevisions(
  db: Queryable,
  connector: number,
  before: number,
  limit: number,
): Promise<Omit<RevisionRow, 'file'>[]> {
  return rows(
    db,
    `select revision, created_by as "createdBy", created_at as "createdAt" from syncline.connector_revision
     where connector = ? and revision < ? order by revision desc limit ?`,
    [connector, before, limit],
  );
}

/** Stores a file as the newest revision; a file equal to the newest one makes no new revision. */
export async function saveRevision(
  tx: Queryable,
  connector: ConnectorRow,
  file: ConnectorFile,
  createdBy: string,
): Promise<number> {
  const json = JSON.stringify(file);
  const same = await row<{ revision: number }>(
    tx,
    'select revision from syncline.connector_revision where connector = ? and revision = ? and file = ?::jsonb',
    [connector.id, connector.newestRevision, json],
  );
  if (same) return same.revision;
  const revision = connector.newestRevision + 1;
  await tx.raw(
    'insert into syncline.connector_revision (connector, revision, file, created_by) values (?, ?, ?::jsonb, ?)',
    [connector.id, revision, json, createdBy],
  );
  await tx.raw('update syncline.connector set newest_revision = ? where id = ?', [revision, connector.id]);
  return revision;
}

/** What it provisions follows it, if the file says that it provisions. */
export async function setActive(db: Queryable, connector: number, active: boolean): Promise<void> {
  await db.raw(
    `update syncline.connector c set active = ? where c.id = ? or c.provisions = ? and exists (
       select from syncline.connector_revision r
       where r.connector = c.id and r.revision = c.active_revision and (r.file -> 'provisioning' ->> 'enabled')::boolean)`,
    [active, connector, connector],
  );
}

/** Deletes a connector that has no resources left; its syncs and revisions go with it. @returns false if resources remain */
export async function deleteConnector(tx: Queryable, connector: number): Promise<boolean> {
  const types = await rows<{ id: number }>(tx, 'select id from syncline.entity_type where connector = ? for update', [
    connector,
  ]);
  for (const { id } of types) {
    if (await row(tx, 'select 1 from syncline.resource where entity_type = ? limit 1', [id])) return false;
  }
  const links = await rows<{ id: number }>(
    tx,
    `select p.id from syncline.link_property p join syncline.entity_type t on t.id = p.entity_type
     where t.connector = ?`,
    [connector],
  );
  const ids = types.map((type) => type.id);
  const foreign = await row(
    tx,
    `select 1 from syncline.link_property p join syncline.entity_type t on t.id = p.entity_type
     where p.target = any(?) and t.connector <> ? limit 1`,
    [ids, connector],
  );
  if (foreign) return false;
  const target = await row<{ id: number }>(tx, 'select id from syncline.connector where provisions = ?', [connector]);
  if (target && !(await deleteConnector(tx, target.id))) return false;
  await dropViews(tx, ids);
  for (const { id } of links) await tx.raw(`drop table if exists syncline.link_${String(id)}`);
  for (const { id } of types) {
    await dropMatches(tx, id);
    await tx.raw(`drop table if exists syncline.resource_${String(id)}`);
  }
  await tx.raw(
    'delete from syncline.link_property where entity_type in (select id from syncline.entity_type where connector = ?)',
    [connector],
  );
  const syncs = await rows<{ no: number }>(tx, 'select no from syncline.sync where connector = ?', [connector]);
  // those in partitions of their own go with the next clean-up, once their syncs are gone
  await removeSharedChanges(
    tx,
    syncs.map(({ no }) => no),
  );
  await tx.raw(`delete from syncline.managed_change where sync in (select no from syncline.sync where connector = ?)`, [
    connector,
  ]);
  await tx.raw('delete from syncline.entity_type where connector = ?', [connector]);
  return (await touched(tx, 'delete from syncline.connector where id = ?', [connector])) === 1;
}

/** By id. @throws Error if it is gone */
export async function rowOfConnector(db: Queryable, id: number): Promise<ConnectorRow> {
  const found = await row<ConnectorRow>(db, `select ${columns} from syncline.connector where id = ?`, [id]);
  if (!found) throw new Error(`connector ${String(id)} is gone`);
  return found;
}

/** The files in use of all connectors but one. */
export async function activeFilesBut(db: Queryable, connector: number): Promise<ConnectorFile[]> {
  const found = await rows<{ file: ConnectorFile }>(
    db,
    `select r.file from syncline.connector c join syncline.connector_revision r
       on r.connector = c.id and r.revision = c.active_revision where c.id <> ?`,
    [connector],
  );
  return found.map(({ file }) => file);
}
