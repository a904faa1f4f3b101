import { changesGap } from '../connectors/registry.ts';
import { amount } from '../domain/amount.ts';
import { taskOf } from '../domain/task-results.ts';
import type { ConnectorFile, EntityTypeFile } from '../domain/connector-file.ts';
import { SyncError } from '../domain/errors.ts';
import { skippedParts, tableNames, type SkippedParts } from '../domain/incremental.ts';
import { compileMapping, type ConnectorMapping, type TargetType } from '../domain/mapping.ts';
import { reached } from '../domain/marked-points.ts';
import { inScope, linksInScope } from '../domain/scope.ts';
import { entityTypesOf, linkPropertiesOf, targetTypes } from '../repository/catalog.ts';
import { keepsChanges, linkedRevisions } from '../repository/applied-base.ts';
import { finishCopies, withCopies } from '../repository/copy.ts';
import type { Queryable } from '../repository/database.ts';
import { NarrowRefused } from '../repository/narrow.ts';
import { resolveDeltas } from '../repository/resolve-deltas.ts';
import { resolveRows } from '../repository/resolve-rows.ts';
import { clearErrors } from '../repository/row-errors.ts';
import { beginStaging, markStaged, tellErrors, type Staging, type StagingPlan } from '../repository/staging.ts';
import { logSync } from '../repository/sync-log.ts';
import { lastExport } from '../repository/last-export.ts';
import {
  enterPhase,
  leavePhase,
  requireUncompared,
  tellProgress,
  updateSync,
  type ExportReference,
  type Preparation,
  type ReadCounts,
  type SyncRow,
} from '../repository/syncs.ts';
import type { Dependencies } from './dependencies.ts';
import { whileBeating } from './heartbeat.ts';
import { computeProfiles } from './compute-profiles.ts';
import { loadSync } from './load-sync.ts';
import { mapDirectory } from './map-directory.ts';
import {
  addCounts,
  findNarrowBase,
  soughtTables,
  stageDifference,
  type Difference,
  type NarrowBase,
} from './narrow.ts';
import { catalogType, leadsOf, warnsCaseVariants, type Catalog } from './plan-diff.ts';
import { stageNamedKeys } from './named-since.ts';
import { allSinks, openSinks, stagingPlan } from './sinks.ts';
import { preparedTable, tablesOf, type ConnectionTable } from './connection-tables.ts';
import { stageExport } from './stage-export.ts';
import { stageSought } from './stage-sought.ts';
import { noCounts, type Sinks } from './stage-table.ts';

/** What the attempts to prepare one sync have in common. */
interface Preparing {
  sync: SyncRow;
  file: ConnectorFile;
  catalog: Catalog;
  /** Every entity type as links lead to it, and the revisions of the connectors of those. */
  targets: ReadonlyMap<string, TargetType>;
  linked: Record<string, number>;
  mapping: ConnectorMapping;
  exportRef: ExportReference;
  mode: Preparation['mode'];
  tables: ConnectionTable[];
  signal: AbortSignal;
}

/** Puts rows into the sinks. `arrive` sends what they hold, so that the database sees it. */
type Stage = (sinks: Sinks, staging: Staging, arrive: () => Promise<void>) => Promise<Difference['gone'] | undefined>;

