import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closePools, openPools } from '../../api/pools.ts';
import { syncStatuses } from '../../domain/sync.ts';
import { ApiAlone } from '../support/api-alone.ts';
import { onePerson } from '../support/connector.ts';
import { createTestDatabase } from '../support/database.ts';

/** Two syncs of every status, oldest first in the order of the statuses. */
describe('lists of syncs, and who asks', () => {
  let api: ApiAlone;
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  beforeAll(async () => {
    database = await createTestDatabase();
    api = await ApiAlone.start(database.url);
    await api.put(onePerson(), 'one');
    const pools = openPools(database.url);
    await pools.db.raw(
      `insert into syncline.sync (id, connector, mode, requested_mode, tasks, status, trigger, priority, synced_by,
         config_revision, workflow_id)
       select gen_random_uuid(), c.id, 'complete', 'complete', '{export}', s.status, 'manual', 'normal', 'user:local', 1, 'sync:one'
       from syncline.connector c, unnest(?::text[]) with ordinality s (status, place), generate_series(1, 2) n
       order by s.place, n`,
      [[...syncStatuses]],
    );
    await closePools(pools);
  });
  afterAll(async () => {
    await api.stop();
    await database.drop();
  });

  const statuses = async (query: string) =>
    (await api.all<{ status: string }>(`/v1/syncs?${query}`)).map(({ status }) => status);

  it('have every sync without a status, those of one, and those of any of several', async () => {
    expect(await statuses('')).toHaveLength(2 * syncStatuses.length);
    expect(await statuses('status=held')).toEqual(['held', 'held']);
    expect(await statuses('status=held&status=failed')).toEqual(['failed', 'failed', 'held', 'held']);
    expect(await statuses('status=failed&status=failed')).toEqual(['failed', 'failed']);
    expect(await statuses('status=held&status=failed&mode=incremental')).toEqual([]);
    expect(await statuses(syncStatuses.map((status) => `status=${status}`).join('&'))).toEqual(await statuses(''));
  });

  it('go on in pages over several statuses', async () => {
    interface Page {
      items: { id: string; status: string }[];
      nextCursor: string | null;
    }
    const first = await api.get<Page>('/v1/syncs?status=held&status=failed&limit=3');
    const second = await api.get<Page>(
      `/v1/syncs?status=held&status=failed&limit=3&cursor=${first.nextCursor ?? 'missing'}`,
    );
    expect([first, second].map(({ items }) => items.map(({ status }) => status))).toEqual([
      ['failed', 'failed', 'held'],
      ['held'],
    ]);
    expect(second.nextCursor).toBeNull();
    expect(new Set([...first.items, ...second.items].map(({ id }) => id)).size).toBe(4);
  });

  it.each(['status=done', 'status=held&status=done'])(
    'refuse a status that there is not, and say which there are: %s',
    async (query) => {
      const { status, body } = await api.call('GET', `/v1/syncs?${query}`);
      expect(status).toBe(422);
      expect(body).toMatchObject({
        code: 'invalid',
        errors: [{ pointer: '/status', detail: expect.stringContaining('"superseded"') as string }],
      });
    },
  );

  it('are asked for by the local user, who may everything as long as there are no logins', async () => {
    expect(await api.get('/v1/me')).toEqual({
      by: 'user:local',
      name: 'local user',
      login: 'off',
      roles: ['viewer', 'operator', 'approver', 'auditor', 'admin'],
      workflows: null,
      connectors: null,
    });
    expect((await api.call('POST', '/v1/me')).status).toBe(405);
  });
});
