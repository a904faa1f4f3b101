import type { ConnectorFile } from '../domain/connector-file.ts';
import type { ConnectorMapping, TableMapping } from '../domain/mapping.ts';
import { inScope, linksInScope } from '../domain/scope.ts';
import { CopyWriter } from '../repository/copy.ts';
import {
  frozenKeys,
  frozenLinks,
  namedIdentities,
  namedKeys,
  referenceColumn,
  referenceGiven,
  removedKeys,
  removedLinks,
  stagedErrors,
  stagedLinks,
  stagedRows,
  type Staging,
  type StagingPlan,
} from '../repository/staging.ts';
import type { SyncRow } from '../repository/syncs.ts';
import { catalogLink, catalogType, type Catalog } from './plan-diff.ts';
import { deltaColumns, entityColumns, errorColumns, identityColumns, linkColumns, type Sinks } from './stage-table.ts';

/** What the staging of a sync consists of: the entity types and link tables of its scope. */
export function stagingPlan(
  file: ConnectorFile,
  sync: SyncRow,
  catalog: Catalog,
  of: Pick<StagingPlan, 'narrowed' | 'deltas' | 'named'>,
): StagingPlan {
  const plan: StagingPlan = { ...of, entityTypes: [], linkTables: [] };
  for (const type of file.entityTypes.filter((each) => inScope(sync.scope, each.name))) {
    const { id } = catalogType(catalog, type.name);
    const compared = new Set(linksInScope(sync.scope, type).map(([name]) => name));
    const references = [];
    for (const [name, navigation] of Object.entries(type.navigationProperties)) {
      const link = catalogLink(catalog, id, name, navigation);
      if (navigation.table === undefined) references.push({ property: link.id, multiValued: link.multiValued });
      else if (compared.has(name)) plan.linkTables.push(link.id);
    }
    plan.entityTypes.push({ id, references, identity: type.source.identity !== undefined });
  }
  return plan;
}

export function openSinks(
  client: ConstructorParameters<typeof CopyWriter>[0],
  file: ConnectorFile,
  sync: SyncRow,
  catalog: Catalog,
  staging: Staging,
  { narrowed, deltas, named }: Pick<StagingPlan, 'narrowed' | 'deltas' | 'named'>,
): Sinks {
  const sinks: Sinks = {
    rows: new Map(),
    frozenKeys: new Map(),
    identities: new Map(),
    removedKeys: new Map(),
    namedKeys: new Map(),
    links: new Map(),
    removedLinks: new Map(),
    frozenLinks: new Map(),
    errors: new CopyWriter(client, stagedErrors(staging), errorColumns),
    counts: new Map(),
  };
  for (const type of file.entityTypes.filter((each) => inScope(sync.scope, each.name))) {
    const { id } = catalogType(catalog, type.name);
    const compared = new Set(linksInScope(sync.scope, type).map(([name]) => name));
    const references: string[] = [];
    for (const [name, navigation] of Object.entries(type.navigationProperties)) {
      const link = catalogLink(catalog, id, name, navigation);
      if (navigation.table === undefined) {
        references.push(referenceColumn(link.id), referenceGiven(link.id));
        continue;
      }
      if (!compared.has(name)) continue;
      const scope = `${type.name}.${name}`;
      sinks.links.set(scope, new CopyWriter(client, stagedLinks(staging, link.id), linkColumns));
      if (narrowed)
        sinks.removedLinks.set(scope, new CopyWriter(client, removedLinks(staging, link.id), ['source', 'target']));
      sinks.frozenLinks.set(scope, new CopyWriter(client, frozenLinks(staging, link.id), ['source', 'target']));
    }
    const identity = type.source.identity === undefined ? [] : ['identity'];
    const columns = [...entityColumns, ...(deltas ? deltaColumns : []), ...references, ...identity];
    sinks.rows.set(type.name, new CopyWriter(client, stagedRows(staging, id), columns));
    if (narrowed) sinks.removedKeys.set(type.name, new CopyWriter(client, removedKeys(staging, id), ['key']));
    if (named) sinks.namedKeys.set(type.name, new CopyWriter(client, namedKeys(staging, id), ['key']));
    if (identity.length > 0)
      sinks.identities.set(type.name, new CopyWriter(client, namedIdentities(staging, id), identityColumns));
    sinks.frozenKeys.set(type.name, new CopyWriter(client, frozenKeys(staging, id), ['key']));
  }
  return sinks;
}

export const allSinks = (sinks: Sinks): CopyWriter[] => [
  ...sinks.rows.values(),
  ...sinks.frozenKeys.values(),
  ...sinks.identities.values(),
  ...sinks.removedKeys.values(),
  ...sinks.namedKeys.values(),
  ...sinks.links.values(),
  ...sinks.removedLinks.values(),
  ...sinks.frozenLinks.values(),
  sinks.errors,
];

/** The mapping of a table without the entity types and links that the sync's scope leaves out. */
export function mappingInScope(
  mapping: ConnectorMapping,
  connection: string,
  table: string,
  sync: SyncRow,
): TableMapping | undefined {
  const found = mapping.tables.find((each) => each.connection === connection && each.table === table);
  if (!found) return undefined;
  return {
    ...found,
    entityTypes: found.entityTypes.filter((type) => inScope(sync.scope, type.name)),
    links: sync.scope?.users === 'only' ? [] : found.links.filter((link) => inScope(sync.scope, link.entityType)),
  };
}
