import { createHash, randomBytes } from 'node:crypto';
import { Context } from '@temporalio/activity';
import type { ConnectorFile } from '../domain/connector-file.ts';
import { SyncError } from '../domain/errors.ts';
import { scopeOf } from '../connectors/registry.ts';
import { filterFingerprint } from '../domain/filters.ts';
import { reached } from '../domain/marked-points.ts';
import { limitsOf } from '../domain/source-limits.ts';
import { tablesInScope } from '../domain/scope.ts';
import type { Connection, ConnectorPackage, SourceFile, SourceState } from '../connectors/package.ts';
import { findUnchangedBase, takenDeltas } from '../repository/checkpoint.ts';
import { logSync } from '../repository/sync-log.ts';
import { enterPhase, startExport, tellProgress, type SyncRow } from '../repository/syncs.ts';
import type { AttemptReference } from '../store/export-store.ts';
import type { ExportCheckpoint, ManifestTable } from '../store/manifest.ts';
import { openConnection } from './connection.ts';
import type { Dependencies } from './dependencies.ts';
import { whileBeating } from './heartbeat.ts';
import { loadSync } from './load-sync.ts';
import { inTurn, paced, paceOf, type NotYet } from './source-limits.ts';

/** What a retry finds in Temporal: the attempt before, whose checkpoint is in the export store. */
interface Beat {
  attempt: string;
}

