import { z } from 'zod';
import type { Cell } from '../../domain/cell.ts';
import type {
  Checkpoint,
  ConnectorPackage,
  ReadEnd,
  ReadEvent,
  ReadRefused,
  ReadRequest,
} from '../../connectors/package.ts';

/** A row, or what a tombstone or the list of what is still there has of it. */
type ToldRow = Record<string, Cell>;

/** What the next incremental read tells of a table. */
export interface Told {
  records?: ToldRow[];
  gone?: ToldRow[];
  present?: ToldRow[];
  refused?: Pick<ReadRefused, 'code' | 'reason'>;
  certificate?: ReadEnd['certificate'];
}

/** A source in memory that tells in its incremental reads what a test says, whether this is true or not. */
export class ToldSource {
  /** By table. */
  readonly rows = new Map<string, ToldRow[]>();
  readonly told = new Map<string, Told>();
  readonly requests: ReadRequest[] = [];
  certificate: ReadEnd['certificate'] = { certified: true };
  /** Where people find a row. */
  positionOf: ((row: ToldRow) => string) | undefined;
  readonly adapter: ConnectorPackage;
  #reads = 0;

  constructor(columns: readonly string[], more: Partial<ConnectorPackage> = {}) {
    const cellsOf = (row: ToldRow) => columns.map((column) => row[column] ?? null);
    const named = (rows: readonly ToldRow[]) => rows.map((row) => ({ cells: cellsOf(row) }));
    const full = (rows: readonly ToldRow[]) =>
      rows.map((row) => ({ cells: cellsOf(row), ...(this.positionOf ? { position: this.positionOf(row) } : {}) }));
    const checkpoint = (): Checkpoint => ({ value: String(++this.#reads), name: `read ${String(this.#reads)}` });
    const read = async function* (this: ToldSource, request: ReadRequest): AsyncGenerator<ReadEvent> {
      this.requests.push(request);
      await Promise.resolve();
      yield { kind: 'segment', source: request.table, columns: [...columns] };
      if (request.mode === 'complete') {
        const rows = this.rows.get(request.table) ?? [];
        if (rows.length > 0) yield { kind: 'structured', records: full(rows), resume: 'all' };
        yield { kind: 'end', certificate: this.certificate };
        return;
      }
      const { records, gone, present, refused, certificate } = this.told.get(request.table) ?? {};
      if (refused) {
        yield { kind: 'refused', ...refused };
        return;
      }
      if (records && records.length > 0) yield { kind: 'structured', records: full(records), resume: 'records' };
      if (gone && gone.length > 0) yield { kind: 'tombstones', records: named(gone), resume: 'gone' };
      if (present) yield { kind: 'present', records: named(present), resume: 'present' };
      yield { kind: 'end', certificate: certificate ?? { certified: true }, checkpoint: checkpoint() };
    }.bind(this);
    this.adapter = {
      name: 'told',
      displayName: 'Told',
      description: 'Tells what a test says.',
      settings: z.record(z.string(), z.unknown()),
      capabilities: { complete: true, incremental: true, targeted: false, events: false, write: false, groups: true },
      inbound: true,
      outbound: false,
      syncFrequency: 'never',
      resume: 'none',
      cells: 'structured',
      limits: {},
      incrementalGap: () => undefined,
      scopeOf: () => ({}),
      test: () => Promise.resolve({ ok: true, message: 'It is there.' }),
      discover: () => Promise.resolve([]),
      read: (_connection, request) => read(request),
      note: () => Promise.resolve(checkpoint()),
      ...more,
    };
  }
}
