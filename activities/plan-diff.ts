import { targetsOf, type ConnectorFile, type EntityTypeFile, type NavigationFile } from '../domain/connector-file.ts';
import { compileScopeRule } from '../domain/delta-scope.ts';
import { SyncError } from '../domain/errors.ts';
import { foldKey, keyText } from '../domain/key.ts';
import { compileManagedRule } from '../domain/managed.ts';
import type { TargetType } from '../domain/mapping.ts';
import { matchOfLink } from '../domain/match-of-link.ts';
import { inScope, linksInScope, operationsOn } from '../domain/scope.ts';
import { operations, type SyncScope } from '../domain/sync.ts';
import { linkPropertiesAt, targetTypes, type EntityTypeRow, type LinkPropertyRow } from '../repository/catalog.ts';
import type { ByLink, DiffInput, DiffLink, DiffType, LinkTarget } from '../repository/diff-input.ts';
import { hasLimitedWrites } from '../repository/checkpoint.ts';
import type { Queryable } from '../repository/database.ts';
import { hasRefusals } from '../repository/refusals/active.ts';
import { leadsTo } from '../repository/link-targets.ts';
import { laterWriters } from '../repository/later-writers.ts';
import type { Preparation, SyncRow } from '../repository/syncs.ts';

/** The catalog of one connector, by name. */
export interface Catalog {
  types: EntityTypeRow[];
  links: LinkPropertyRow[];
}

/** Puts the revision, the catalog and what was prepared together into the input of a diff. */
export async function planDiff(
  tx: Queryable,
  sync: SyncRow,
  file: ConnectorFile,
  preparation: Preparation,
  catalog: Catalog,
): Promise<DiffInput> {
  const covered = file.entityTypes.filter((type) => inScope(sync.scope, type.name));
  const certified = (connection: string, table: string) =>
    preparation.tables.some((each) => each.connection === connection && each.table === table && each.certified);
  const targets = await targetTypes(tx);
  const targetOf = (name: string) => file.entityTypes.find((type) => type.name === name) ?? targets.get(name);
  const types: DiffType[] = [];
  const links: DiffLink[] = [];
  for (const type of covered) {
    const row = catalogType(catalog, type.name);
    const own = linksInScope(sync.scope, type).map(([name, navigation]) => ({
      row: catalogLink(catalog, row.id, name, navigation),
      navigation,
    }));
    types.push({
      id: row.id,
      name: type.name,
      connection: type.source.connection,
      table: type.source.table,
      keyCount: type.key.length,
      warnCaseVariants: warnsCaseVariants(row),
      retiredProperties: row.properties.filter((property) => property.retired).map((property) => property.name),
      certified: certified(type.source.connection, type.source.table),
      scopeKeys: scopeKeys(sync.scope, row),
      references: own
        .filter(({ navigation }) => navigation.column !== undefined)
        .map(({ row: link }) => ({ property: link.id, multiValued: link.multiValued })),
      ...identityOf(type),
      ...readOf(type, preparation),
      ...scopeRuleOf(type, preparation),
      ...managedOf(type),
      managedOnly: sync.scope?.managedOnly ?? false,
      operations: operationsOn(sync.scope, type),
    });
    for (const { row: link, navigation } of own) {
      const table = navigation.table ?? type.source.table;
      const [first, ...others] = linkTargets(catalog, row.id, link.name, navigation, targetOf);
      if (!first) continue;
      links.push({
        ...first,
        ...(others.length > 0 ? { others } : {}),
        name: link.name,
        entityType: row.id,
        multiValued: link.multiValued,
        from: navigation.table === undefined ? 'column' : 'table',
        connection: navigation.connection ?? type.source.connection,
        table,
        certified: certified(navigation.connection ?? type.source.connection, table),
      });
    }
  }
  const read = new Set(links.flatMap((link) => leadsTo(link).map(({ id }) => id)));
  const cascades = new Map<number, DiffInput['cascades'][number]>();
  for (const type of types)
    for (const { id, entityType, target } of await linkPropertiesAt(tx, type.id))
      if (!read.has(id)) cascades.set(id, { id, entityType, target });
  return {
    sync: sync.no,
    staging: { sync: preparation.sync, attempt: preparation.attempt },
    mode: preparation.mode,
    narrowed: preparation.narrowed !== undefined,
    writtenSince: (preparation.narrowed?.since ?? []).length > 0,
    operations: sync.scope?.operations ?? operations,
    repeated: preparation.mode === 'incremental' && (await hasLimitedWrites(tx, sync.connector)),
    types,
    links,
    cascades: [...cascades.values()],
    ...(preparation.mode === 'incremental' ? { byLinks: byLinks(file, catalog, targetOf) } : {}),
    laterSyncs: await laterWriters(tx, sync.no),
    refusals: await hasRefusals(tx, sync.connector),
    builds: !sync.dryRun,
  };
}