export function createExportActivities({ db, store, packages, secretFolders, version }: Dependencies) {
  async function open(syncId: string, name: string) {
    const { sync, file } = await loadSync(db, syncId);
    const configured = file.connections.find((each) => each.name === name);
    if (!configured) throw new SyncError('configuration', `The revision has no connection ${name}.`);
    const opened = await openConnection({ packages, secretFolders }, configured);
    return {
      sync,
      file,
      ...opened,
      tables: tablesInScope(file, sync.scope, name),
      limited: { sync, connection: name, limits: limitsOf(sync.connectorName, configured, opened.adapter.limits) },
    };
  }

  /** Whether a connection's sources are byte for byte those of the last fully applied complete sync. Reads, never parses. */
  async function isUnchanged(syncId: string, name: string): Promise<boolean | NotYet> {
    return whileBeating(async (_tell, cancelled) => {
      const { sync, file, adapter, connection, tables, limited } = await open(syncId, name);
      const base = await findUnchangedBase(db, sync.connector, sync.configRevision, version);
      if (!base) return false;
      return inTurn(db, limited, cancelled, async (signal) => {
        const pace = paceOf(db, limited, signal);
        try {
          for (const table of tables) {
            const before = base.tables.find((each) => each.connection === name && each.table === table);
            if (!before) return false;
            await pace.request();
            // what lies there is older than these files, and a complete sync has to say so
            const taken = await takenDeltas(db, sync.connector, name, table);
            const known = tablesInScope(file, null, name);
            if (((await adapter.pending?.(connection, { table, tables: known, taken, signal })) ?? []).length > 0)
              return false;
            const now = await adapter.state(connection, table, signal);
            if (JSON.stringify(sorted(now.files)) !== JSON.stringify(sorted(before.files))) return false;
          }
          return true;
        } finally {
          await pace.end();
        }
      });
    });
  }

  /**
   * Reads every table of a connection into a folder of this attempt, and writes its manifest last. A retry takes over the
   * parts that the attempt before had closed, as far as the source is still the same, and continues after them. If the
   * limits of the source allow no further reader now, it reads nothing and returns when to ask again.
   */
  async function exportConnection(syncId: string, name: string): Promise<{ attempt: string } | NotYet> {
    return whileBeating(async (tell, cancelled) => {
      const opened = await open(syncId, name);
      return inTurn(db, opened.limited, cancelled, (signal) => exportTables(opened, syncId, name, tell, signal));
    });
  }

  async function exportTables(
    opened: Awaited<ReturnType<typeof open>>,
    syncId: string,
    name: string,
    tell: (details: unknown) => void,
    signal: AbortSignal,
  ): Promise<{ attempt: string }> {
    const { sync, file, tables } = opened;
    const pace = paceOf(db, opened.limited, signal);
    await startExport(db, sync.no);
    await enterPhase(db, sync.no, 'export');
    await reached('export/begun');
    const startedAt = new Date().toISOString();
    const reference = { connector: sync.connectorName, syncId, attempt: newAttempt(name) };
    const exported: ManifestTable[] = [];
    const rows = { before: 0 };
    try {
      const pending =
        sync.mode === 'complete' ? await notePending(opened, name, signal) : new Map<string, SourceFile[]>();
      const noted = createHash('sha256')
        .update(JSON.stringify([...pending]))
        .digest('hex');
      const earlier = await earlierAttempt(reference, noted);
      const keep = async (checkpoint: ExportCheckpoint) => {
        await store.writeCheckpoint(reference, { ...checkpoint, noted });
        tell({ attempt: reference.attempt } satisfies Beat);
      };
      for (const table of tables) {
        const done = await exportTable({
          ...opened,
          name,
          table,
          reference,
          earlier,
          rows,
          keep,
          signal,
          request: pace.request,
          noted: pending.get(table),
        });
        exported.push(done);
        await reached('export/table-read');
        rows.before += done.rows;
        await logSync(
          db,
          sync.no,
          'export',
          done.certified ? 'info' : 'warn',
          `Read ${done.rows.toLocaleString('en-US')} rows of ${table}${done.reason === undefined ? '' : `. ${done.reason}`}`,
        );
      }
    } finally {
      await pace.end();
    }
    await tellProgress(db, sync.no, 'rowsExported', rows.before);
    await store.writeManifest(reference, {
      version: 1,
      connector: sync.connectorName,
      syncId,
      attempt: reference.attempt,
      mode: sync.mode,
      startedAt,
      endedAt: new Date().toISOString(),
      filterFingerprint: filterFingerprint(file, scopeOf),
      tables: exported,
    });
    await reached('export/manifest-written');
    return { attempt: reference.attempt };
  }

  /** What the attempt before has left behind; nothing where delta files have come since it began. */
  async function earlierAttempt(reference: AttemptReference, noted: string): Promise<TableExport['earlier']> {
    const beat = Context.current().info.heartbeatDetails as Beat | undefined;
    if (!beat) return undefined;
    const before = { ...reference, attempt: beat.attempt };
    const checkpoint = await store.readCheckpoint(before);
    return checkpoint?.noted === noted ? { reference: before, checkpoint } : undefined;
  }

  /** What incremental reads would have taken so far: to be found before the first table is read. */
  async function notePending(
    { sync, file, adapter, connection, tables }: Awaited<ReturnType<typeof open>>,
    name: string,
    signal: AbortSignal,
  ): Promise<Map<string, SourceFile[]>> {
    const noted = new Map<string, SourceFile[]>();
    const known = tablesInScope(file, null, name);
    for (const table of tables) {
      const taken = await takenDeltas(db, sync.connector, name, table);
      const files = (await adapter.pending?.(connection, { table, tables: known, taken, signal })) ?? [];
      if (files.length > 0) noted.set(table, files);
    }
    return noted;
  }

  interface TableExport {
    sync: SyncRow;
    file: ConnectorFile;
    adapter: ConnectorPackage;
    connection: Connection;
    name: string;
    table: string;
    reference: AttemptReference;
    earlier: { reference: AttemptReference; checkpoint: ExportCheckpoint | undefined } | undefined;
    rows: { before: number };
    /** Writes the checkpoint, for a retry to go on from. */
    keep: (checkpoint: ExportCheckpoint) => Promise<void>;
    signal: AbortSignal;
    noted: SourceFile[] | undefined;
    /** Before each request to the source. */
    request: () => Promise<void>;
  }

  async function exportTable(of: TableExport): Promise<ManifestTable> {
    const { sync, adapter, connection, table, reference, signal } = of;
    const before = of.earlier?.checkpoint?.table === table ? of.earlier.checkpoint : undefined;
    const from = before && of.earlier && { reference: of.earlier.reference, parts: before.parts };
    const writer = await store.beginTable(reference, table, from);
    // the checkpoint of the source is right only if every closed part could be taken over
    const resumeAfter = before && writer.parts.length === before.parts.length ? before.checkpoint : undefined;
    const target =
      resumeAfter === undefined && writer.parts.length > 0 ? await store.beginTable(reference, table) : writer;
    const commandColumn = sync.mode === 'incremental' ? adapter.commandColumn(connection.settings) : undefined;
    let segment = { source: table, columns: [] as string[] };
    let columns: string[] | undefined;
    let told = Date.now();
    try {
      const events = adapter.export(connection, {
        table,
        mode: sync.mode,
        tables: tablesInScope(of.file, null, of.name),
        ...(sync.mode === 'incremental' ? { taken: await takenDeltas(db, sync.connector, of.name, table) } : {}),
        ...(resumeAfter === undefined ? {} : { resumeAfter }),
        signal,
      });
      for await (const event of paced(events, of.request)) {
        if (event.kind === 'segment') {
          segment = event;
          columns ??= event.columns;
        } else if (event.kind === 'passed-over') await tellPassedOver(sync, table, event.sources);
        else if (event.kind !== 'end') {
          const closed =
            event.kind === 'lines'
              ? await target.writeLines(segment.source, segment.columns, event.lines)
              : await target.write(segment.source, segment.columns, event.records);
          if (closed) await of.keep({ table, parts: [...target.parts], checkpoint: event.checkpoint });
          if (Date.now() - told > 1000) {
            told = Date.now();
            await tellProgress(db, sync.no, 'rowsExported', of.rows.before + target.rows);
          }
        } else {
          const parts = await target.finish();
          return {
            connection: of.name,
            table,
            columns: columns ?? [],
            ...(commandColumn === undefined ? {} : { commandColumn }),
            certified: event.certified,
            ...(event.reason === undefined ? {} : { reason: event.reason }),
            state: event.state,
            ...(of.noted ? { noted: of.noted } : {}),
            rows: target.rows,
            parts,
          };
        }
      }
      throw new SyncError(
        'internal',
        `The package ended the export of ${table} without a report of its completeness.`,
        { table },
      );
    } finally {
      await target.abandon();
    }
  }

  async function tellPassedOver(sync: SyncRow, table: string, sources: readonly string[]): Promise<void> {
    const more =
      sources.length > namedFiles ? ` and ${(sources.length - namedFiles).toLocaleString('en-US')} more` : '';
    const names = sources.slice(0, namedFiles).join(', ');
    const what = `Passed over delta files of ${table} that were taken before: ${names}${more}.`;
    await logSync(db, sync.no, 'export', 'info', what);
  }

  return { isUnchanged, exportConnection };
}

/** So many are named in one line of the log. */
const namedFiles = 50;

const sorted = (files: SourceState['files']) =>
  files.map(({ name, sha256, bytes }) => [name, sha256, bytes] as const).sort(([a], [b]) => (a < b ? -1 : 1));

/** Every attempt writes to a folder of its own, since an earlier attempt may still be writing. */
const newAttempt = (connection: string) =>
  `${connection}-${String(Context.current().info.attempt)}-${randomBytes(4).toString('hex')}`;
