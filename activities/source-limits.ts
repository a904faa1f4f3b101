import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { secondsUntilAskedAgain, turnRanks, type SourceLimits } from '../domain/source-limits.ts';
import type { Database, Queryable } from '../repository/database.ts';
import { takePlaces } from '../repository/source-pace.ts';
import { giveTurnBack, renewTurn, takeTurn } from '../repository/source-turns.ts';
import { logSync } from '../repository/sync-log.ts';
import { endThrottling, tellThrottled } from '../repository/sync-waiting.ts';
import type { SyncRow } from '../repository/syncs.ts';
import type { Pace } from './reading/report.ts';

/** The step did not get its turn. The workflow waits this long, without a slot, and asks again. */
export interface NotYet {
  waitSeconds: number;
}

/** A sync that reads a connection, and the limits of its source. */
export interface Limited {
  sync: Pick<SyncRow, 'no' | 'priority'>;
  connection: string;
  limits: SourceLimits;
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
  limited: Limited,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result | NotYet> {
  const holder = randomUUID();
  const waits = await askForTurn(db, limited, { holder, renewed: true });
  if (waits) return waits;
  const request = turnOf(limited, holder);
  if (!request) return work(signal);
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

/**
 * Asks for a turn at the source, if `concurrent` limits the exports. A sync that has to wait says so.
 * @param turn `renewed`: whether it ends when its holder no longer renews it, or only when it is given back
 * @returns undefined if the sync has its turn, or needs none
 */
export async function askForTurn(
  db: Database,
  limited: Limited,
  { holder, renewed }: { holder: string; renewed: boolean },
): Promise<NotYet | undefined> {
  const request = turnOf(limited, holder);
  if (!request) return undefined;
  const { sync, connection, limits } = limited;
  const turn = await takeTurn(db, { ...request, renewed });
  if (turn.granted) {
    await tellGoesOn(db, sync);
    return undefined;
  }
  const detail = `${among(request.concurrent)} of ${nameOf(limits.key, connection)} may run at once. ${String(turn.ahead)} wait ahead of this one.`;
  if (await tellThrottled(db, sync.no, { connection, limit: 'concurrent', detail }))
    await logSync(db, sync.no, 'export', 'info', `The export waits for its turn: ${detail}`);
  return { waitSeconds: secondsUntilAskedAgain(turn.waitedSeconds) };
}

/** The turn that a holder asks for; undefined if no turn is needed. */
export function turnOf({ sync, connection, limits: { key, concurrent } }: Limited, holder: string) {
  if (concurrent === undefined) return undefined;
  return { key, sync: sync.no, connection, holder, rank: turnRanks[sync.priority], concurrent };
}

/** A pace of which several places can be taken at once: the next ones in the row. */
export interface LentPace extends Pace {
  /** @param waits whether somebody waits for them: else the wait is not reported */
  request(places?: number, waits?: boolean): Promise<void>;
}

/** Places for requests are taken from the row in Postgres. The first wait that people would notice is reported. */
export function paceOf(db: Database, { sync, connection, limits }: Limited, signal: AbortSignal): LentPace {
  const { key, requestsPerSecond } = limits;
  let told = false;
  return {
    async request(places: number = 1, waits: boolean = true) {
      if (requestsPerSecond === undefined) return;
      const wait = await takePlaces(db, key, { requestsPerSecond, places });
      if (wait >= toldFromMilliseconds && waits && !told) {
        told = true;
        const detail = `The limit is ${String(requestsPerSecond)} requests per second to ${nameOf(key, connection)}.`;
        if (await tellThrottled(db, sync.no, { connection, limit: 'requestsPerSecond', detail }))
          await logSync(db, sync.no, 'export', 'info', `The export reads slowly. ${detail}`);
      }
      if (wait > 0) await sleep(wait, undefined, { signal });
    },
    busy: () => tellBusy(db, sync, connection),
    goOn: () => tellGoesOn(db, sync),
    async end() {
      if (told) await tellGoesOn(db, sync);
    },
  };
}

/** The source answered that it is busy. */
export async function tellBusy(db: Queryable, { no }: { no: number }, connection: string): Promise<void> {
  const detail = `The source of the connection ${connection} is busy and asks to wait.`;
  if (await tellThrottled(db, no, { connection, limit: 'source', detail }))
    await logSync(db, no, 'export', 'info', `The export waits. ${detail}`);
}

/** The sync no longer waits for its source, if it did. */
export async function tellGoesOn(db: Queryable, sync: { no: number }): Promise<void> {
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
