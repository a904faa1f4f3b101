import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sync } from '../../domain/sync.ts';
import { readEvents } from '../../cli/event-stream.ts';
import { csv, peopleAndGroups } from '../support/connector.ts';
import { Stack } from '../support/stack.ts';

/** The shortest times that a connector file can have are a minute: all of these syncs wait for the same one. */
describe('held syncs that nobody decides on', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await Stack.start();
  });
  afterAll(() => stack.stop());

  const never = { remindAfter: null, escalateAfter: null, expireAfter: null };

  async function begin(name: string, review: object): Promise<void> {
    const file = peopleAndGroups({ name, thresholds: { maximumInsertedLines: 0 } });
    await stack.put({ ...file, review: { ...never, ...review } }, name);
    await stack.place(name, {
      'people.csv': csv('id,name,mail,manager', 'E1,Ann,,'),
      'groups.csv': csv('id,title', 'G1,All'),
      'members.csv': csv('group,person', 'G1,E1'),
    });
  }
  const start = async (name: string, review: object, body: Record<string, unknown> = {}): Promise<Sync> => {
    await begin(name, review);
    return stack.sync(name, body);
  };

  async function eventsOf(id: string): Promise<{ type: string; data: Record<string, unknown> }[]> {
    const { body } = await fetch(`${stack.api}/v1/syncs/${id}/events`);
    const events = [];
    for await (const event of readEvents(body as unknown as AsyncIterable<Uint8Array>)) events.push(event);
    return events;
  }

  it('remind, escalate or expire a minute after the beginning of the hold', async () => {
    const expiring = await start('expiring', { expireAfter: '1m' });
    const item = await start('item', { expireAfter: '1m' }, { scope: { keys: { item_Person: [['E1']] } } });
    const reminding = await start('reminding', { remindAfter: '1m' });
    const escalating = await start('escalating', { escalateAfter: '1m' });
    const patient = await start('patient', {});
    for (const sync of [expiring, item, reminding, escalating, patient])
      expect(sync).toMatchObject({ status: 'held', waitingFor: { reason: 'approval', stage: 'waiting' } });
    const { since = '', expiresAt, remindAt } = expiring.waitingFor ?? {};
    expect([Date.parse(expiresAt ?? '') - Date.parse(since), remindAt]).toEqual([60_000, null]);
    const status = await stack.get<{ items: { heldSync: object }[] }>('/v1/sync-status?connector=expiring');
    expect(status.items[0]?.heldSync).toMatchObject({ syncId: expiring.id, waitingFor: { expiresAt } });

    for (const { id } of [expiring, item]) {
      const rejected = await stack.settled(id, ['held'], 150);
      expect(rejected).toMatchObject({
        status: 'rejected',
        applied: false,
        waitingFor: null,
        decision: { action: 'expire', by: 'system', digest: rejected.digest },
      });
    }
    const stageOf = async ({ id }: Sync) => (await stack.get<Sync>(`/v1/syncs/${id}`)).waitingFor?.stage;
    await stack.until(async () => (await stageOf(reminding)) === 'reminded');
    await stack.until(async () => (await stageOf(escalating)) === 'escalated');
    expect(await stageOf(patient)).toBe('waiting');
    const metrics = await (await fetch(`${stack.api}/metrics`)).text();
    expect(
      metrics
        .split('\n')
        .filter((line) => line.startsWith('syncline_held_syncs'))
        .sort(),
    ).toEqual([
      'syncline_held_syncs{stage="escalated"} 1',
      'syncline_held_syncs{stage="reminded"} 1',
      'syncline_held_syncs{stage="waiting"} 1',
    ]);

    // a reminder changes nothing of what can be decided
    const resumed = await stack.call('POST', `/v1/syncs/${reminding.id}/resume`, { digest: reminding.digest });
    expect(resumed.status).toBe(200);
    expect(await stack.settled(reminding.id)).toMatchObject({ status: 'completed', applied: true });
    const waiting = (await eventsOf(reminding.id)).filter(({ type }) => type === 'waiting');
    expect(waiting.map(({ data }) => data)).toMatchObject([{ stage: 'reminded', expiresAt: null }]);
    // what expired is found again: nothing is taken to be unchanged
    expect(await stack.sync('expiring')).toMatchObject({ status: 'held', digest: expiring.digest });
  }, 300_000);

  it('need times in ascending order', async () => {
    const file = { ...peopleAndGroups({ name: 'disorder' }), review: { remindAfter: '2h', escalateAfter: '1h' } };
    const { status, body } = await stack.call('PUT', '/v1/connectors/disorder', file);
    expect(status).toBe(422);
    expect(body).toMatchObject({ errors: [{ pointer: '/review/escalateAfter' }] });
  });
});
