import { setTimeout as sleep } from 'node:timers/promises';
import type { DeltaLook } from '../../domain/delta.ts';
import type { Exchange, FarEntry, FarReference } from '../../store/exchange.ts';
import type { ExportRequest } from '../../store/export-request.ts';
import type { Pace, Report } from './report.ts';

const writeEveryMilliseconds = 2000;
/** How often a read that may make no further request looks whether it may. */
const lookEveryMilliseconds = 250;

/**
 * What a read without a database tells, and the limits that it keeps. It writes `progress.json` every two seconds. Requests are lent: a
 * worker with the database takes their places in the row of all requests to the source, and says in the lease how many it has.
 */
export class FarReport implements Report, Pace {
  readonly #exchange: Exchange;
  readonly #of: FarReference;
  readonly #folder: string;
  readonly #signal: AbortSignal;
  readonly #millisecondsApart: number | undefined;
  readonly #timer: NodeJS.Timeout;
  readonly #entries: FarEntry[] = [];
  #rows = 0;
  #asked: number;
  #granted: number;
  #nextRequest = 0;
  #dirty = true;
  #writing: Promise<void> = Promise.resolve();

  private constructor(
    exchange: Exchange,
    of: FarReference,
    {
      folder,
      request,
      signal,
      granted,
    }: { folder: string; request: ExportRequest; signal: AbortSignal; granted: number },
  ) {
    this.#exchange = exchange;
    this.#of = of;
    this.#folder = folder;
    this.#signal = signal;
    this.#millisecondsApart = request.requestsPerSecond === undefined ? undefined : 1000 / request.requestsPerSecond;
    // what was lent to the attempt before, and not used, is lost
    this.#asked = granted;
    this.#granted = granted;
    this.#timer = setInterval(() => void this.#write().catch(() => undefined), writeEveryMilliseconds);
  }

  static async begin(
    exchange: Exchange,
    of: FarReference,
    opened: { folder: string; request: ExportRequest; signal: AbortSignal },
  ): Promise<FarReport> {
    const report = new FarReport(exchange, of, { ...opened, granted: await exchange.readLease(of) });
    await report.#write();
    return report;
  }

  rows(count: number): Promise<void> {
    this.#rows = count;
    return this.#noted();
  }

  line(level: 'info' | 'warn', message: string): Promise<void> {
    return this.#noted({ kind: 'line', level, message });
  }

  looks(table: string, looks: readonly DeltaLook[]): Promise<void> {
    return looks.length === 0 ? Promise.resolve() : this.#noted({ kind: 'looks', table, looks: [...looks] });
  }

  busy(): Promise<void> {
    return this.#noted({ kind: 'busy' });
  }

  goOn(): Promise<void> {
    return this.#noted({ kind: 'goes-on' });
  }

  async request(): Promise<void> {
    if (this.#millisecondsApart === undefined) return;
    this.#asked++;
    for (let told = false; this.#granted < this.#asked; told = true) {
      if (told) await sleep(lookEveryMilliseconds, undefined, { signal: this.#signal });
      else {
        this.#dirty = true;
        await this.#write();
      }
      this.#granted = await this.#exchange.readLease(this.#of);
    }
    const wait = this.#nextRequest - Date.now();
    if (wait > 0) await sleep(wait, undefined, { signal: this.#signal });
    this.#nextRequest = Date.now() + this.#millisecondsApart;
  }

  /** The worker with the database knows when the export ends. */
  end(): Promise<void> {
    return Promise.resolve();
  }

  /** Writes what is not written yet. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#write();
  }

  #noted(entry?: FarEntry): Promise<void> {
    if (entry) this.#entries.push(entry);
    this.#dirty = true;
    return Promise.resolve();
  }

  /** One after the other. */
  #write(): Promise<void> {
    const next = this.#writing.then(async () => {
      if (!this.#dirty) return;
      this.#dirty = false;
      const progress = { rows: this.#rows, asked: this.#asked, entries: [...this.#entries] };
      await this.#exchange.writeProgress(this.#of, this.#folder, progress).catch((error: unknown) => {
        this.#dirty = true;
        throw error;
      });
    });
    this.#writing = next.catch(() => undefined);
    return next;
  }
}
