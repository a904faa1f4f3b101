import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { limitsOf } from '../domain/source-limits.ts';
import { claimFarExports, lendPlaces, lentPlaces, type FarExport } from '../repository/far-exports.ts';
import { findSync } from '../repository/syncs.ts';
import { copyAttempt, copyReports } from './copy-reports.ts';
import type { Dependencies } from './dependencies.ts';
import { loadSync } from './load-sync.ts';
import { paceOf, type Limited } from './source-limits.ts';

/** How often the reports are copied. While requests are lent, more often: a read waits for them. */
const everyMilliseconds = 1000;
const whileLending = 250;
/** How often Temporal is asked for attempts that failed. */
const attemptsEveryMilliseconds = 2000;
/** Requests are lent for so many seconds ahead, where there is one a second or more. */
const secondsAhead = 4;

type Needs = Pick<Dependencies, 'db' | 'store' | 'packages' | 'workflows'>;

interface Watched {
  pace: (Pick<ReturnType<typeof paceOf>, 'request'> & { ahead: number }) | undefined;
  lending: boolean;
  attemptsAt: number;
  gone: AbortController;
}

/**
 * Watches the exports that workers without a database read, as long as this worker runs: copies what they tell to Postgres, lends them
 * requests, and tells of attempts that failed. Of several workers one watches an export; if it ends, another goes on.
 */
export function watchExports(needs: Needs, warn: (error: unknown) => void): { stop: () => Promise<void> } {
  const me = randomUUID();
  const watched = new Map<string, Watched>();
  const stopping = new AbortController();
  let warned = false;

  async function round(): Promise<void> {
    const open = await claimFarExports(needs.db, me);
    const attempts = new Set(open.map(({ attempt }) => attempt));
    for (const [attempt, { gone }] of watched)
      if (!attempts.has(attempt)) {
        gone.abort();
        watched.delete(attempt);
      }
    await Promise.all(open.map((each) => look(needs, each, watched)));
  }

  const running = (async () => {
    while (!stopping.signal.aborted) {
      try {
        await round();
        warned = false;
      } catch (error) {
        if (!warned) warn(error);
        warned = true;
      }
      const lends = [...watched.values()].some(({ pace }) => pace !== undefined);
      await sleep(lends ? whileLending : everyMilliseconds, undefined, { signal: stopping.signal }).catch(
        () => undefined,
      );
    }
    for (const { gone } of watched.values()) gone.abort();
  })();
  return {
    stop: () => {
      stopping.abort();
      return running;
    },
  };
}

async function look(needs: Needs, far: FarExport, all: Map<string, Watched>): Promise<void> {
  const watched = all.get(far.attempt) ?? (await begin(needs, far));
  all.set(far.attempt, watched);
  await copyReports(needs, far);
  if (watched.pace && !watched.lending) await lend(needs, far, watched, watched.pace);
  if (Date.now() - watched.attemptsAt < attemptsEveryMilliseconds) return;
  watched.attemptsAt = Date.now();
  const sync = await findSync(needs.db, far.syncId);
  if (sync?.runId == null) return;
  const step = await needs.workflows.pendingStep(sync.workflowId, sync.runId, 'exportFromRequest');
  if (step) await copyAttempt(needs.db, far, step);
}

async function begin({ db, packages }: Needs, far: FarExport): Promise<Watched> {
  const gone = new AbortController();
  const watched: Watched = { pace: undefined, lending: false, attemptsAt: Date.now(), gone };
  const limited = await limitedOf({ db, packages }, far);
  const rate = limited?.limits.requestsPerSecond;
  if (limited && rate !== undefined)
    watched.pace = { ...paceOf(db, limited, gone.signal), ahead: rate < 1 ? 0 : Math.floor(rate * secondsAhead) };
  return watched;
}

async function limitedOf(
  { db, packages }: Pick<Needs, 'db' | 'packages'>,
  far: FarExport,
): Promise<Limited | undefined> {
  const { sync, file } = await loadSync(db, far.syncId);
  const configured = file.connections.find(({ name }) => name === far.connection);
  if (!configured) return undefined;
  const limits = limitsOf(far.connector, configured, packages.get(configured.package).limits);
  return { sync, connection: far.connection, limits };
}

/** Takes places for the requests that the read wants to make, and lends them when their time has come. */
async function lend(
  { db, store }: Needs,
  far: FarExport,
  watched: Watched,
  pace: NonNullable<Watched['pace']>,
): Promise<void> {
  const asked = Math.max(0, ...(await store.exchange.readProgress(far)).map(({ progress }) => progress.asked));
  const granted = await lentPlaces(db, far);
  if (granted === undefined || (asked === 0 && granted === 0)) return;
  const places = asked + pace.ahead - granted;
  if (places <= 0) return;
  watched.lending = true;
  pace
    .request(places, asked > granted)
    .then(async () => {
      if (await lendPlaces(db, far, granted + places)) await store.exchange.writeLease(far, granted + places);
    })
    // whoever watches in the next round lends them again
    .catch(() => undefined)
    .finally(() => {
      watched.lending = false;
    });
}
