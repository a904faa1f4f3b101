import { targetsOf, type ConnectorFile, type EntityTypeFile } from '../domain/connector-file.ts';
import { managedBy, type ManagedBy } from '../domain/managed.ts';
import type { TargetType } from '../domain/mapping.ts';
import type { MatchedProperty } from '../domain/match-value.ts';
import { row, rows, type Queryable } from './database.ts';
import { keepIndexed } from './match-table.ts';
import { forgetRetired } from './open-errors.ts';
import { manageAll } from './managed.ts';

/**
 * The catalog: which entity types and link properties there are, active or retired, and the partitions of their rows.
 */

export interface CatalogProperty extends MatchedProperty {
  name: string;
  multiValued: boolean;
  /** Filters and sorts by it read an index; left out if they do not. */
  indexed?: boolean;
  /** Dropped by a revision: readable, no longer synchronised. */
  retired: boolean;
}

export interface EntityTypeRow {
  id: number;
  connector: number;
  connectorName: string;
  name: string;
  displayName: string;
  keyProperties: string[];
  labelProperty: string | null;
  properties: CatalogProperty[];
  /** Who decides which resources are managed; null: all are. */
  managedBy: ManagedBy;
  users: boolean;
  /** Its resources are joins of mappings: no entity type of a file. */
  joins: boolean;
  retired: boolean;
}

/** A navigation property and one entity type that it leads to: there are several of a property that leads to several. */
export interface LinkPropertyRow {
  id: number;
  entityType: number;
  entityTypeName: string;
  connector: number;
  name: string;
  target: number;
  targetName: string;
  /** Of the entity type in the list of the connector file. */
  place: number;
  multiValued: boolean;
  retired: boolean;
}

const entityTypes = `select t.id, t.connector, c.name as "connectorName", t.name, t.display_name as "displayName",
    t.key_properties as "keyProperties", t.label_property as "labelProperty", t.properties,
    t.managed_by as "managedBy", t.users, t.joins_from is not null as joins, t.retired
  from syncline.entity_type t join syncline.connector c on c.id = t.connector`;
const linkProperties = `select p.id, p.entity_type as "entityType", s.name as "entityTypeName", s.connector, p.name, p.target,
    t.name as "targetName", p.place, p.multi_valued as "multiValued", p.retired
  from syncline.link_property p join syncline.entity_type s on s.id = p.entity_type
    join syncline.entity_type t on t.id = p.target`;

export function findEntityType(db: Queryable, name: string): Promise<EntityTypeRow | undefined> {
  return row(db, `${entityTypes} where t.name = ?`, [name]);
}

/** Entity types of these names, by name. */
export async function entityTypesNamed(
  db: Queryable,
  names: readonly string[],
): Promise<ReadonlyMap<string, EntityTypeRow>> {
  if (names.length === 0) return new Map();
  const found = await rows<EntityTypeRow>(db, `${entityTypes} where t.name = any(?)`, [[...names]]);
  return new Map(found.map((type) => [type.name, type]));
}

export function listEntityTypes(db: Queryable): Promise<EntityTypeRow[]> {
  return rows(db, `${entityTypes} order by t.name`);
}

export function entityTypesOf(db: Queryable, connector: number): Promise<EntityTypeRow[]> {
  return rows(db, `${entityTypes} where t.connector = ? order by t.id`, [connector]);
}

/** Every entity type as links lead to it, by name. */
export async function targetTypes(db: Queryable): Promise<ReadonlyMap<string, TargetType>> {
  const types = await listEntityTypes(db);
  return new Map(
    types.map((type) => [
      type.name,
      {
        key: type.keyProperties,
        properties: Object.fromEntries(type.properties.map((property) => [property.name, property])),
      },
    ]),
  );
}

/** Link properties whose source type belongs to the connector. */
export function linkPropertiesOf(db: Queryable, connector: number): Promise<LinkPropertyRow[]> {
  return rows(db, `${linkProperties} where s.connector = ? order by p.id`, [connector]);
}

export function listLinkProperties(db: Queryable): Promise<LinkPropertyRow[]> {
  return rows(db, `${linkProperties} order by p.id`);
}

/** Link properties from or to an entity type, of any connector. */
export function linkPropertiesAt(db: Queryable, entityType: number): Promise<LinkPropertyRow[]> {
  return rows(db, `${linkProperties} where p.entity_type = ? or p.target = ? order by p.id`, [entityType, entityType]);
}

