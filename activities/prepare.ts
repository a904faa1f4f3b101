import { SyncError } from '../domain/errors.ts';
import type { ConnectorFile } from '../domain/connector-file.ts';
import { compileMapping, type ConnectorMapping, type TableMapping } from '../domain/mapping.ts';
import { inScope } from '../domain/scope.ts';
import { entityTypesOf, foldedTypes, linkPropertiesOf } from '../repository/catalog.ts';
import { connectForCopy, CopyWriter } from '../repository/copy.ts';
import { clearErrors } from '../repository/row-errors.ts';
import { resolveDeltas } from '../repository/resolve-deltas.ts';
import { resolveRows } from '../repository/resolve-rows.ts';
import {
  beginStaging,
  frozenKeys,
  frozenLinks,
  markStaged,
  stagedErrors,
  tellErrors,
  referenceColumn,
  referenceGiven,
  stagedLinks,
  stagedRows,
  type Staging,
  type StagingPlan,
} from '../repository/staging.ts';
import { logSync } from '../repository/sync-log.ts';
import {
  enterPhase,
  lastExport,
  requireUncompared,
  tellProgress,
  updateSync,
  type ExportReference,
  type Preparation,
  type SyncRow,
} from '../repository/syncs.ts';
import type { ManifestTable } from '../store/manifest.ts';
import type { Dependencies } from './dependencies.ts';
import { reportDrift } from './drift.ts';
import { whileBeating } from './heartbeat.ts';
import { loadSync } from './load-sync.ts';
import { catalogLink, catalogType, type Catalog } from './plan-diff.ts';
import { entityColumns, errorColumns, linkColumns, noCounts, TableStager, type Sinks } from './stage-table.ts';

export function createPrepareActivities({ db, databaseUrl, store }: Dependencies) {
  /**
   * Maps the exported rows into staging tables, settles duplicates and faults, and marks the staging as whole. A retry
   * starts over: staging and errors of the sync are dropped first.
   */
  async function prepareExport(syncId: string): Promise<void> {
    await whileBeating(async (_tell, signal) => {
      const { sync, file } = await loadSync(db, syncId);
      await enterPhase(db, sync.no, 'prepare');
      const { exportRef, mode } = await exportToPrepare(sync);
      const catalog: Catalog = {
        types: await entityTypesOf(db, sync.connector),
        links: await linkPropertiesOf(db, sync.connector),
      };
      const folded = await foldedTypes(db);
      const mapping = compileMapping(file, (name) => folded.has(name));
      await db.transaction(async (tx) => {
        await requireUncompared(tx, sync.no);
        await clearErrors(tx, sync.no);
      });
      const plan = stagingPlan(file, sync, catalog);
      const staging = await beginStaging(db, sync.no, plan);
      const preparation: Preparation = {
        ...staging,
        exportRef,
        consumed: false,
        mode,
        types: {},
        links: {},
        tables: [],
      };
      const counts = await stageAll(sync, file, mapping, catalog, preparation, staging, signal);
      await db.transaction(async (tx) => {
        await requireUncompared(tx, sync.no);
        await tellErrors(tx, staging);
        for (const type of file.entityTypes.filter((each) => inScope(sync.scope, each.name))) {
          const row = catalogType(catalog, type.name);
          const read = counts.get(type.name) ?? noCounts();
          const settled =
            mode === 'incremental'
              ? await resolveDeltas(tx, staging, { id: row.id, name: type.name, keyCount: type.key.length })
              : await resolveRows(tx, staging, {
                  id: row.id,
                  name: type.name,
                  keyCount: type.key.length,
                  references: (plan.entityTypes.find(({ id }) => id === row.id)?.references ?? []).map(
                    ({ property }) => property,
                  ),
                  warnCaseVariants: row.properties.some(
                    (each) => type.key.includes(each.name) && each.type === 'string' && !each.caseInsensitive,
                  ),
                });
          read.accepted = settled.accepted;
          read.duplicates = settled.duplicates;
          read.rejected += settled.rejected;
          preparation.types[type.name] = read;
          for (const [name, navigation] of Object.entries(type.navigationProperties))
            if (navigation.table !== undefined)
              preparation.links[`${type.name}.${name}`] = counts.get(`${type.name}.${name}`) ?? noCounts();
        }
        await markStaged(tx, staging);
        await updateSync(tx, sync.no, {
          preparation,
          mode,
          completeness: Object.fromEntries(
            (await tablesOf(exportRef, sync)).map(({ manifest }) => [
              manifest.table,
              { certified: manifest.certified, ...(manifest.reason === undefined ? {} : { reason: manifest.reason }) },
            ]),
          ),
        });
      });
      const all = [...Object.values(preparation.types), ...Object.values(preparation.links)];
      const rejected = all.reduce((sum, each) => sum + each.rejected, 0);
      const read = all.reduce((sum, each) => sum + each.read, 0);
      await tellProgress(db, sync.no, 'rowsPrepared', read);
      await tellProgress(db, sync.no, 'rowsRejected', rejected);
      await logSync(
        db,
        sync.no,
        'prepare',
        rejected > 0 ? 'warn' : 'info',
        `Prepared ${read.toLocaleString('en-US')} rows, ${rejected.toLocaleString('en-US')} rejected.`,
      );
    });
  }

  /** Its own export; for `prepare` alone the last one, for `update-expressions` alone the last applied one. */
  async function exportToPrepare(sync: SyncRow): Promise<{ exportRef: ExportReference; mode: Preparation['mode'] }> {
    if (sync.tasks.includes('export') && sync.exportRef) return { exportRef: sync.exportRef, mode: sync.mode };
    if (sync.preparation) return { exportRef: sync.preparation.exportRef, mode: sync.preparation.mode };
    const last = await lastExport(db, sync.connector, sync.tasks[0] === 'update-expressions');
    if (!last) throw new SyncError('nothing-prepared', 'There is no export to prepare: run the task export first.');
    return { exportRef: last.exportRef, mode: last.mode };
  }

  async function tablesOf(
    exportRef: ExportReference,
    sync: SyncRow,
  ): Promise<
    { connection: string; manifest: ManifestTable; ref: { connector: string; syncId: string; attempt: string } }[]
  > {
    const tables = [];
    for (const { connection, attempt } of exportRef.attempts) {
      const ref = { connector: sync.connectorName, syncId: exportRef.syncId, attempt };
      const manifest = await store.readManifest(ref);
      for (const table of manifest.tables) tables.push({ connection, manifest: table, ref });
    }
    return tables;
  }

  async function stageAll(
    sync: SyncRow,
    file: ConnectorFile,
    mapping: ConnectorMapping,
    catalog: Catalog,
    preparation: Preparation,
    staging: Staging,
    signal: AbortSignal,
  ): Promise<Sinks['counts']> {
    const client = await connectForCopy(databaseUrl);
    try {
      const sinks = openSinks(client, file, sync, catalog, staging);
      let seq = 0;
      let told = Date.now();
      for (const { connection, manifest, ref } of await tablesOf(preparation.exportRef, sync)) {
        const table = limit(mapping, connection, manifest.table, sync);
        if (!table) continue;
        const stager = new TableStager(table, sinks, seq);
        let entered: string | undefined;
        const columns = manifest.columns;
        if (manifest.commandColumn === undefined) {
          stager.enter({ source: manifest.table, columns, commandColumn: undefined });
          await reportDrift(db, sync, connection, manifest.table, columns, table);
          entered = manifest.table;
        }
        for await (const batch of store.readTable(ref, manifest, signal)) {
          if (batch.source !== entered) {
            stager.enter({ source: batch.source, columns: batch.columns, commandColumn: manifest.commandColumn });
            entered = batch.source;
          }
          for (const sink of stager.take(batch.records)) await sink.flush();
          if (Date.now() - told > 1000) {
            told = Date.now();
            await tellProgress(db, sync.no, 'rowsPrepared', stager.seq);
          }
        }
        seq = stager.seq;
        preparation.tables.push({
          connection,
          table: manifest.table,
          columns,
          certified: manifest.certified,
          files: manifest.state.files,
        });
      }
      for (const sink of allSinks(sinks)) await sink.flush();
      return sinks.counts;
    } finally {
      await client.end();
    }
  }

  return { prepareExport };
}