export function createPrepareActivities(dependencies: Dependencies) {
  const { db, databaseUrl, packages, store, version } = dependencies;
  /**
   * Maps the exported rows into staging tables, settles duplicates and faults, and marks the staging as whole. If the
   * export can be compared line by line with the earlier export, it maps only the rows that differ. Otherwise it maps
   * every row. A retry starts over: staging and errors of the sync are dropped first.
   */
  async function prepareExport(syncId: string): Promise<void> {
    await whileBeating(async (_tell, signal) => {
      const { sync, file } = await loadSync(db, syncId);
      // the workflow was reset to an earlier point: the change set that was found stays
      if (sync.digest !== null) return;
      if (sync.tasks.includes('map')) {
        await mapDirectory(dependencies, sync, signal);
        return;
      }
      if (sync.tasks.includes('compute')) {
        await computeProfiles(dependencies, sync, file, signal);
        return;
      }
      await enterPhase(db, sync.no, 'prepare');
      await reached('prepare/begun');
      const { exportRef, mode } = await exportToPrepare(sync);
      const catalog: Catalog = {
        types: await entityTypesOf(db, sync.connector),
        links: await linkPropertiesOf(db, sync.connector),
      };
      const linked = await linkedRevisions(db, sync.connector);
      const targets = await targetTypes(db);
      const mapping = compileMapping(file, {
        today: new Date(sync.createdAt),
        elsewhere: (name) => targets.get(name),
        structured: (name) => packages.get(name).cells === 'structured',
      });
      const tables = await tablesOf(store, exportRef, sync.connectorName);
      if (exportRef.syncId !== sync.id && tables.some(({ table }) => table.keys)) throw onlyKeys();
      const preparing = { sync, file, catalog, targets, linked, mapping, exportRef, mode, tables, signal };
      const base = await findNarrowBase({ db, store, version }, sync, file, catalog, tables);
      const preparation = (base && (await prepareDifference(preparing, base))) ?? (await prepareRows(preparing));
      if (sync.tasks.length > 1 && sync.tasks.includes('update-expressions')) await tellExpressions(sync, file);
      const all = [...Object.values(preparation.types), ...Object.values(preparation.links)];
      const rejected = all.reduce((sum, each) => sum + each.rejected, 0);
      const read = all.reduce((sum, each) => sum + each.read, 0);
      await tellProgress(db, sync.no, 'rowsPrepared', read);
      await tellProgress(db, sync.no, 'rowsRejected', rejected);
      await leavePhase(db, sync.no, 'prepare');
      await logSync(
        db,
        sync.no,
        taskOf(sync, 'prepare'),
        rejected > 0 ? 'warn' : 'info',
        `Prepared ${amount(read, 'row')}, ${rejected.toLocaleString('en-US')} rejected.`,
      );
    });
  }

  /** In All Tasks the task update-expressions has nothing to do: prepare evaluates the expressions. A log line says so. */
  async function tellExpressions(sync: SyncRow, file: ConnectorFile): Promise<void> {
    const count = file.entityTypes
      .filter((type) => inScope(sync.scope, type.name))
      .flatMap((type) => Object.values(type.properties))
      .filter((property) => property.expression !== undefined).length;
    const what = count === 1 ? '1 property' : `${String(count)} properties`;
    await logSync(
      db,
      sync.no,
      'update-expressions',
      'info',
      `The task prepare already evaluated the expressions of ${what}.`,
    );
  }

  async function prepareRows(preparing: Preparing): Promise<Preparation> {
    const { sync, file, mapping, exportRef, tables, signal } = preparing;
    return prepareBy(preparing, undefined, async (sinks) => {
      await stageExport({ db, store }, { sync, file }, tables, mapping, sinks, signal);
      if (isExpressionsOnly(sync)) await stageNamedKeys({ db, store }, sync, exportRef.syncId, mapping, sinks, signal);
      return undefined;
    });
  }

  /** @returns undefined if everything has to be staged after all */
  async function prepareDifference(preparing: Preparing, base: NarrowBase): Promise<Preparation | undefined> {
    const { sync, file, catalog, targets, mapping, signal } = preparing;
    try {
      return await prepareBy(preparing, base, async (sinks, staging, arrive) => {
        const difference = await stageDifference(store, sync, base, mapping, sinks, signal);
        const sought = await stageSought(
          {
            db,
            store,
            sync,
            staging,
            mapping,
            ...named(file, catalog, targets),
            since: base.since,
            sinks,
            arrive,
            signal,
          },
          soughtTables(base, sinks, difference.gone),
          difference.seq,
        );
        if (!(await keepsChanges(db, base.since))) throw new NarrowRefused('changes since then are no longer kept');
        await logSync(
          db,
          sync.no,
          taskOf(sync, 'prepare'),
          'info',
          `Compared line by line with the last applied export: ${amount(difference.added, 'line')} added, ${difference.removed.toLocaleString('en-US')} removed` +
            (difference.listed > 0 ? `, ${amount(difference.listed, 'line')} that had errors taken again` : '') +
            (sought > 0
              ? `, ${amount(sought, 'line')} taken again for what they lead to or what has changed since`
              : '') +
            '.',
        );
        return difference.gone;
      });
    } catch (error) {
      if (!(error instanceof NarrowRefused)) throw error;
      await logSync(
        db,
        sync.no,
        taskOf(sync, 'prepare'),
        'info',
        `This sync compares all rows, because ${error.message}.`,
      );
      return undefined;
    }
  }

  async function prepareBy(
    { sync, file, catalog, linked, exportRef, mode, tables }: Preparing,
    base: NarrowBase | undefined,
    stage: Stage,
  ): Promise<Preparation> {
    const plan = stagingPlan(file, sync, catalog, {
      narrowed: base !== undefined,
      deltas: mode === 'incremental',
      named: isExpressionsOnly(sync),
    });
    // under the lock of the sync, so that an attempt that hung drops no table of the attempt that replaced it
    const staging = await db.transaction(async (tx) => {
      await requireUncompared(tx, sync.no);
      await clearErrors(tx, sync.no);
      return beginStaging(tx, sync.no, plan);
    });
    const { counts, gone } = await intoSinks(sync, file, catalog, staging, plan, stage);
    await reached('prepare/rows-staged');
    const skipped =
      mode === 'incremental' ? skippedParts(file, sync.scope, changesGap) : { entityTypes: [], links: [], tables: [] };
    const preparation: Preparation = {
      ...staging,
      exportRef,
      consumed: false,
      mode,
      scope: sync.scope,
      ...(base ? { narrowed: { base: base.sync, inARow: base.inARow, since: base.since } } : {}),
      linked,
      ...(sync.preparation?.whole ? { whole: true } : {}),
      ...(skipped.tables.length > 0 ? { skipped: { entityTypes: skipped.entityTypes, links: skipped.links } } : {}),
      types: {},
      links: {},
      tables: tables.map(preparedTable),
    };
    await db.transaction(async (tx) => {
      await requireUncompared(tx, sync.no);
      await tellErrors(tx, staging);
      for (const type of file.entityTypes.filter((each) => inScope(sync.scope, each.name))) {
        const read = counts.get(type.name) ?? noCounts();
        await settleRows(tx, staging, plan, type, catalog, mode, read);
        if (base && read.duplicates > 0) throw new NarrowRefused(`${type.name} has rows with the same key`);
        preparation.types[type.name] = base
          ? addCounts(base.types[type.name] ?? noCounts(), gone?.get(type.name), read)
          : read;
        for (const [name, navigation] of linksInScope(sync.scope, type)) {
          if (navigation.table === undefined) continue;
          const scope = `${type.name}.${name}`;
          const links = counts.get(scope) ?? noCounts();
          preparation.links[scope] = base ? addCounts(base.links[scope] ?? noCounts(), gone?.get(scope), links) : links;
        }
      }
      await markStaged(tx, staging);
      await updateSync(tx, sync.no, {
        preparation,
        mode,
        completeness: completenessOf(tables, skipped.tables),
      });
      await reached('prepare/before-commit');
    });
    await reached('prepare/committed');
    return preparation;
  }

  async function intoSinks(
    sync: SyncRow,
    file: ConnectorFile,
    catalog: Catalog,
    staging: Staging,
    plan: StagingPlan,
    stage: Stage,
  ): Promise<{ counts: Sinks['counts']; gone: Difference['gone'] | undefined }> {
    return withCopies(db, databaseUrl, async (client) => {
      const sinks = openSinks(client, file, sync, catalog, staging, plan);
      const arrive = async () => {
        for (const sink of allSinks(sinks)) await sink.flush();
        await finishCopies(client);
      };
      const gone = await stage(sinks, staging, arrive);
      await arrive();
      return { counts: sinks.counts, gone };
    });
  }

  /** Settles what needs all rows of an entity type together, and completes the counts. */
  async function settleRows(
    tx: Queryable,
    staging: Staging,
    plan: StagingPlan,
    type: EntityTypeFile,
    catalog: Catalog,
    mode: Preparation['mode'],
    read: ReadCounts,
  ): Promise<void> {
    const row = catalogType(catalog, type.name);
    const about = {
      id: row.id,
      name: type.name,
      keyCount: type.key.length,
      identity: type.source.identity !== undefined,
    };
    const references = plan.entityTypes.find(({ id }) => id === row.id)?.references ?? [];
    const settled =
      mode === 'incremental'
        ? await resolveDeltas(tx, staging, about)
        : await resolveRows(tx, staging, {
            ...about,
            references: references.map(({ property }) => property),
            warnCaseVariants: warnsCaseVariants(row),
          });
    read.accepted = settled.accepted;
    read.duplicates = settled.duplicates;
    read.rejected += settled.rejected;
  }

  /** Its own export; for `prepare` alone the last one, for `update-expressions` alone the last one that was compared as a whole. */
  async function exportToPrepare(sync: SyncRow): Promise<{ exportRef: ExportReference; mode: Preparation['mode'] }> {
    if (sync.tasks.includes('export') && sync.exportRef) return { exportRef: sync.exportRef, mode: sync.mode };
    if (sync.preparation) return { exportRef: sync.preparation.exportRef, mode: sync.preparation.mode };
    const last = await lastExport(db, sync.connector, sync.tasks[0] === 'update-expressions');
    if (!last) throw new SyncError('nothing-prepared', 'The sync has no export to prepare. Run the task export first.');
    return { exportRef: last.exportRef, mode: last.mode };
  }

  return { prepareExport };
}

