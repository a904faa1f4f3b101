import { createHash, randomBytes } from 'node:crypto';
import { Context } from '@temporalio/activity';
import type { Checkpoint, Connection, ConnectorPackage, Pacer, ReadSession } from '../../connectors/package.ts';
import { amount } from '../../domain/amount.ts';
import type { Delta } from '../../domain/delta.ts';
import { reached } from '../../domain/marked-points.ts';
import type { ExportRequest } from '../../store/export-request.ts';
import type { AttemptReference, ExportStore } from '../../store/export-store.ts';
import type { ExportCheckpoint, ManifestTable } from '../../store/manifest.ts';
import { pacerOf } from './busy-source.ts';
import type { Exported } from './outcome.ts';
import { pendingOf } from './pending.ts';
import { openSession } from './read-session.ts';
import { readByKeys } from './read-by-keys.ts';
import { readTable, type Earlier } from './read-table.ts';
import type { Pace, Report } from './report.ts';

/** What a retry finds in Temporal: the attempt before, whose checkpoint is in the export store. */
interface Beat {
  attempt: string;
}

/** One attempt to read a connection. Nothing in it needs the database. */
export interface Reading {
  store: ExportStore;
  request: ExportRequest;
  adapter: ConnectorPackage;
  connection: Connection;
  /** Folder of this attempt. An earlier attempt may still be writing, so each has one of its own. */
  attempt: string;
  report: Report;
  pace: Pace;
  /** Replaces the details of the heartbeat. */
  tell: (details: unknown) => void;
  signal: AbortSignal;
}

/**
 * Reads every table of a connection into a folder of this attempt, and writes its manifest last. A retry takes over the
 * parts that the attempt before had closed, as far as the source is still the same, and continues after them. If the source
 * cannot tell what has changed, it ends without a manifest.
 */
export async function readConnection(reading: Reading): Promise<Exported> {
  const { store, request, adapter, connection, attempt, report, pace, signal } = reading;
  const { pacer, answered } = pacerOf(pace, { resume: adapter.resume, signal });
  const { mode, tables } = request;
  const names = tables.map(({ table }) => table);
  const startedAt = new Date().toISOString();
  const reference = { connector: request.connector, syncId: request.syncId, attempt };
  const exported: ManifestTable[] = [];
  let rowsBefore = 0;
  const session = await openSession(adapter, connection, { mode, tables: names, pacer, signal });
  try {
    const pending = mode === 'complete' ? await notePending(reading) : new Map<string, Delta[]>();
    const noted = createHash('sha256')
      .update(JSON.stringify([...pending], contentOnly))
      .digest('hex');
    const earlier = adapter.resume === 'none' ? undefined : await earlierAttempt(store, reference, noted);
    const notes = earlier?.checkpoint?.notes ?? (await noteCheckpoints(request, session, { pacer, signal }));
    const keep = async (checkpoint: Pick<ExportCheckpoint, 'table' | 'parts' | 'checkpoint'>) => {
      const finished = adapter.resume === 'table' ? { finished: exported } : {};
      await store.writeCheckpoint(reference, { ...checkpoint, ...finished, notes, noted });
      reading.tell({ attempt } satisfies Beat);
    };
    for (const of of tables) {
      const { table } = of;
      const done =
        (await takeOver(store, reference, table, earlier)) ??
        (await readByKeys({ ...reading, session, of, reference, pacer, answered })) ??
        (await readTable({
          ...{ store, request, adapter, session, of, reference, earlier, rowsBefore, keep, signal, pacer, answered },
          report,
          noted: pending.get(table),
          note: notes[table],
          notedBefore: earlier?.checkpoint?.notes?.[table],
        }));
      if ('refused' in done) return done;
      exported.push(done);
      if (adapter.resume === 'table') await keep({ table: '', parts: [], checkpoint: '' });
      await reached('export/table-read');
      rowsBefore += done.rows;
      await report.line(
        done.certified ? 'info' : 'warn',
        `Read ${amount(done.rows, 'row')} of ${table}${done.keys ? ` by ${amount(done.keys.asked, 'key')}` : ''}${done.reason === undefined ? '' : `. ${done.reason}`}`,
      );
    }
  } finally {
    await session.close();
    await pace.end();
  }
  await report.rows(rowsBefore);
  await store.writeManifest(reference, {
    version: 1,
    connector: request.connector,
    syncId: request.syncId,
    attempt,
    mode,
    startedAt,
    endedAt: new Date().toISOString(),
    filterFingerprint: request.filterFingerprint,
    tables: exported,
  });
  await reached('export/manifest-written');
  return { attempt };
}

/** @param begin what the name of the folder begins with */
export const newAttempt = (begin: string): string =>
  `${begin}-${String(Context.current().info.attempt)}-${randomBytes(4).toString('hex')}`;

/** A table that the previous attempt read to its end, where the package goes on with the next table. */
async function takeOver(
  store: ExportStore,
  reference: AttemptReference,
  table: string,
  earlier: Earlier | undefined,
): Promise<ManifestTable | undefined> {
  const finished = earlier?.checkpoint?.finished?.find((each) => each.table === table);
  if (!earlier || !finished) return undefined;
  const { parts } = await store.beginTable(reference, table, { ...earlier, parts: finished.parts });
  return parts.length === finished.parts.length ? finished : undefined;
}

/** The checkpoints of the tables as they are now. To be called before the first table is read. */
async function noteCheckpoints(
  { mode, tables }: ExportRequest,
  session: ReadSession,
  asking: { pacer: Pacer; signal: AbortSignal },
): Promise<Record<string, Checkpoint>> {
  const notes: [string, Checkpoint][] = [];
  // a sync of single items leaves no checkpoint
  for (const { table, wanted, last } of mode === 'complete' ? tables.filter(({ keys }) => !keys) : []) {
    const note = await session.note?.({ table, ...(wanted ? { wanted } : {}), ...(last ? { last } : {}), ...asking });
    if (note) notes.push([table, note]);
  }
  return Object.fromEntries(notes);
}

/** The parts that the previous attempt closed; undefined if deltas have come since it began. */
async function earlierAttempt(
  store: ExportStore,
  reference: AttemptReference,
  noted: string,
): Promise<Earlier | undefined> {
  const beat = Context.current().info.heartbeatDetails as Beat | undefined;
  if (!beat) return undefined;
  const before = { ...reference, attempt: beat.attempt };
  const checkpoint = await store.readCheckpoint(before);
  return checkpoint?.noted === noted ? { reference: before, checkpoint } : undefined;
}

/** The deltas that an incremental read would take now. To be called before the first table is read. */
async function notePending(reading: Reading): Promise<Map<string, Delta[]>> {
  const noted = new Map<string, Delta[]>();
  for (const table of reading.request.tables) {
    const files = await pendingOf(reading, table);
    if (files.length > 0) noted.set(table.table, files);
  }
  return noted;
}

/** Deltas with the same content are the same deltas, whatever their stamps are. */
const contentOnly = (name: string, value: unknown) => (name === 'stamp' ? undefined : value);
