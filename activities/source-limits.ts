import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { secondsUntilAskedAgain, turnRanks, type SourceLimits } from '../domain/source-limits.ts';
import type { Database } from '../repository/database.ts';
import { takePlace } from '../repository/source-pace.ts';
import { giveTurnBack, renewTurn, takeTurn } from '../repository/source-turns.ts';
import { logSync } from '../repository/sync-log.ts';
import { endThrottling, tellThrottled } from '../repository/sync-waiting.ts';
import type { SyncRow } from '../repository/syncs.ts';

/** The step did not get its turn. The workflow waits this long, without a slot, and asks again. */
export interface NotYet {
  waitSeconds: number;
}

/** Shorter waits are not reported. */
const toldFromMilliseconds = 1000;
const renewEveryMilliseconds = 5000;

/**
 * Does the work while the sync has a turn at the source, if `concurrent` limits the exports. The turn is renewed meanwhile.
 * If an attempt hung so long that it lost its turn, the signal stops it.
 */
export async function inTurn<Result>(
  db: Database,
  { sync, connection, limits }: { sync: SyncRow; connection: string; limits: SourceLimits },
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result | NotYet> {
  const { key, concurrent } = limits;
  if (concurrent === undefined) return work(signal);
  const request = { key, sync: sync.no, connection, holder: randomUUID(), rank: turnRanks[sync.priority], concurrent };
  const turn = await takeTurn(db, request);
  if (!turn.granted) {
    const detail = `${among(concurrent)} of ${nameOf(key, connection)} may run at once. ${String(turn.ahead)} wait ahead of this one.`;
    if (await tellThrottled(db, sync.no, { connection, limit: 'concurrent', detail }))
      await logSync(db, sync.no, 'export', 'info', `The export waits for its turn: ${detail}`);
    return { waitSeconds: secondsUntilAskedAgain(turn.waitedSeconds) };
  }
  await goOn(db, sync);
  const lost = new AbortController();
  const renewing = setInterval(() => {
    // Postgres may be unavailable for a while, and only Postgres knows whether the turn is lost
    renewTurn(db, request).then(
      (renewed) => {
        if (!renewed) lost.abort(new Error('this attempt hung, and another export now has its turn at the source'));
      },
      () => undefined,
    );
  }, renewEveryMilliseconds);
  try {
    return await work(AbortSignal.any([signal, lost.signal]));
  } finally {
    clearInterval(renewing);
    await giveTurnBack(db, request).catch(() => undefined);
  }
}

export interface Pace {
  /** To be called before each request to the source. Resolves when `requestsPerSecond` allows the request. */
  request: () => Promise<void>;
  /** The sync no longer waits for its source. */
  goOn: () => Promise<void>;
  end: () => Promise<void>;
}

/** The first wait that people would notice is reported. */
export function paceOf(
  db: Database,
  { sync, connection, limits }: { sync: SyncRow; connection: string; limits: SourceLimits },
  signal: AbortSignal,
): Pace {
  const { key, requestsPerSecond } = limits;
  const noLimit = () => Promise.resolve();
  if (requestsPerSecond === undefined) return { request: noLimit, goOn: () => goOn(db, sync), end: noLimit };
  let told = false;
  return {
    async request() {
      const wait = await takePlace(db, key, requestsPerSecond);
      if (wait >= toldFromMilliseconds && !told) {
        told = true;
        const detail = `The limit is ${String(requestsPerSecond)} requests per second to ${nameOf(key, connection)}.`;
        if (await tellThrottled(db, sync.no, { connection, limit: 'requestsPerSecond', detail }))
          await logSync(db, sync.no, 'export', 'info', `The export reads slowly. ${detail}`);
      }
      if (wait > 0) await sleep(wait, undefined, { signal });
    },
    goOn: () => goOn(db, sync),
    async end() {
      if (told) await goOn(db, sync);
    },
  };
}

const batches: ReadonlySet<string> = new Set(['records', 'lines', 'structured', 'tombstones', 'present']);

/** Counts each batch that a package is asked for as a request to its source. */
export async function* paced<Event extends { kind: string }>(
  events: AsyncIterable<Event>,
  request: () => Promise<void>,
): AsyncGenerator<Event> {
  await request();
  for await (const event of events) {
    yield event;
    if (batches.has(event.kind)) await request();
  }
}

async function goOn(db: Database, sync: SyncRow): Promise<void> {
  const seconds = await endThrottling(db, sync.no);
  if (seconds !== undefined)
    await logSync(
      db,
      sync.no,
      'export',
      'info',
      `The export continues. It waited ${String(Math.round(seconds))} s for its source.`,
    );
}

const among = (concurrent: number) => (concurrent === 1 ? 'One export' : `${String(concurrent)} exports`);
/** A key that connections share is shown by its name. */
const nameOf = (key: string, connection: string) =>
  key.includes('/') ? `the connection ${connection}` : `the sources that share the limit ${key}`;