/**
 * Takes a revision into use. Its entity types, properties and link properties become active. Those that it dropped become
 * retired, and their data stays. New ones get partitions.
 */
export async function activateRevision(
  tx: Queryable,
  connector: number,
  revision: number,
  file: ConnectorFile,
): Promise<void> {
  const known = new Map((await entityTypesOf(tx, connector)).map((type) => [type.name, type]));
  for (const type of file.entityTypes) await saveEntityType(tx, connector, type, known.get(type.name));
  await tx.raw(
    'update syncline.entity_type set retired = true where connector = ? and joins_from is null and not name = any(?)',
    [connector, file.entityTypes.map((type) => type.name)],
  );
  await saveLinkProperties(tx, connector, file);
  await forgetRetired(tx, connector);
  await tx.raw(
    `update syncline.connector set active_revision = ?, display_name = ?, active = ?, unchanged_base = null where id = ?`,
    [revision, file.displayName ?? file.name, file.active, connector],
  );
}

/** Makes an entity type of a connector, or brings it to what a file says. */
export async function saveEntityType(
  tx: Queryable,
  connector: number,
  type: EntityTypeFile,
  known: EntityTypeRow | undefined,
): Promise<void> {
  const current: CatalogProperty[] = Object.entries(type.properties).map(([name, property]) => ({
    name,
    type: property.type,
    format: property.format,
    zone: property.zone,
    decimalSeparator: property.decimalSeparator,
    multiValued: property.multiValued,
    caseInsensitive: property.caseInsensitive,
    ...(property.indexed ? { indexed: true } : {}),
    retired: false,
  }));
  const names = new Set(current.map((property) => property.name));
  const dropped = (known?.properties ?? [])
    .filter((property) => !names.has(property.name))
    .map(({ indexed: _indexed, ...property }) => ({ ...property, retired: true }));
  const values = [
    type.displayName ?? type.name,
    type.key,
    type.label ?? null,
    JSON.stringify([...current, ...dropped]),
    managedBy(type),
    type.users ?? false,
  ];
  if (known) {
    await tx.raw(
      `update syncline.entity_type set display_name = ?, key_properties = ?, label_property = ?, properties = ?::jsonb,
         managed_by = ?, users = ?, retired = false where id = ?`,
      [...values, known.id],
    );
    await keepIndexed(tx, known.id, known.properties, current);
    // no rule and no person decides any longer, so all of them become managed at once
    if (known.managedBy !== null && managedBy(type) === null) await manageAll(tx, known.id);
    return;
  }
  const created = await row<{ id: number }>(
    tx,
    `insert into syncline.entity_type (display_name, key_properties, label_property, properties, managed_by, users,
       connector, name)
     values (?, ?, ?, ?::jsonb, ?, ?, ?, ?) returning id`,
    [...values, connector, type.name],
  );
  if (!created) return;
  await createResourcePartition(tx, created.id);
  await keepIndexed(tx, created.id, [], current);
}

async function saveLinkProperties(tx: Queryable, connector: number, file: ConnectorFile): Promise<void> {
  const ids = new Map((await listEntityTypes(tx)).map((type) => [type.name, type.id]));
  await tx.raw(
    `update syncline.link_property set retired = true
     where entity_type in (select id from syncline.entity_type where connector = ?)`,
    [connector],
  );
  for (const type of file.entityTypes) {
    for (const [name, navigation] of Object.entries(type.navigationProperties)) {
      // the first sync that has a link of the property makes its partition
      for (const [place, target] of targetsOf(navigation).entries())
        await tx.raw(
          `insert into syncline.link_property (entity_type, name, target, place, multi_valued) values (?, ?, ?, ?, ?)
           on conflict (entity_type, name, target) do update
             set retired = false, place = excluded.place, multi_valued = excluded.multi_valued`,
          [
            ids.get(type.name) ?? null,
            name,
            ids.get(target) ?? null,
            place,
            navigation.multiValued ?? navigation.table !== undefined,
          ],
        );
    }
  }
}

// Partitions are created standalone and attached, which does not lock readers of the parent out.
async function createResourcePartition(tx: Queryable, id: number): Promise<void> {
  const table = `syncline.resource_${String(id)}`;
  await tx.raw(`
    create table ${table} (like syncline.resource including defaults including generated) with (fillfactor = 90);
    create unique index on ${table} (key) include (id);
    create unique index on ${table} (id);
    alter table syncline.resource attach partition ${table} for values in (${String(id)});
    select syncline.follow_text('${table}')`);
}
