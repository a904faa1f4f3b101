import { createHash, randomBytes } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { amount } from '../domain/amount.ts';
import type { ConnectorFile } from '../domain/connector-file.ts';
import { SyncError } from '../domain/errors.ts';
import { changesGap, scopeOf } from '../connectors/registry.ts';
import { tablesToRead } from '../domain/incremental.ts';
import { filterFingerprint } from '../domain/filters.ts';
import { reached } from '../domain/marked-points.ts';
import { limitsOf } from '../domain/source-limits.ts';
import { tablesInScope } from '../domain/scope.ts';
import type {
  Checkpoint,
  Connection,
  ConnectorPackage,
  Pacer,
  ReadRequest,
  ReadSession,
} from '../connectors/package.ts';
import type { Delta } from '../domain/delta.ts';
import type { ModeReason } from '../domain/mode-reason.ts';
import { readFingerprint } from '../domain/read-fingerprint.ts';
import { wantedColumns } from '../domain/wanted-columns.ts';
import { findCheckpoint, findUnchangedBase, notedDeltas, storeLooks, takenDeltas } from '../repository/checkpoint.ts';
import { logSync } from '../repository/sync-log.ts';
import { enterPhase, startExport, tellProgress, type SyncRow } from '../repository/syncs.ts';
import type { AttemptReference } from '../store/export-store.ts';
import type { ExportCheckpoint, ManifestTable } from '../store/manifest.ts';
import { openConnection } from './connection.ts';
import { leavingTheSlot, pacerOf } from './busy-source.ts';
import type { Dependencies } from './dependencies.ts';
import { whileBeating } from './heartbeat.ts';
import { loadSync } from './load-sync.ts';
import { checkpointOf, proofOf } from './manifest-parts.ts';
import { openSession } from './read-session.ts';
import { inTurn, paced, paceOf, type NotYet } from './source-limits.ts';
import { writeEvent } from './write-event.ts';

/** What a retry finds in Temporal: the attempt before, whose checkpoint is in the export store. */
interface Beat {
  attempt: string;
}

/** A read of changes that the source could not give. Every connection has to be read completely. */
interface Refused {
  refused: ModeReason;
}

