import pg from 'pg';
import type { Sync } from '../../domain/sync.ts';
import type { ApiClient } from '../support/api-client.ts';
import { patience } from '../support/patience.ts';
import { carryThrough } from './carry-through.ts';

interface Client extends ApiClient {
  databaseUrl: () => Promise<string>;
}

/** What a person, or nobody, does with a held sync while parts are killed. Requests without an answer are repeated. */
export class Reviewer {
  readonly #client: Client;
  readonly #patience: number;

  /** @param patience seconds */
  constructor(client: Client, patience = 180) {
    this.#client = client;
    this.#patience = patience;
  }

  /** Resumes one part, refuses another and defers the rest. Then another sync over the same files finds what is left. */
  async decideInPart(connector: string, held: Sync): Promise<void> {
    const entityType = `${connector}_Person`;
    const rules = [
      { decision: 'refuse', filter: { entityType, kind: 'resource', operation: 'delete' }, remember: '7d' },
      { decision: 'defer', filter: { entityType, kind: 'resource', operation: 'update' } },
    ];
    const draft = await this.#until('the draft', async () => {
      const answer = await this.#ask(`/v1/syncs/${held.id}/decisions`, {
        digest: held.digest,
        rules,
        otherwise: 'apply',
      });
      return answer?.status === 201 ? (answer.body as { digest: string }) : undefined;
    });
    await this.#until('the end', async () => {
      const sync = await this.#find(held.id);
      if (sync?.status === 'held')
        await this.#ask(`/v1/syncs/${held.id}/resume`, { digest: draft.digest, reason: 'fault test' });
      return sync?.endedAt ? sync : undefined;
    });
    await carryThrough(this.#client, connector, this.#patience);
  }

  /** Has the source read again, and resumes what the sync then finds. */
  async refresh(connector: string, held: Sync): Promise<void> {
    let fresh: string | undefined;
    await this.#until('the end of the refresh', async () => {
      const sync = fresh === undefined ? undefined : await this.#find(fresh);
      if (sync?.status === 'held')
        await this.#ask(`/v1/syncs/${sync.id}/resume`, { digest: sync.digest, reason: 'fault test' });
      if (sync?.applied && sync.endedAt) return sync;
      // not known yet, withdrawn, or lost
      if (!sync || sync.status === 'failed' || sync.status === 'skipped')
        fresh = await this.#askToRefresh(connector, held);
      return undefined;
    });
  }

  async #askToRefresh(connector: string, held: Sync): Promise<string | undefined> {
    const answer = await this.#ask(`/v1/syncs/${held.id}/refresh`, undefined);
    if (answer?.status === 202) return (answer.body as Sync).id;
    const inTheWay = (answer?.body as { syncId?: string } | undefined)?.syncId;
    if (inTheWay !== undefined) return inTheWay;
    // the answer was lost, and the refresh has gone on
    const syncs = await this.#client.all<Sync>(`/v1/syncs?connector=${connector}`).catch(() => []);
    return syncs.find(({ refreshes, status }) => refreshes === held.id && status !== 'failed')?.id;
  }

  /** Lets the timers of the next hold be due in seconds. No file can have such times. */
  async shortenTimers(connector: string): Promise<void> {
    const database = new pg.Client(await this.#client.databaseUrl());
    await database.connect();
    try {
      await database.query(
        `update syncline.connector_revision r set file = r.file || $2::jsonb
         from syncline.connector c where c.id = r.connector and c.name = $1`,
        [connector, { review: { remindAfter: '2s', escalateAfter: null, expireAfter: '4s' } }],
      );
    } finally {
      await database.end();
    }
  }

  /** A sync that is held, or was, if nobody decided in time. */
  async hold(connector: string): Promise<Sync> {
    const { id } = await this.#until('a start', async () => {
      const answer = await this.#ask(`/v1/connectors/${connector}/syncs`, { mode: 'complete' });
      return answer?.status === 202 ? (answer.body as Sync) : undefined;
    });
    return this.#until('the hold', async () => {
      const sync = await this.#find(id);
      return sync && !['queued', 'running'].includes(sync.status) ? sync : undefined;
    });
  }

  async expire(held: Sync): Promise<void> {
    await this.#until('the expiry', async () => (await this.#find(held.id))?.endedAt ?? undefined);
  }

  async #find(id: string): Promise<Sync | undefined> {
    const found = await this.#client.call('GET', `/v1/syncs/${id}`).catch(() => undefined);
    return found?.status === 200 ? (found.body as Sync) : undefined;
  }

  async #ask(path: string, body: unknown): Promise<Awaited<ReturnType<ApiClient['call']>> | undefined> {
    const answer = await this.#client.call('POST', path, body).catch(() => undefined);
    if (answer?.status === 500)
      throw new Error(`${path} answered 500: ${JSON.stringify(answer.body)}\n${this.#client.output}`);
    return answer;
  }

  async #until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
    const until = Date.now() + this.#patience * 1000;
    const pause = patience();
    for (;;) {
      const found = await look();
      if (found !== undefined) return found;
      if (Date.now() > until)
        throw new Error(`${what} did not come in ${String(this.#patience)} s\n${this.#client.output}`);
      await pause();
    }
  }
}