/** Links of the whole file: an incremental sync may leave their tables out and still move what they match. */
function byLinks(file: ConnectorFile, catalog: Catalog, targetOf: (type: string) => TargetType | undefined): ByLink[] {
  return file.entityTypes.flatMap((type) =>
    Object.entries(type.navigationProperties).flatMap(([name, navigation]) => {
      const { id: entityType } = catalogType(catalog, type.name);
      const all = linkTargets(catalog, entityType, name, navigation, targetOf);
      const { id: staged, multiValued } = catalogLink(catalog, entityType, name, navigation);
      const from = navigation.table === undefined ? ('column' as const) : ('table' as const);
      const table = navigation.table ?? type.source.table;
      const of = { name, entityType, entityTypeName: type.name, keyCount: type.key.length, multiValued, from, table };
      return all.flatMap(({ by, ...target }) =>
        by === null ? [] : [{ ...of, ...target, by, ...(all.length > 1 ? { all, staged } : {}) }],
      );
    }),
  );
}

/** A link property of the connector, for each entity type that it leads to. */
export interface Lead extends LinkTarget {
  entityType: number;
  from: 'column' | 'table';
  several: boolean;
}

/** Where all links of a connector lead. */
export const leadsOf = (file: ConnectorFile, catalog: Catalog, targets: ReadonlyMap<string, TargetType>): Lead[] =>
  file.entityTypes.flatMap((type) =>
    Object.entries(type.navigationProperties).flatMap(([name, navigation]) => {
      const { id: entityType } = catalogType(catalog, type.name);
      const from = navigation.table === undefined ? ('column' as const) : ('table' as const);
      const targetOf = (to: string) => file.entityTypes.find((each) => each.name === to) ?? targets.get(to);
      const all = linkTargets(catalog, entityType, name, navigation, targetOf);
      return all.map((each) => ({ ...each, entityType, from, several: all.length > 1 }));
    }),
  );

/** The rows of the catalog for the entity types that a navigation property leads to, and how its values match each of them. */
const linkTargets = (
  catalog: Catalog,
  type: number,
  name: string,
  navigation: NavigationFile,
  targetOf: (type: string) => TargetType | undefined,
): LinkTarget[] =>
  targetsOf(navigation).map((to) => {
    const { id, target } = catalogLinkTo(catalog, type, name, to);
    return { id, target, ...matchOfLink(navigation.by, targetOf(to)) };
  });

function identityOf({ source, key, properties }: EntityTypeFile): Pick<DiffType, 'identity'> {
  const { identity: property } = source;
  if (property === undefined) return {};
  const isKey = key.length === 1 && key[0] === property;
  return { identity: { property, isKey, folds: !isKey && (properties[property]?.caseInsensitive ?? false) } };
}

function readOf({ source }: EntityTypeFile, { tables }: Preparation): Pick<DiffType, 'structured' | 'present'> {
  const read = tables.find(({ connection, table }) => connection === source.connection && table === source.table);
  return { structured: read?.structured ?? false, present: read?.present ?? false };
}

function scopeRuleOf(type: EntityTypeFile, { tables }: Preparation): Pick<DiffType, 'scopeRule'> {
  const { connection, table } = type.source;
  const read = tables.find((each) => each.connection === connection && each.table === table);
  // rows of structured sources are whole, so their mapping has decided the condition
  const scopeRule = read?.structured ? undefined : compileScopeRule(type);
  return scopeRule ? { scopeRule } : {};
}

function managedOf(type: EntityTypeFile): Pick<DiffType, 'managed'> {
  if (type.managed === undefined) return {};
  const rule = compileManagedRule(type);
  return { managed: rule ? { by: 'rule', rule } : { by: 'hand' } };
}

/** Whether the key is text that is compared exactly: then variants of it by case are worth a warning. */
export const warnsCaseVariants = (type: EntityTypeRow): boolean =>
  type.properties.some(
    (each) => type.keyProperties.includes(each.name) && each.type === 'string' && !each.caseInsensitive,
  );

/** Key texts of the scope, folded if the key is declared caseInsensitive. */
export function scopeKeys(scope: SyncScope | null, type: EntityTypeRow): string[] | null {
  const keys = scope?.keys?.[type.name];
  if (!keys) return null;
  const folds = type.keyProperties.map(
    (name) => type.properties.find((property) => property.name === name)?.caseInsensitive ?? false,
  );
  return keys.map((key) => keyText(key.map((part, i) => (folds[i] ? foldKey(part) : part))));
}

export function catalogType(catalog: Catalog, name: string): EntityTypeRow {
  const found = catalog.types.find((type) => type.name === name);
  if (!found)
    throw new SyncError('configuration', `The entity type ${name} is not in the catalog: activate the revision again.`);
  return found;
}

/** The row of a navigation property for the first entity type that it leads to: its values are staged by this row. */
export const catalogLink = (
  catalog: Catalog,
  type: number,
  name: string,
  navigation: NavigationFile,
): LinkPropertyRow => catalogLinkTo(catalog, type, name, targetsOf(navigation)[0] ?? '');

function catalogLinkTo(catalog: Catalog, type: number, name: string, target: string): LinkPropertyRow {
  const found = catalog.links.find(
    (link) => link.entityType === type && link.name === name && link.targetName === target,
  );
  if (!found)
    throw new SyncError(
      'configuration',
      `The navigation property ${name} is not in the catalog: activate the revision again.`,
    );
  return found;
}
