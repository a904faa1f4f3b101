import type { Checkpoint, ConnectorPackage, Pacer, ReadRequest, ReadSession } from '../../connectors/package.ts';
import type { Delta } from '../../domain/delta.ts';
import { SyncError } from '../../domain/errors.ts';
import type { ExportRequest, TableRequest } from '../../store/export-request.ts';
import type { AttemptReference, ExportStore } from '../../store/export-store.ts';
import type { ExportCheckpoint, ManifestTable } from '../../store/manifest.ts';
import { paced } from './busy-source.ts';
import { checkpointOf, proofOf } from './manifest-parts.ts';
import type { Refused } from './outcome.ts';
import { takenOf } from './pending.ts';
import { readAhead } from './read-ahead.ts';
import type { Report } from './report.ts';
import { writeEvent } from './write-event.ts';

/** The attempt before, and how far it came. */
export interface Earlier {
  reference: AttemptReference;
  checkpoint: ExportCheckpoint | undefined;
}

interface TableRead {
  store: ExportStore;
  request: ExportRequest;
  adapter: ConnectorPackage;
  session: ReadSession;
  of: TableRequest;
  reference: AttemptReference;
  earlier: Earlier | undefined;
  /** Rows of the tables before. */
  rowsBefore: number;
  /** Writes the checkpoint, for a retry to go on from. */
  keep: (checkpoint: Pick<ExportCheckpoint, 'table' | 'parts' | 'checkpoint'>) => Promise<void>;
  noted: Delta[] | undefined;
  /** The checkpoint as it was before the read began. */
  note: Checkpoint | undefined;
  /** The same, if an attempt before has noted it. */
  notedBefore: Checkpoint | undefined;
  report: Report;
  pacer: Pacer;
  /** After each answer of the source. */
  answered: () => Promise<void>;
  signal: AbortSignal;
}

/** Reads one table into the folder of the attempt, after the parts of the attempt before. */
export async function readTable(reading: TableRead): Promise<ManifestTable | Refused> {
  const { store, request, adapter, session, of, reference, earlier, report, pacer, signal } = reading;
  const { table, wanted } = of;
  const before = earlier?.checkpoint?.table === table ? earlier.checkpoint : undefined;
  const from = before && earlier && { reference: earlier.reference, parts: before.parts };
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
      mode: request.mode,
      tables: request.allTables,
      ...(wanted ? { wanted } : {}),
      ...progressOf(request, adapter, of),
      ...(reading.notedBefore ? { noted: reading.notedBefore } : {}),
      ...(resumeAfter === undefined ? {} : { resumeAfter }),
      pacer,
      signal,
    });
    for await (const event of readAhead(paced(events, () => pacer.request()))) {
      await reading.answered();
      if (event.kind === 'segment') {
        segment = event;
        columns ??= event.columns;
      } else if (event.kind === 'passed-over') {
        await report.looks(table, event.looks);
        await report.line('info', passedOver(table, event.sources));
      } else if (event.kind === 'refused') {
        if (request.mode === 'complete') throw refusedComplete(table);
        return { refused: { code: event.code, message: event.reason } };
      } else if (event.kind !== 'end') {
        const closed = await writeEvent(target, segment, event);
        if (closed) await reading.keep({ table, parts: [...target.parts], checkpoint: event.resume });
        if (Date.now() - told > 1000) {
          told = Date.now();
          await report.rows(reading.rowsBefore + target.rows);
        }
      } else {
        const parts = await target.finish();
        return {
          connection: request.connection.name,
          table,
          columns: columns ?? [],
          ...(segment.known === undefined ? {} : { known: segment.known }),
          ...(segment.commands === undefined ? {} : { commandColumn: segment.commands }),
          ...(adapter.cells === 'structured' ? { structured: true } : {}),
          ...proofOf(event),
          ...(reading.noted ? { noted: reading.noted } : {}),
          ...checkpointOf(event, reading.note),
          rows: target.rows,
          parts,
        };
      }
    }
    throw new SyncError('internal', `The package ended the export of ${table} without a report of its completeness.`, {
      table,
    });
  } finally {
    await target.abandon();
  }
}

/** How far earlier syncs have read the table. */
function progressOf({ mode }: ExportRequest, adapter: ConnectorPackage, of: TableRequest): Partial<ReadRequest> {
  const { last, since, noted } = of;
  if (mode === 'complete') return last ? { last } : {};
  if (!adapter.pending) return since ? { since } : {};
  return { known: { taken: takenOf(of), noted: new Map(noted.map(({ name, deltas }) => [name, deltas])) } };
}

function passedOver(table: string, sources: readonly string[]): string {
  const more = sources.length > namedFiles ? ` and ${(sources.length - namedFiles).toLocaleString('en-US')} more` : '';
  const names = sources.slice(0, namedFiles).join(', ');
  return `Passed over delta files of ${table} that were taken before: ${names}${more}.`;
}

const refusedComplete = (table: string) =>
  new SyncError('internal', `The package refused a complete read of ${table}. Only reads of changes can be refused.`, {
    table,
  });

/** So many are named in one line of the log. */
const namedFiles = 50;