/** What became of a read: the folder of its attempt, or why there is none. */
export type Exported = { attempt: string } | Refused;

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
      tables: tablesToRead(file, sync, name, changesGap),
      limited: { sync, connection: name, limits: limitsOf(sync.connectorName, configured, opened.adapter.limits) },
    };
  }

  /** Whether a connection's sources are byte for byte those of the last fully applied complete sync. Reads, never parses. */
  async function isUnchanged(syncId: string, name: string): Promise<boolean | NotYet> {
    return whileBeating(async (_tell, cancelled) => {
      const { sync, file, adapter, connection, tables, limited } = await open(syncId, name);
      const base = await findUnchangedBase(db, sync.connector, sync.configRevision, version);
      if (!base || !adapter.state) return false;
      return inTurn(db, limited, cancelled, async (signal) => {
        const pace = paceOf(db, limited, signal);
        try {
          for (const table of tables) {
            const before = base.tables.find((each) => each.connection === name && each.table === table);
            if (before?.state === undefined) return false;
            await pace.request();
            // pending deltas are older than the source as it is now, so a complete sync has to mark them as taken
            if ((await pendingOf({ sync, file, adapter, connection }, name, table, signal)).length > 0) return false;
            if ((await adapter.state?.(connection, table, signal)) !== before.state) return false;
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
   * limits of the source allow no further reader now, it reads nothing and returns when to ask again. If the source cannot tell
   * what has changed, it ends without a manifest.
   */
  async function exportConnection(syncId: string, name: string): Promise<Exported | NotYet> {
    return whileBeating(async (tell, cancelled) => {
      const opened = await open(syncId, name);
      return leavingTheSlot(() =>
        inTurn(db, opened.limited, cancelled, (signal) => exportTables(opened, syncId, name, tell, signal)),
      );
    });
  }

  async function exportTables(
    opened: Awaited<ReturnType<typeof open>>,
    syncId: string,
    name: string,
    tell: (details: unknown) => void,
    signal: AbortSignal,
  ): Promise<Exported> {
    const { sync, file, adapter, connection, tables } = opened;
    const pace = paceOf(db, opened.limited, signal);
    const { pacer, answered } = pacerOf(db, opened.limited, { pace, resume: adapter.resume, signal });
    await startExport(db, sync.no);
    await enterPhase(db, sync.no, 'export');
    await reached('export/begun');
    const startedAt = new Date().toISOString();
    const reference = { connector: sync.connectorName, syncId, attempt: newAttempt(name) };
    const exported: ManifestTable[] = [];
    const rows = { before: 0 };
    const session = await openSession(adapter, connection, { mode: sync.mode, tables, pacer, signal });
    try {
      const pending = sync.mode === 'complete' ? await notePending(opened, name, signal) : new Map<string, Delta[]>();
      const noted = createHash('sha256')
        .update(JSON.stringify([...pending], contentOnly))
        .digest('hex');
      const earlier = adapter.resume === 'none' ? undefined : await earlierAttempt(reference, noted);
      const notes = earlier?.checkpoint?.notes ?? (await noteCheckpoints(opened, session, { pacer, signal }));
      const keep = async (checkpoint: Pick<ExportCheckpoint, 'table' | 'parts' | 'checkpoint'>) => {
        const finished = adapter.resume === 'table' ? { finished: exported } : {};
        await store.writeCheckpoint(reference, { ...checkpoint, ...finished, notes, noted });
        tell({ attempt: reference.attempt } satisfies Beat);
      };
      for (const table of tables) {
        const done =
          (await takeOver(reference, table, earlier)) ??
          (await exportTable({
            ...opened,
            name,
            table,
            reference,
            earlier,
            rows,
            keep,
            signal,
            session,
            pacer,
            answered,
            noted: pending.get(table),
            note: notes[table],
          }));
        if ('refused' in done) return done;
        exported.push(done);
        if (adapter.resume === 'table') await keep({ table: '', parts: [], checkpoint: '' });
        await reached('export/table-read');
        rows.before += done.rows;
        await logSync(
          db,
          sync.no,
          'export',
          done.certified ? 'info' : 'warn',
          `Read ${amount(done.rows, 'row')} of ${table}${done.reason === undefined ? '' : `. ${done.reason}`}`,
        );
      }
    } finally {
      await session.close();
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

  /** A table that the previous attempt read to its end, where the package goes on with the next table. */
  async function takeOver(
    reference: AttemptReference,
    table: string,
    earlier: TableExport['earlier'],
  ): Promise<ManifestTable | undefined> {
    const finished = earlier?.checkpoint?.finished?.find((each) => each.table === table);
    if (!earlier || !finished) return undefined;
    const { parts } = await store.beginTable(reference, table, { ...earlier, parts: finished.parts });
    return parts.length === finished.parts.length ? finished : undefined;
  }

  /** The checkpoints of the tables as they are now. To be called before the first table is read. */
  async function noteCheckpoints(
    { sync, file, connection, tables }: Awaited<ReturnType<typeof open>>,
    session: ReadSession,
    asking: { pacer: Pacer; signal: AbortSignal },
  ): Promise<Record<string, Checkpoint>> {
    const notes: [string, Checkpoint][] = [];
    for (const table of sync.mode === 'complete' ? tables : []) {
      const last = await lastOf(sync, connection.name, table);
      const note = await session.note?.({ table, ...wantedOf(file, connection.name, table), ...last, ...asking });
      if (note) notes.push([table, note]);
    }
    return Object.fromEntries(notes);
  }

  /** The parts that the previous attempt closed; undefined if deltas have come since it began. */
  async function earlierAttempt(reference: AttemptReference, noted: string): Promise<TableExport['earlier']> {
    const beat = Context.current().info.heartbeatDetails as Beat | undefined;
    if (!beat) return undefined;
    const before = { ...reference, attempt: beat.attempt };
    const checkpoint = await store.readCheckpoint(before);
    return checkpoint?.noted === noted ? { reference: before, checkpoint } : undefined;
  }

  /** The deltas that an incremental read would take now. To be called before the first table is read. */
  async function notePending(
    opened: Awaited<ReturnType<typeof open>>,
    name: string,
    signal: AbortSignal,
  ): Promise<Map<string, Delta[]>> {
    const noted = new Map<string, Delta[]>();
    for (const table of opened.tables) {
      const files = await pendingOf(opened, name, table, signal);
      if (files.length > 0) noted.set(table, files);
    }
    return noted;
  }

  /** The deltas of a table that no sync has taken as they stand. */
  async function pendingOf(
    { sync, file, adapter, connection }: Pick<TableExport, 'sync' | 'file' | 'adapter' | 'connection'>,
    name: string,
    table: string,
    signal: AbortSignal,
  ): Promise<Delta[]> {
    if (!adapter.pending) return [];
    const taken = await takenDeltas(db, sync.connector, name, table);
    const tables = tablesInScope(file, null, name);
    const { deltas, looks } = await adapter.pending(connection, { table, tables, taken, signal });
    await storeLooks(db, sync.connector, { connection: name, table }, looks);
    return deltas;
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
    keep: (checkpoint: Pick<ExportCheckpoint, 'table' | 'parts' | 'checkpoint'>) => Promise<void>;
    signal: AbortSignal;
    noted: Delta[] | undefined;
    /** The checkpoint as it was before the read began. */
    note: Checkpoint | undefined;
    session: ReadSession;
    pacer: Pacer;
    /** After each answer of the source. */
    answered: () => Promise<void>;
  }

  async function exportTable(of: TableExport): Promise<ManifestTable | Refused> {
    const { sync, file, adapter, session, table, reference, pacer, signal } = of;
    const before = of.earlier?.checkpoint?.table === table ? of.earlier.checkpoint : undefined;
    const from = before && of.earlier && { reference: of.earlier.reference, parts: before.parts };
    const writer = await store.beginTable(reference, table, from);
    // the checkpoint of the source is right only if every closed part could be taken over
    const resumeAfter = before && writer.parts.length === before.parts.length ? before.checkpoint : undefined;
    const target =
      resumeAfter === undefined && writer.parts.length > 0 ? await store.beginTable(reference, table) : writer;
    let segment: { source: string; columns: string[]; known?: string[]; commands?: string } = {
      source: table,
      columns: [],
    };
    let columns: string[] | undefined;
    let told = Date.now();
    try {
      const events = session.read({
        table,
        mode: sync.mode,
        tables: tablesInScope(file, null, of.name),
        ...wantedOf(file, of.name, table),
        ...(await progressOf(of)),
        ...(resumeAfter === undefined ? {} : { resumeAfter }),
        pacer,
        signal,
      });
      for await (const event of paced(events, () => pacer.request())) {
        await of.answered();
        if (event.kind === 'segment') {
          segment = event;
          columns ??= event.columns;
        } else if (event.kind === 'passed-over') {
          await storeLooks(db, sync.connector, { connection: of.name, table }, event.looks);
          await tellPassedOver(sync, table, event.sources);
        } else if (event.kind === 'refused') {
          if (sync.mode === 'complete') throw refusedComplete(table);
          return { refused: { code: event.code, message: event.reason } };
        } else if (event.kind !== 'end') {
          const closed = await writeEvent(target, segment, event);
          if (closed) await of.keep({ table, parts: [...target.parts], checkpoint: event.resume });
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
            ...(segment.known === undefined ? {} : { known: segment.known }),
            ...(segment.commands === undefined ? {} : { commandColumn: segment.commands }),
            ...(adapter.cells === 'structured' ? { structured: true } : {}),
            ...proofOf(event),
            ...(of.noted ? { noted: of.noted } : {}),
            ...checkpointOf(event, of.note),
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

  /** The checkpoint that the last applied sync left, whatever was mapped then. */
  async function lastOf(sync: SyncRow, connection: string, table: string): Promise<Pick<ReadRequest, 'last'>> {
    const last = await findCheckpoint(db, sync.connector, { connection, table });
    return last ? { last } : {};
  }

  /** How far earlier syncs have read the table. */
  async function progressOf({ sync, file, adapter, name, table }: TableExport): Promise<Partial<ReadRequest>> {
    if (sync.mode === 'complete') return lastOf(sync, name, table);
    if (adapter.pending)
      return {
        known: {
          taken: await takenDeltas(db, sync.connector, name, table),
          noted: await notedDeltas(db, sync.connector, name, table),
        },
      };
    const fingerprint = readFingerprint(file, name, table);
    const since = await findCheckpoint(db, sync.connector, { connection: name, table, fingerprint });
    return since ? { since } : {};
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

/** What the connector file maps of a table, for packages that ask their source for no more. */
function wantedOf(file: ConnectorFile, connection: string, table: string): Pick<ReadRequest, 'wanted'> {
  const wanted = wantedColumns(file, connection, table);
  return wanted ? { wanted } : {};
}

const refusedComplete = (table: string) =>
  new SyncError('internal', `The package refused a complete read of ${table}. Only reads of changes can be refused.`, {
    table,
  });

/** So many are named in one line of the log. */
const namedFiles = 50;

/** Deltas with the same content are the same deltas, whatever their stamps are. */
const contentOnly = (name: string, value: unknown) => (name === 'stamp' ? undefined : value);

/** Every attempt writes to a folder of its own, since an earlier attempt may still be writing. */
const newAttempt = (connection: string) =>
  `${connection}-${String(Context.current().info.attempt)}-${randomBytes(4).toString('hex')}`;
