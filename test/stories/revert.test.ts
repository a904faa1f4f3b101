import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCommand } from '../support/command-line.ts';
import { csv, peopleAndGroups } from '../support/connector.ts';
import type { Sync } from '../../domain/sync.ts';
import { Stack } from '../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await Stack.start();
});
afterAll(() => stack.stop());

it('undoes a first load, as a sync that is held, decided and undone itself', { timeout: 180_000 }, async () => {
  await stack.place('hr', {
    'people.csv': csv('id,name,mail,manager', 'E1,Ada,ada@x,', 'E2,Ben,ben@x,E1', 'E3,Cyd,cyd@x,E2'),
    'groups.csv': csv('id,title', 'G1,All'),
    'members.csv': csv('group,person', 'G1,E1', 'G1,E2'),
  });
  await stack.put(peopleAndGroups(), 'hr');
  const load = await stack.syncAndResume('hr');
  const people = async () => (await stack.call('GET', '/v1/entity-types/hr_Person/resources')).body;
  const loaded = await people();

  expect(await stack.call('POST', `/v1/syncs/${load.id}/revert`, { reason: ' ' })).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/reason' }] },
  });
  const asked = await stack.call('POST', `/v1/syncs/${load.id}/revert`, { reason: 'wrong directory' });
  expect(asked).toMatchObject({
    status: 202,
    body: { trigger: 'revert', reverts: [load.id], then: 'hold', reason: 'wrong directory', workflowId: 'revert:hr' },
  });
  const held = await stack.settled((asked.body as Sync).id);
  expect(held).toMatchObject({
    status: 'held',
    counters: { hr_Person: { stored: 3, deleted: 3 }, hr_Group: { stored: 1, deleted: 1 } },
  });
  expect(held.holds.map(({ code }) => code)).toContain('threshold-exceeded');
  // one revert at a time, but other syncs run beside it
  expect(await stack.call('POST', '/v1/connectors/hr/revert', { last: 1, reason: 'again' })).toMatchObject({
    status: 409,
    body: { code: 'sync-held', syncId: held.id },
  });
  expect((await stack.sync('hr')).status).toBe('completed');
  expect(await stack.call('POST', `/v1/syncs/${held.id}/revert`, { reason: 'early' })).toMatchObject({
    status: 409,
    body: { code: 'sync-not-applied' },
  });

  expect(await stack.decide(held, 'resume')).toMatchObject({ status: 'completed', applied: true, undoneWatch: 'open' });
  expect(await people()).toMatchObject({ items: [] });
  expect((await stack.call('GET', `/v1/syncs/${load.id}`)).body).toMatchObject({ revertedBy: held.id });
  const asOf = await stack.call('GET', `/v1/entity-types/hr_Person/resources?asOf=${load.id}`);
  expect((asOf.body as { items: unknown[] }).items).toHaveLength(3);

  // the source says the same as before, so the next sync is held
  const again = await stack.sync('hr');
  expect(again).toMatchObject({ status: 'held' });
  expect(again.holds.find(({ code }) => code === 'undone-again')?.revert).toMatchObject({
    syncId: held.id,
    reason: 'wrong directory',
  });
  const place = again.holds.findIndex(({ code }) => code === 'undone-again');
  const listed = await stack.call('GET', `/v1/syncs/${again.id}/changes?hold=${String(place)}`);
  expect(listed.body).toMatchObject({ total: again.holds[place]?.revert?.changes });
  await stack.decide(again, 'reject');

  // the load was right after all: undone from the command line
  const run = await runCommand(
    ['connectors', 'revert', 'hr', '--last', '1', '--reason', 'it was right', '--yes', '--json'],
    { SYNCLINE_URL: stack.api, XDG_CONFIG_HOME: stack.folder },
  );
  const back = JSON.parse(run.out) as Sync;
  expect(back).toMatchObject({ trigger: 'revert', reverts: [held.id], status: 'held' });
  expect(run.code).toBe(3);
  expect(await stack.decide(back, 'resume')).toMatchObject({ status: 'completed' });
  expect(await people()).toEqual(loaded);
  expect((await stack.call('GET', `/v1/syncs/${held.id}`)).body).toMatchObject({ undoneWatch: 'reverted' });
  expect((await stack.sync('hr')).holds).toEqual([]);
});

/** Each sync is held, so that any number of them can wait side by side. */
const strict = { maximumUpdatedLines: 0, maximumInsertedLines: 0, maximumDeletedLines: 0 };
const rowsOf = (mails: Record<string, string>) =>
  csv('id,name,mail,manager', ...Object.entries(mails).map(([id, mail]) => `${id},Name ${id},${mail},`));
const before = { E1: 'e1@old', E2: 'e2@old', E3: 'e3@old', E4: 'e4@old' };
const bad = { E1: 'e1@bad', E2: 'e2@bad', E3: 'e3@bad', E5: 'e5@bad' };