function stagingPlan(file: ConnectorFile, sync: SyncRow, catalog: Catalog): StagingPlan {
  const plan: StagingPlan = { entityTypes: [], linkTables: [] };
  for (const type of file.entityTypes.filter((each) => inScope(sync.scope, each.name))) {
    const { id } = catalogType(catalog, type.name);
    const references = [];
    for (const [name, navigation] of Object.entries(type.navigationProperties)) {
      const link = catalogLink(catalog, id, name, navigation);
      if (navigation.table === undefined) references.push({ property: link.id, multiValued: link.multiValued });
      else plan.linkTables.push(link.id);
    }
    plan.entityTypes.push({ id, references });
  }
  return plan;
}

function openSinks(
  client: ConstructorParameters<typeof CopyWriter>[0],
  file: ConnectorFile,
  sync: SyncRow,
  catalog: Catalog,
  staging: Staging,
): Sinks {
  const sinks: Sinks = {
    rows: new Map(),
    frozenKeys: new Map(),
    links: new Map(),
    frozenLinks: new Map(),
    errors: new CopyWriter(client, stagedErrors(staging), errorColumns),
    counts: new Map(),
  };
  for (const type of file.entityTypes.filter((each) => inScope(sync.scope, each.name))) {
    const { id } = catalogType(catalog, type.name);
    const references: string[] = [];
    for (const [name, navigation] of Object.entries(type.navigationProperties)) {
      const link = catalogLink(catalog, id, name, navigation);
      if (navigation.table === undefined) {
        references.push(referenceColumn(link.id), referenceGiven(link.id));
        continue;
      }
      const scope = `${type.name}.${name}`;
      sinks.links.set(scope, new CopyWriter(client, stagedLinks(staging, link.id), linkColumns));
      sinks.frozenLinks.set(scope, new CopyWriter(client, frozenLinks(staging, link.id), ['source', 'target']));
    }
    sinks.rows.set(type.name, new CopyWriter(client, stagedRows(staging, id), [...entityColumns, ...references]));
    sinks.frozenKeys.set(type.name, new CopyWriter(client, frozenKeys(staging, id), ['key']));
  }
  return sinks;
}

const allSinks = (sinks: Sinks): CopyWriter[] => [
  ...sinks.rows.values(),
  ...sinks.frozenKeys.values(),
  ...sinks.links.values(),
  ...sinks.frozenLinks.values(),
  sinks.errors,
];

/** The mapping of a table without the entity types and links that the sync's scope leaves out. */
function limit(mapping: ConnectorMapping, connection: string, table: string, sync: SyncRow): TableMapping | undefined {
  const found = mapping.tables.find((each) => each.connection === connection && each.table === table);
  if (!found) return undefined;
  return {
    ...found,
    entityTypes: found.entityTypes.filter((type) => inScope(sync.scope, type.name)),
    links: found.links.filter((link) => inScope(sync.scope, link.entityType)),
  };
}
