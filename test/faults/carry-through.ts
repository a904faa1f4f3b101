import type { Sync, SyncMode } from '../../domain/sync.ts';
import type { ApiClient } from '../support/api-client.ts';
import { patience } from '../support/patience.ts';

type Answer = Awaited<ReturnType<ApiClient['call']>>;

/**
 * A sync of a connector, resumed if it is held, as a script that does not give up would run it. Requests without an answer are
 * repeated. If another sync of the connector is open, it is the one that was asked for.
 */
export async function carryThrough(
  client: ApiClient,
  connector: string,
  seconds = 400,
  mode: SyncMode = 'complete',
): Promise<Sync> {
  const until = Date.now() + seconds * 1000;
  const wait = patience();
  const ask = async (path: string, body: unknown): Promise<Answer | undefined> => {
    const answer = await client.call('POST', path, body).catch(() => undefined);
    if (answer?.status === 500)
      throw new Error(`${path} answered 500: ${JSON.stringify(answer.body)}\n${client.output}`);
    return answer;
  };
  const pause = async (what: string) => {
    if (Date.now() > until) throw new Error(`${connector}: ${what} in ${String(seconds)} s\n${client.output}`);
    await wait();
  };

  async function start(): Promise<string> {
    for (;;) {
      const answer = await ask(`/v1/connectors/${connector}/syncs`, { mode });
      if (answer?.status === 202) return (answer.body as Sync).id;
      const inTheWay = answer?.status === 409 ? (answer.body as { syncId?: string }).syncId : undefined;
      if (inTheWay !== undefined) return inTheWay;
      await pause('no sync could be started');
    }
  }

  let id = await start();
  for (;;) {
    const found = await client.call('GET', `/v1/syncs/${id}`).catch(() => undefined);
    // what was withdrawn, because it was not known whether it could be started
    if (found?.status === 404) id = await start();
    const sync = found?.status === 200 ? (found.body as Sync) : undefined;
    if (sync?.status === 'held') await ask(`/v1/syncs/${id}/resume`, { digest: sync.digest, reason: 'fault test' });
    else if (sync && !['queued', 'running'].includes(sync.status)) return sync;
    await pause(`the sync ${id} is still ${sync?.status ?? 'out of reach'}`);
  }
}