/** A load that changed three people, removed E4 and brought E5; G1 has all of them. */
async function badLoad(name: string): Promise<{ load: Sync; mails: () => Promise<Record<string, string>> }> {
  await stack.put(peopleAndGroups({ name, thresholds: strict }), name);
  const place = (mails: Record<string, string>) =>
    stack.place(name, {
      'people.csv': rowsOf(mails),
      'groups.csv': csv('id,title', 'G1,All'),
      'members.csv': csv('group,person', ...Object.keys(mails).map((id) => `G1,${id}`)),
    });
  await place(before);
  await stack.syncAndResume(name);
  await place(bad);
  const load = await stack.syncAndResume(name);
  expect(load).toMatchObject({
    applied: true,
    counters: { [`${name}_Person`]: { updated: 3, deleted: 1, inserted: 1 } },
  });
  const mails = async () => {
    const found = await stack.all<{ key: string[]; attributes: { mail: string } }>(
      `/v1/entity-types/${name}_Person/resources`,
    );
    return Object.fromEntries(found.map(({ key, attributes }) => [key.join(), attributes.mail]));
  };
  return { load, mails };
}
const members = async (name: string) =>
  (await stack.all<{ key: string[] }>(`/v1/entity-types/${name}_Group/resources/G1/links/members`))
    .map(({ key }) => key.join())
    .sort();

it('is made once, if it is asked for five times at once, and a second revert of the same sync finds nothing to do', async () => {
  const { load, mails } = await badLoad('once');
  const ask = () => stack.call('POST', `/v1/syncs/${load.id}/revert`, { reason: 'bad load', then: 'nothing' });
  const answers = await Promise.all(Array.from({ length: 5 }, ask));
  const started = answers.filter(({ status }) => status === 202);
  expect(started).toHaveLength(1);
  const { id } = started[0]?.body as Sync;
  for (const { status, body } of answers.filter((each) => each.status !== 202)) {
    expect({ status, body }).toMatchObject({ status: 409, body: { syncId: id } });
    expect((body as { code: string }).code).toMatch(/^sync-(running|held)$/);
  }
  const held = await stack.settled(id);
  // the others left nothing behind, and the place is taken until this one has ended
  expect(await stack.all<Sync>('/v1/syncs?connector=once&trigger=revert')).toHaveLength(1);
  expect(await ask()).toMatchObject({ status: 409, body: { code: 'sync-held', syncId: id } });
  expect(await stack.decide(held, 'resume')).toMatchObject({ status: 'completed', applied: true });
  expect(await mails()).toEqual(before);
  expect(await members('once')).toEqual(['E1', 'E2', 'E3', 'E4']);
  expect((await stack.get<Sync>(`/v1/syncs/${load.id}`)).revertedBy).toBe(id);

  const again = await stack.settled(((await ask()).body as Sync).id);
  expect(again).toMatchObject({ holds: [], counters: { once_Person: { updated: 0, inserted: 0, deleted: 0 } } });
  expect(await mails()).toEqual(before);
});

it.each(['the revert', 'the sync', 'both at once'])(
  'beside a sync that waits writes each row once, whichever is resumed first: %s',
  async (first) => {
    const name = `beside${String(first.length)}`;
    const { load, mails } = await badLoad(name);
    // the waiting sync moves E1 on, removes E2 and brings E6
    await stack.place(name, {
      'people.csv': rowsOf({ E1: 'e1@new', E3: 'e3@bad', E5: 'e5@bad', E6: 'e6@new' }),
      'members.csv': csv('group,person', 'G1,E1', 'G1,E3', 'G1,E5', 'G1,E6'),
    });
    const waiting = await stack.sync(name);
    expect(waiting.status).toBe('held');
    const asked = await stack.call('POST', `/v1/syncs/${load.id}/revert`, { reason: 'bad load', then: 'nothing' });
    const revert = await stack.settled((asked.body as Sync).id);
    expect(revert).toMatchObject({ status: 'held', counters: { [`${name}_Person`]: { updated: 3 } } });

    let ended: Sync[];
    if (first === 'both at once')
      ended = await Promise.all([revert, waiting].map((each) => stack.decide(each, 'resume')));
    else {
      const order = first === 'the revert' ? [revert, waiting] : [waiting, revert];
      ended = [];
      for (const each of order) ended.push(await stack.decide(each, 'resume'));
    }
    for (const each of ended) expect(each).toMatchObject({ applied: true, error: null });
    const overtaken = (of: Sync) => ended.find(({ id }) => id === of.id)?.overtaken ?? -1;
    const firstIsRevert = overtaken(revert) === 0;
    if (first !== 'both at once') expect(firstIsRevert).toBe(first === 'the revert');
    // the one that comes second leaves alone what the first one wrote: E1 and E2, with the links that go with them
    expect(overtaken(firstIsRevert ? waiting : revert)).toBeGreaterThanOrEqual(2);
    expect(await mails()).toEqual(
      firstIsRevert
        ? { E1: 'e1@old', E2: 'e2@old', E3: 'e3@old', E4: 'e4@old', E6: 'e6@new' }
        : { E1: 'e1@new', E3: 'e3@old', E4: 'e4@old', E6: 'e6@new' },
    );
    expect(await members(name)).toEqual(firstIsRevert ? ['E1', 'E2', 'E3', 'E4', 'E6'] : ['E1', 'E3', 'E4', 'E6']);
    expect((await stack.get<Sync>(`/v1/syncs/${load.id}`)).revertedBy).toBe(revert.id);
  },
);