/** The entity types of a file, and where its links lead, with their names in the counters. */
function named(file: ConnectorFile, catalog: Catalog, targets: ReadonlyMap<string, TargetType>) {
  const types = file.entityTypes.map(({ name }) => ({ id: catalogType(catalog, name).id, name }));
  const nameOf = (lead: { id: number; entityType: number }) =>
    `${types.find(({ id }) => id === lead.entityType)?.name ?? ''}.${catalog.links.find(({ id }) => id === lead.id)?.name ?? ''}`;
  return { types, leads: leadsOf(file, catalog, targets).map((lead) => ({ ...lead, name: nameOf(lead) })) };
}

const onlyKeys = () =>
  new SyncError('nothing-prepared', 'The export has single resources only. Run the task export first.');

const isExpressionsOnly = (sync: SyncRow) => sync.tasks[0] === 'update-expressions';

/** What a sync records for each table: whether its source proved that it was read to its end, or why it was not read. */
function completenessOf(tables: ConnectionTable[], skipped: SkippedParts['tables']): SyncRow['completeness'] {
  const read = tables.map(({ connection, table, mode, startedAt }) => ({ ...table, connection, mode, startedAt }));
  const nameOf = tableNames([...read, ...skipped]);
  return Object.fromEntries([
    ...read.map((each) => [
      nameOf(each),
      {
        certified: each.certified,
        ...(each.code === undefined ? {} : { code: each.code }),
        ...(each.reason === undefined ? {} : { reason: each.reason }),
        mode: each.mode,
        ...(each.checkpoint ? { checkpoint: { name: each.checkpoint.name, at: each.startedAt } } : {}),
      },
    ]),
    ...skipped.map((each) => [nameOf(each), { certified: false, skipped: true, reason: each.reason }]),
  ]) as SyncRow['completeness'];
}
