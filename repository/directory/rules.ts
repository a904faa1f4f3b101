import type { ConnectorFile, EntityTypeFile } from '../../domain/connector-file.ts';
import { directoryName, isDirectory } from '../../domain/directory/directory-file.ts';
import { own } from '../../domain/chosen-names.ts';
import { joinTypeName, joinTypeOf, rulesOf, type Rule } from '../../domain/directory/join-types.ts';
import { entityTypesOf, saveEntityType } from '../catalog.ts';
import { ofSync } from '../change-parts.ts';
import { findConnector, type ConnectorRow } from '../connectors.ts';
import { row, rows, type Queryable } from '../database.ts';

/** The mappings in use, and the entity types that hold their joins. */

export interface RulesInUse {
  directory: ConnectorRow;
  file: ConnectorFile;
  rules: Rule[];
  /** Tells these rules from others. */
  hash: string;
}

/** @returns undefined if there is no directory in use */
export async function rulesInUse(db: Queryable): Promise<RulesInUse | undefined> {
  const directory = await findConnector(db, directoryName);
  if (!directory || directory.activeRevision === null) return undefined;
  const found = await rows<{ file: ConnectorFile }>(
    db,
    `select r.file from syncline.connector c join syncline.connector_revision r
       on r.connector = c.id and r.revision = c.active_revision
     where c.id = ? or r.file \\? 'mappings'`,
    [directory.id],
  );
  const file = found.find((each) => each.file.name === directoryName)?.file;
  // a connector may have this name
  if (!file || !isDirectory(file)) return undefined;
  const rules = rulesOf(found.map((each) => each.file));
  const hash = await row<{ hash: string }>(db, `select encode(sha256(convert_to(?, 'UTF8')), 'hex') as hash`, [
    JSON.stringify([
      file.entityTypes.map(partsOf),
      ...(file.lifecycles ? [file.lifecycles] : []),
      rules.map(({ from, mapping }) => [partsOf(from), mapping]),
    ]),
  ]);
  return { directory, file, rules, hash: hash?.hash ?? '' };
}

/** The lifecycles of the directory in use, by entity type. */
export const lifecyclesInUse = async (db: Queryable): Promise<NonNullable<ConnectorFile['lifecycles']>> =>
  (await rulesInUse(db))?.file.lifecycles ?? {};

/** Whether a connector is the directory: a connector with a source may have the name. */
export async function isDirectoryConnector(db: Queryable, connector: number): Promise<boolean> {
  const found = await row(
    db,
    `select 1 from syncline.connector c join syncline.connector_revision r on r.connector = c.id and r.revision = c.active_revision
     where c.id = ? and r.file ->> 'kind' = 'Directory'`,
    [connector],
  );
  return found !== undefined;
}

/** Whether rules make what the connector holds, so that it has no source and nothing that could be undone by itself. */
export async function isMadeByRules(db: Queryable, connector: number): Promise<boolean> {
  const found = await row(db, 'select 1 from syncline.connector where id = ? and provisions is not null', [connector]);
  return found !== undefined || isDirectoryConnector(db, connector);
}

/** What rules depend on: limits and names for people do not change what they give. */
const partsOf = ({ name, key, label, properties, navigationProperties }: EntityTypeFile) => [
  name,
  key,
  label ?? null,
  Object.entries(properties).map(([property, { type, multiValued, caseInsensitive }]) => [
    property,
    type,
    multiValued,
    caseInsensitive,
  ]),
  Object.entries(navigationProperties).map(([property, { to, multiValued }]) => [property, to, multiValued ?? null]),
];

/** The rules of the last run over everything that was applied; null before there was one, '' after files have changed them. */
export async function appliedRules(db: Queryable, directory: number): Promise<string | null> {
  const found = await row<{ hash: string }>(db, 'select hash from syncline.directory_rules where connector = ?', [
    directory,
  ]);
  return found?.hash ?? null;
}

export const useRules = (tx: Queryable, directory: number, hash: string): Promise<unknown> =>
  tx.raw(
    `insert into syncline.directory_rules (connector, hash) values (?, ?)
     on conflict (connector) do update set hash = excluded.hash`,
    [directory, hash],
  );

/** Whoever changes the rules, or what they match, does so alone until the transaction ends. */
export const lockRules = (tx: Queryable): Promise<unknown> =>
  tx.raw(`select pg_advisory_xact_lock(hashtext('syncline-directory'))`);

