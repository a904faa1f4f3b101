import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Change } from '../../repository/changes-list.ts';
import type { Sync } from '../../domain/sync.ts';
import { csv, peopleAndGroups } from '../support/connector.ts';
import { Stack } from '../support/stack.ts';

const people = (...rows: string[]) => csv('id,name,mail,manager', ...rows);
const base = {
  'people.csv': people('E1,Ada,ada@x,', 'E2,Ben,ben@x,E1', 'E3,Cyd,cyd@x,E1'),
  'groups.csv': csv('id,title', 'G1,All', 'G2,Some'),
  'members.csv': csv('group,person', 'G1,E1', 'G1,E2', 'G2,E3'),
};
const first = { inserted: 5, updated: 0, deleted: 0, linksInserted: 5, linksUpdated: 0, linksDeleted: 0 };

interface Draft {
  draftId: string;
  digest: string;
  counts: Record<string, unknown>;
}
interface Answer {
  status: number;
  body: { code?: string; decision?: Sync['decision']; differs?: string[]; errors?: { pointer: string }[] };
}

describe('deciding on a held sync', () => {
  let stack: Stack;
  let n = 0;
  let name: string;
  let held: Sync;
  beforeAll(async () => {
    stack = await Stack.start();
  });
  afterAll(() => stack.stop());
  beforeEach(async () => {
    name = `c${String(++n)}`;
    await stack.put(peopleAndGroups({ name }), name);
    await stack.place(name, base);
    held = await stack.sync(name);
    expect(held).toMatchObject({ status: 'held', outcome: { applied: 0, refused: 0 }, appliedCounters: null });
  });

  const post = (action: string, body: Record<string, unknown>, of = held) =>
    stack.call('POST', `/v1/syncs/${of.id}/${action}`, body) as Promise<Answer>;
  const draft = async (body: Record<string, unknown>, of = held) => {
    const answer = await post('decisions', { digest: of.digest, otherwise: 'apply', rules: [], ...body }, of);
    expect(answer.status, JSON.stringify(answer.body)).toBe(201);
    return answer.body as unknown as Draft;
  };
  const now = () => stack.get<Sync>(`/v1/syncs/${held.id}`);
  const ended = () => stack.settled(held.id, ['running', 'held']);
  const stored = async (type: string) =>
    (await stack.all<{ key: string[] }>(`/v1/entity-types/${name}_${type}/resources`)).map(({ key }) => key.join());
  const signal = (action: string, digest: string) =>
    stack.temporal.workflow.getHandle(held.workflowId, held.runId ?? undefined).signal(action, { digest });

  it('makes one transition of 100 that come at once, and tells the others who was first', async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) => post('resume', { digest: held.digest, reason: `number ${String(i)}` })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const { decision } = await ended();
    expect(decision).toMatchObject({ action: 'resume', by: 'user:local', byName: 'local user', counts: first });
    for (const { status, body } of answers.filter((each) => each.status !== 200)) {
      expect({ status, code: body.code }).toEqual({ status: 409, code: 'sync-not-held' });
      expect(body.decision).toEqual(decision);
    }
    const history = await stack.showHistory(held.workflowId, held.runId ?? undefined);
    expect(history.split('EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED').length - 1).toBe(1);
    expect(await now()).toMatchObject({ status: 'completed', outcome: { applied: 10, overtaken: 0, refused: 0 } });
  });

  it('has one winner where resume and reject race, which is told to both', async () => {
    const [resumed, rejected] = await Promise.all([
      post('resume', { digest: held.digest }),
      post('reject', { digest: held.digest, reason: 'wrong export' }),
    ]);
    const { decision, applied } = await ended();
    expect([resumed.status, rejected.status].sort()).toEqual([200, 409]);
    const loser = resumed.status === 409 ? resumed : rejected;
    expect(loser.body).toMatchObject({ code: 'sync-not-held', decision });
    expect(decision?.action).toBe(resumed.status === 200 ? 'resume' : 'reject');
    expect(applied).toBe(resumed.status === 200);
  });

  it('refuses digests of an old change set and of deleted drafts, also as signals to Temporal', async () => {
    const { digest, draftId } = await draft({ otherwise: 'defer' });
    expect((await stack.call('DELETE', `/v1/syncs/${held.id}/decisions/${draftId}`)).status).toBe(204);
    expect((await stack.call('DELETE', `/v1/syncs/${held.id}/decisions/${draftId}`)).status).toBe(404);
    const old = held;
    await stack.place(name, { 'groups.csv': csv('id,title', 'G1,All', 'G2,Others') });
    held = await stack.sync(name, { supersede: old.id });
    expect((await stack.all<Change>(`/v1/syncs/${old.id}/changes`)).map(({ state }) => state)).toContain('dropped');
    for (const stale of [digest, old.digest ?? '']) {
      await signal('resume', stale);
      expect(await post('resume', { digest: stale })).toMatchObject({ status: 412, body: { code: 'stale-digest' } });
    }
    // a live draft is resumed, and never rejected
    const live = await draft({ rules: [{ decision: 'defer', filter: { entityType: `${name}_Group` } }] });
    await signal('reject', live.digest);
    expect(await post('reject', { digest: live.digest, reason: 'no' })).toMatchObject({ status: 412 });
    expect(await now()).toMatchObject({ status: 'held', decision: null });
    await signal('resume', live.digest);
    expect(await ended()).toMatchObject({
      status: 'completed',
      decision: { by: 'temporal', draftId: live.draftId, digest: live.digest },
      outcome: { applied: 5, deferred: 5 },
    });
    expect(await stored('Group')).toEqual([]);
  });

  it('applies exactly the rows of a draft, while another sync has written some of them', async () => {
    const made = await draft({
      rules: [
        {
          decision: 'refuse',
          filter: { entityType: `${name}_Person`, kind: 'resource', keys: [['E3']] },
          remember: '7d',
        },
        { decision: 'defer', filter: { entityType: `${name}_Group`, kind: 'resource', keys: [['G1']] } },
      ],
    });
    // the links of E3 and of G1 follow
    expect(made.counts).toMatchObject({
      ...{ apply: 4, refuse: 3, defer: 3, follows: 4, mixed: 0 },
      applied: { ...first, inserted: 3, linksInserted: 1 },
    });
    expect(await stack.get(`/v1/syncs/${held.id}/decisions`)).toMatchObject({ items: [made], nextCursor: null });
    await stack.place(name, { 'people.csv': people('E1,Ada,ada@x,', 'E2,Benno,ben@x,', 'E3,Cyd,cyd@x,E1') });
    const item = await stack.syncAndResume(name, {
      scope: { keys: { [`${name}_Person`]: [['E2']] } },
      priority: 'high',
    });
    expect(item.applied).toBe(true);
    const confirm = { inserted: 3, linksInserted: 1, deleted: 0 };
    expect(await post('resume', { digest: made.digest, confirm: { ...confirm, inserted: 4 } })).toMatchObject({
      status: 412,
      body: { code: 'counts-differ', differs: ['inserted'] },
    });
    expect((await post('resume', { digest: made.digest, draftId: made.draftId, confirm })).status).toBe(200);
    const done = await ended();
    expect(done).toMatchObject({
      status: 'completed-with-errors',
      applied: true,
      decision: { draftId: made.draftId, counts: made.counts['applied'] },
      outcome: { applied: 2, overtaken: 2, refused: 3, deferred: 3 },
      appliedCounters: { [`${name}_Person`]: { inserted: 1 }, [`${name}_Group`]: { inserted: 1 } },
    });
    expect(await stored('Person')).toEqual(['E1', 'E2']);
    expect(await stored('Group')).toEqual(['G2']);
    const changes = await stack.all<Change>(`/v1/syncs/${held.id}/changes`);
    expect(
      changes
        .filter(({ state }) => state === 'refused')
        .map(({ key }) => key.join())
        .sort(),
    ).toEqual(['E3', 'E3', 'G2']);
    expect(await stack.get(`/v1/syncs/${held.id}/decisions`)).toMatchObject({ items: [] });
  });

  it('ends a draft that applies nothing as rejected, and equal files bring what was deferred again', async () => {
    const deferred = await draft({ otherwise: 'defer' });
    expect((await post('resume', { digest: deferred.digest })).status).toBe(200);
    expect(await ended()).toMatchObject({
      status: 'rejected',
      applied: false,
      decision: { action: 'resume', draftId: deferred.draftId },
      outcome: { applied: 0, refused: 0, deferred: 10 },
    });
    expect(await stored('Person')).toEqual([]);
    const again = await stack.sync(name);
    expect(again).toMatchObject({ status: 'held', digest: held.digest });
  });

  it('says what of a request makes no sense', async () => {
    const refused = async (rules: unknown[], pointer: string) => {
      const answer = await post('decisions', { digest: held.digest, otherwise: 'apply', rules });
      expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
    };
    const refuse = (filter: unknown, more = {}) => [{ decision: 'refuse', filter, ...more }];
    await refused(refuse({ keys: [['E1']] }), '/rules/0/filter/entityType');
    await refused(refuse({ entityType: `${name}_Person`, keys: [['E1', 'E2']] }), '/rules/0/filter/keys/0');
    await refused(refuse({ ids: ['x1'] }), '/rules/0/filter/ids/0');
    await refused(refuse({ operation: 'delete' }), '/rules/0/filter');
    await refused(refuse({}, { remember: '23h' }), '/rules/0/remember');
    await refused([{ decision: 'defer', filter: {}, remember: '1d' }], '/rules/0/remember');
    for (const reason of [undefined, '', ' \n'])
      expect(await post('reject', { digest: held.digest, reason })).toMatchObject({
        status: 422,
        body: { errors: [{ pointer: '/reason' }] },
      });
    expect(await post('decisions', { digest: 'sha256:0', otherwise: 'apply', rules: [] })).toMatchObject({
      status: 412,
    });
    for (let i = 0; i < 20; i++) await draft({ note: `number ${String(i)}` });
    expect(await post('decisions', { digest: held.digest, otherwise: 'apply', rules: [] })).toMatchObject({
      status: 409,
      body: { code: 'too-many-drafts' },
    });
    expect((await post('reject', { digest: held.digest, reason: 'seen' })).status).toBe(200);
    expect(await ended()).toMatchObject({ status: 'rejected', outcome: { applied: 0, refused: 10 } });
    expect(await post('decisions', { digest: held.digest, otherwise: 'apply', rules: [] })).toMatchObject({
      status: 409,
      body: { code: 'sync-not-held', decision: { action: 'reject', reason: 'seen', counts: null } },
    });
  });

  it('is refused if a later revision has retired what the changes are about, and only then', async () => {
    const file = peopleAndGroups({ name });
    const [person] = file.entityTypes;
    await stack.put({ ...file, entityTypes: [person] }, name);
    const answer = await post('resume', { digest: held.digest });
    expect(answer).toMatchObject({ status: 409, body: { code: 'configuration-changed' } });
    const may = { resume: 'configuration-changed', reject: true, draft: true };
    expect(await stack.get(`/v1/syncs/${held.id}`)).toMatchObject({ may });
    const { items } = await stack.get<{ items: { id: string }[] }>(`/v1/syncs?connector=${name}`);
    expect(items.find(({ id }) => id === held.id)).toMatchObject({ may });
    const completed = async () =>
      (await stack.showHistory(held.workflowId, held.runId ?? undefined)).split('ACTIVITY_TASK_COMPLETED').length;
    const before = await completed();
    await signal('resume', held.digest ?? '');
    await stack.until(async () => (await completed()) > before);
    // the same entity types with another limit
    await stack.put(peopleAndGroups({ name, thresholds: { maximumInsertedLines: 7 } }), name);
    expect(await now()).toMatchObject({ status: 'held', decision: null });
    expect((await post('resume', { digest: held.digest, confirm: first })).status).toBe(200);
    expect(await ended()).toMatchObject({ status: 'completed', applied: true });
  });
});
