import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SummaryGroup } from '../../domain/summary/body.ts';
import type { Change } from '../../repository/changes-list.ts';
import { csv, peopleAndGroups } from '../support/connector.ts';
import { Stack } from '../support/stack.ts';

interface Summary {
  total: number;
  digest: string;
  counts: Record<string, number>;
  groups: SummaryGroup[];
  thresholds: { scope: string; name: string; words: string; exceeded: boolean }[];
  holds: { code: string; message: string; group: string | null }[];
  usual: { syncs: number; counters: Record<string, { deleted: { median: number; max: number } }> };
  previous: { status: string; times: number; tell: boolean; decision: { reason: string } | null } | null;
  waits: { connector: string; job: string; at: string; skipped: boolean }[];
  newerRevision: { revision: number } | null;
  resume: string;
  reject: string;
}

interface Page {
  items: (Change & { label: string | null; target?: { label: string | null } })[];
  nextCursor: string | null;
  prevCursor: string | null;
  total: number | null;
  from: number | null;
}

const people = (count: number, mail = 'x.org') =>
  csv(
    'id,name,mail,manager',
    ...Array.from({ length: count }, (_, n) => `E${String(n)},Name ${String(n)},m${String(n)}@${mail},`),
  );

/** The morning after a short export: who looks at the held sync sees in one answer what would happen, and why that is unusual. */
describe('the review of a held sync', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await Stack.start();
    await stack.put(peopleAndGroups({ name: 'hr' }), 'hr');
    await stack.place('hr', {
      'people.csv': people(199),
      'groups.csv': csv('id,title', 'G1,All'),
      'members.csv': csv('group,person', 'G1,E198'),
    });
    await stack.syncAndResume('hr');
  });
  afterAll(() => stack.stop());

  it('begins with a summary that has the arithmetic, and ends with whether the same was rejected before', async () => {
    const yearly = { cron: '0 0 1 1 *', timezone: 'UTC', connectors: ['*'] };
    for (const mode of ['complete', 'incremental'])
      expect((await stack.call('PUT', `/v1/jobs/${mode}`, { ...yearly, mode })).status).toBe(201);
    await stack.place('hr', { 'people.csv': people(188), 'members.csv': csv('group,person') });
    const held = await stack.sync('hr');
    expect(held).toMatchObject({
      status: 'held',
      may: { resume: true, reject: true, draft: true, revert: 'sync-not-applied' },
    });
    const summary = await stack.get<Summary>(`/v1/syncs/${held.id}/summary`);
    expect(summary).toMatchObject({
      digest: held.digest,
      total: 12,
      counts: { deleted: 11, updated: 0, inserted: 0, linksDeleted: 1, linksUpdated: 0, linksInserted: 0 },
      previous: null,
      newerRevision: null,
      resume: 'Resume deletes 11 hr_Person and 1 hr_Group.members link.',
    });
    const exceeded = summary.thresholds.filter((verdict) => verdict.exceeded);
    expect(exceeded.map(({ words }) => words)).toContain('11 deleted of 200 stored = 5.5 %; limit 5 % = 10');
    const deletes = summary.groups.find((group) => group.kind === 'resource' && group.operation === 'delete');
    expect(summary.holds.find(({ code }) => code === 'threshold-exceeded')?.group).toBe(deletes?.id);
    expect(deletes?.share).toBeCloseTo(11 / 12);
    const byPercentage = summary.holds.findIndex(({ message }) => message.includes('11 deleted lines'));
    for (const [filter, total] of [
      [`hold=${String(byPercentage)}`, 11],
      [`hold=${String(byPercentage)}&kind=link`, 0],
    ] as const)
      expect((await stack.get<Page>(`/v1/syncs/${held.id}/changes?${filter}`)).total, filter).toBe(total);
    // the connector has no incremental mode
    expect(summary.waits).toMatchObject([{ connector: 'hr', job: 'complete', skipped: false }]);
    expect(Date.parse(summary.waits[0]?.at ?? '')).toBeGreaterThan(Date.now());

    const page = await stack.get<Page>(`/v1/syncs/${held.id}/changes?group=${deletes?.id ?? ''}&limit=4&at=0.5`);
    expect(page).toMatchObject({ total: 11, from: 5 });
    expect(page.items.map(({ label }) => label)).toEqual(['Name 193', 'Name 194', 'Name 195', 'Name 196']);
    const before = await stack.get<Page>(
      `/v1/syncs/${held.id}/changes?group=${deletes?.id ?? ''}&limit=4&before=${page.prevCursor ?? ''}`,
    );
    expect(before.items.map(({ key }) => key[0])).toEqual(['E189', 'E190', 'E191', 'E192']);
    const byKey = await stack.get<Page>(`/v1/syncs/${held.id}/changes?limit=2&atKey=E193`);
    expect(byKey).toMatchObject({ total: 12, from: 5, items: [{ label: 'Name 193' }, { label: 'Name 194' }] });
    const links = await stack.get<Page>(`/v1/syncs/${held.id}/changes?kind=link`);
    expect(links.items).toMatchObject([{ label: null, target: { key: ['E198'], label: 'Name 198' } }]);
    expect((await stack.get<Page>(`/v1/syncs/${held.id}/changes?id=${links.items[0]?.id ?? ''}`)).items).toEqual(
      links.items,
    );
    const sample = () => stack.get<Page>(`/v1/syncs/${held.id}/changes?sample=5`);
    expect(await sample()).toEqual(await sample());

    for (const query of [
      'group=g0',
      'cause=c77',
      'id=x1',
      'keyPrefix=E',
      'at=0.5&sample=3',
      'at=2',
      'hold=99',
      'atKey=E001',
      'atKey=E193&at=0',
    ])
      expect((await stack.call('GET', `/v1/syncs/${held.id}/changes?${query}`)).status, query).toBe(422);

    await stack.decide(held, 'reject');
    expect((await stack.get<Summary>(`/v1/syncs/${held.id}/summary`)).waits).toEqual([]);
    const again = await stack.sync('hr');
    const second = await stack.get<Summary>(`/v1/syncs/${again.id}/summary`);
    expect(second.digest).toBe(summary.digest);
    expect(second.previous).toMatchObject({ status: 'rejected', times: 1, tell: true, decision: { action: 'reject' } });
    const log = await stack.get<{ items: { message: string }[] }>(`/v1/syncs/${again.id}/log`);
    expect(
      log.items.filter(({ message }) => message.includes(`The sync ${held.id} had the same changes`)),
    ).toHaveLength(1);
    expect(second.groups.map(({ id }) => id)).toEqual(summary.groups.map(({ id }) => id));
    await stack.put(peopleAndGroups({ name: 'hr', thresholds: { maximumDeletedLines: 1 } }), 'hr');
    expect((await stack.get<Summary>(`/v1/syncs/${again.id}/summary`)).newerRevision?.revision).toBeGreaterThan(1);

    const applied = await stack.decide(again, 'resume');
    expect(applied).toMatchObject({ may: { resume: 'not-held', reject: 'not-held', draft: 'not-held', revert: true } });
    const states = await stack.get<Page>(`/v1/syncs/${again.id}/changes?state=applied`);
    expect(states.total).toBe(12);
    expect((await stack.get<Page>(`/v1/syncs/${held.id}/changes?state=refused`)).total).toBe(12);
  });

  it('of a sync that is not held is made when somebody looks', async () => {
    const sync = await stack.sync('hr', { dryRun: true });
    expect(await stack.get<Summary>(`/v1/syncs/${sync.id}/summary`)).toMatchObject({ total: 0, groups: [] });
    await stack.put(peopleAndGroups({ name: 'new' }), 'new');
    const failed = await stack.sync('new');
    expect(failed.status).toBe('failed');
    expect(await stack.call('GET', `/v1/syncs/${failed.id}/summary`)).toMatchObject({
      status: 409,
      body: { code: 'no-change-set' },
    });
  });
});