/**
 * Brings the entity types that hold joins, and the table of match values, to the rules in use. The caller has locked the
 * connector whose revision it takes into use.
 */
export async function keepJoinTypes(tx: Queryable): Promise<void> {
  const inUse = await rulesInUse(tx);
  if (!inUse) return;
  await lockRules(tx);
  const known = new Map((await entityTypesOf(tx, inUse.directory.id)).map((type) => [type.name, type]));
  for (const rule of inUse.rules)
    await saveEntityType(tx, inUse.directory.id, joinTypeOf(rule), known.get(joinTypeName(rule)));
  await tx.raw(
    `update syncline.entity_type j set joins_from = f.id, joins_to = t.id, retired = not j.name = any(?)
     from syncline.entity_type f, syncline.entity_type t
     where j.connector = ? and f.name = split_part(j.name, '->', 1) and t.name = split_part(j.name, '->', 2)
       and j.name like '%->%'`,
    [inUse.rules.map(joinTypeName), inUse.directory.id],
  );
  await keepMatches(tx, inUse);
  // other rules than those that were applied: what changed meanwhile was not noted under them, so all of it is mapped
  await tx.raw(`update syncline.directory_rules set hash = '' where connector = ? and hash <> ?`, [
    inUse.directory.id,
    inUse.hash,
  ]);
}

async function keepMatches(tx: Queryable, { directory, file, rules }: RulesInUse): Promise<void> {
  const types = new Map((await entityTypesOf(tx, directory.id)).map((type) => [type.name, type]));
  const wanted = new Map<string, { entityType: number; property: string; folds: boolean }>();
  for (const { mapping } of rules)
    for (const property of mapping.match.flatMap((rule) => Object.values(rule))) {
      const entityType = types.get(mapping.to)?.id;
      const type = file.entityTypes.find(({ name }) => name === mapping.to);
      const folds = own(type?.properties ?? {}, property)?.caseInsensitive ?? false;
      if (entityType !== undefined) wanted.set(`${String(entityType)} ${property}`, { entityType, property, folds });
    }
  const all = [...wanted.values()];
  await tx.raw(
    `create temp table wanted on commit drop as
     select * from unnest(?::int[], ?::text[], ?::boolean[]) as w (entity_type, property, folds)`,
    [all.map(({ entityType }) => entityType), all.map(({ property }) => property), all.map(({ folds }) => folds)],
  );
  const same = 'w.entity_type = m.entity_type and w.property = m.property and w.folds = m.folds';
  await tx.raw(`
    delete from syncline.directory_match m where not exists (
      select from wanted w join syncline.matched_property p using (entity_type, property, folds)
      where w.entity_type = m.entity_type and w.property = m.property);
    delete from syncline.matched_property m where not exists (select from wanted w where ${same});
    delete from wanted w where exists (select from syncline.matched_property m where ${same});
    insert into syncline.matched_property (entity_type, property, folds) select entity_type, property, folds from wanted;
    insert into syncline.directory_match (entity_type, property, value, loose, resource)
    select w.entity_type, w.property, ${forms('r.attributes ->> w.property', 'w')}, r.id
    from wanted w join syncline.resource r on r.entity_type = w.entity_type;
    drop table wanted;
    analyze syncline.directory_match`);
}

/** The two forms of a value, in the order of the columns. */
const forms = (value: string, of: string) =>
  `syncline.joined_form(${value}, ${of}.folds), syncline.loose_form(${value})`;

/** Follows the applied change rows of a sync that wrote to the directory. */
export async function followMatches(tx: Queryable, sync: number): Promise<void> {
  await tx.raw(
    `delete from syncline.directory_match m using syncline.change c
     where ${ofSync(sync, 'c')} and c.operation = 'd' and c.fate is null and m.resource = c.resource`,
  );
  await tx.raw(
    `insert into syncline.directory_match (entity_type, property, value, loose, resource)
     select p.entity_type, p.property, ${forms('r.attributes ->> p.property', 'p')}, r.id
     from syncline.change c
       join syncline.resource r on r.entity_type = c.entity_type and r.id = c.resource
       join syncline.matched_property p on p.entity_type = c.entity_type
     where ${ofSync(sync, 'c')} and c.operation <> 'd' and c.fate is null and (c.operation = 'i' or c.after \\? p.property)
     on conflict (resource, property) do update set value = excluded.value, loose = excluded.loose`,
  );
}
