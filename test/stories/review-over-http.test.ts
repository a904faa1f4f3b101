import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SummaryGroup } from '../../domain/summary/body.ts';
import type { Cause, Sync } from '../../domain/sync.ts';
import { decideUpdate } from '../../workflows/messages.ts';
import { runCommand } from '../support/command-line.ts';
import { csv, onePerson } from '../support/connector.ts';
import { Stack } from '../support/stack.ts';

interface Summary {
  digest: string;
  counts: Record<string, number>;
  resume: string;
  causes: Cause[];
  groups: (SummaryGroup & { decision?: { apply: number; refuse: number; defer: number } })[];
}
interface Status {
  items: { lastSync: (Sync & { syncId: string }) | null; heldSync: (Sync & { syncId: string }) | null }[];
}

const everybody = Array.from({ length: 60 }, (_, i) => `E${String(i).padStart(2, '0')}`);
const people = (ids: readonly string[], mail = (id: string) => `${id}@x.org`) =>
  csv('id,name,mail', ...ids.map((id) => `${id},Name ${id},${mail(id)}`));

/** What a person meets who opens a held sync by HTTP or by command line, with a worker and Temporal behind it. */
describe('a held sync', () => {
  let stack: Stack;
  let name: string;
  let n = 0;
  beforeAll(async () => {
    stack = await Stack.start();
  });
  afterAll(() => stack.stop());
  beforeEach(async () => {
    name = `held${String(++n)}`;
    await stack.put(onePerson({ name }), name);
    await stack.place(name, { 'people.csv': people(everybody) });
    await stack.syncAndResume(name);
  });

  const hold = async (content: string): Promise<Sync> => {
    await stack.place(name, { 'people.csv': content });
    const held = await stack.sync(name);
    expect(held.status).toBe('held');
    return held;
  };
  const run = (...args: string[]) => runCommand([...args, '--url', stack.api]);
  const stored = async () => (await stack.all(`/v1/entity-types/${name}_Person/resources`)).length;
  async function inDatabase(sql: string, values: unknown[] = []): Promise<void> {
    const database = new pg.Client(stack.databaseUrl);
    await database.connect();
    await database.query(sql, values).finally(() => database.end());
  }

  it('has its causes in sync-status while it is held, and after its end as those of the last sync', async () => {
    const statusOf = async () => (await stack.get<Status>(`/v1/sync-status?connector=${name}`)).items[0];
    expect((await statusOf())?.lastSync?.causes.map(({ code }) => code)).toEqual(['first-sync']);
    const held = await hold(people(everybody, () => ''));
    const [cause] = held.causes;
    expect(cause).toMatchObject({ code: 'blank-column', property: 'mail', lines: 60, share: 1, meant: 'hardly-ever' });
    expect((await statusOf())?.heldSync).toMatchObject({ syncId: held.id, causes: held.causes });
    expect((await stack.get<Summary>(`/v1/syncs/${held.id}/summary`)).causes).toEqual(held.causes);
    const evidence = (cause?.evidence.changes ?? []).map((id) => `id=${id}`).join('&');
    expect(await stack.all(`/v1/syncs/${held.id}/changes?${evidence}`)).toHaveLength(3);
    expect(await stack.all(`/v1/syncs/${held.id}/changes?cause=${cause?.id ?? ''}`)).toHaveLength(60);

    await stack.decide(held, 'reject');
    const after = await statusOf();
    expect(after?.heldSync).toBeNull();
    expect(after?.lastSync).toMatchObject({ syncId: held.id, status: 'rejected', causes: held.causes });
    await stack.place(name, { 'people.csv': people(everybody.slice(1)) });
    await stack.sync(name);
    expect((await statusOf())?.lastSync).toMatchObject({ status: 'completed', causes: [] });
  });

  it('shows in its summary what a draft would do, and in its words too', async () => {
    const held = await hold(people([...everybody.slice(20), 'E98', 'E99'], (id) => (id < 'E30' ? '' : `${id}@x.org`)));
    const whole = await stack.get<Summary>(`/v1/syncs/${held.id}/summary`);
    expect(whole.resume).toBe(
      `Resume deletes 20 ${name}_Person, changes 10 ${name}_Person (all of them mail), adds 2 ${name}_Person.`,
    );
    const rules = [
      { decision: 'refuse', filter: { operation: 'delete' } },
      { decision: 'apply', filter: { entityType: `${name}_Person`, keys: [['E00'], ['E01']] } },
      { decision: 'defer', filter: { operation: 'update' } },
    ];
    const answer = await stack.call('POST', `/v1/syncs/${held.id}/decisions`, {
      ...{ digest: held.digest, rules, otherwise: 'apply' },
    });
    const draft = answer.body as { draftId: string; digest: string; counts: { applied: object } };
    const drafted = await stack.get<Summary>(`/v1/syncs/${held.id}/summary?draft=${draft.draftId}`);
    expect(drafted.counts).toEqual(draft.counts.applied);
    expect(drafted.counts).toMatchObject({ deleted: 2, updated: 0, inserted: 2 });
    expect(drafted.resume).toBe(`Resume deletes 2 ${name}_Person, adds 2 ${name}_Person.`);
    const shown = drafted.groups
      .filter(({ property }) => property === null)
      .map(({ operation, lines, decision }) => ({ operation, lines, ...decision }));
    expect(shown.sort((a, b) => b.lines - a.lines)).toEqual([
      { operation: 'delete', lines: 20, apply: 2, refuse: 18, defer: 0 },
      { operation: 'update', lines: 10, apply: 0, refuse: 0, defer: 10 },
      { operation: 'insert', lines: 2, apply: 2, refuse: 0, defer: 0 },
    ]);
    // the digest of the change set stays that of the whole, and the groups are the same
    expect({ ...drafted, groups: drafted.groups.map(({ decision: _, ...group }) => group) }).toEqual({
      ...whole,
      counts: drafted.counts,
      resume: drafted.resume,
    });
    const listed = await stack.all<{ operation: string; decision: string; key: string[] }>(
      `/v1/syncs/${held.id}/changes?draft=${draft.draftId}`,
    );
    const applied = listed.filter(({ decision }) => decision === 'apply').map(({ key }) => key.join());
    expect(applied.sort()).toEqual(['E00', 'E01', 'E98', 'E99']);
    await stack.call('DELETE', `/v1/syncs/${held.id}/decisions/${draft.draftId}`);
    expect((await stack.call('GET', `/v1/syncs/${held.id}/summary?draft=${draft.draftId}`)).status).toBe(422);
  });

  it('is read again by `syncline refresh`, which says what is the same, and ends with the code of what it finds', async () => {
    const held = await hold(people(everybody.slice(20)));
    await stack.place(name, { 'people.csv': people([...everybody.slice(10), 'E99']) });
    const again = await run('refresh', held.id, '--watch');
    expect(again.code).toBe(3);
    expect(again.out).toContain(`beside ${held.id}: 10 changes the same, 1 new, 10 gone, 0 changed`);
    expect(again.out).toContain('./syncline resume');
    const fresh = (await stack.all<Sync>(`/v1/syncs?connector=${name}&status=held`))[0];
    expect(fresh?.refreshes).toBe(held.id);
    expect((await run('review', fresh?.id ?? '')).out).toContain(
      `Compared with the sync ${held.id}: 10 changes the same, 1 new, 0 changed, 10 gone.`,
    );
    // that one was replaced
    const late = await run('refresh', held.id);
    expect(late).toMatchObject({ code: 1, err: expect.stringContaining('supersede') as string });
    await stack.place(name, { 'people.csv': people([...everybody, 'E99']) });
    const { code, out } = await run('refresh', fresh?.id ?? '', '--watch', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ status: 'completed', applied: true, refreshes: fresh?.id });
    expect(await stored()).toBe(61);
  });

  it('takes no decision that was asked for more than a minute ago, and the same one when it is repeated', async () => {
    const held = await hold(people(everybody.slice(20)));
    const resume = () => stack.call('POST', `/v1/syncs/${held.id}/resume`, { digest: held.digest, reason: 'late' });
    // as if a request had hung for 61 seconds between Postgres and Temporal
    await inDatabase(`
      create function syncline.hang() returns trigger language plpgsql as $$
      begin new.decided_at = clock_timestamp() - interval '61 seconds'; return new; end $$;
      create trigger hang before insert on syncline.decision for each row execute function syncline.hang()`);
    const answer = await resume();
    expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    expect((answer.body as { detail: string }).detail).toContain('repeat the decision');
    await inDatabase('drop trigger hang on syncline.decision; drop function syncline.hang()');
    expect(await stack.get<Sync>(`/v1/syncs/${held.id}`)).toEqual(held);
    // the workflow itself says why, to whoever sends that decision again
    const old = `01900000-0000-7000-8000-${held.id.slice(-12)}`;
    await inDatabase(
      `insert into syncline.decision (id, sync, action, digest, decided_by, decided_at)
       select $1, no, 'resume', digest, 'user:late', clock_timestamp() - interval '61 seconds' from syncline.sync where id = $2`,
      [old, held.id],
    );
    const asked = stack.temporal.workflow
      .getHandle(held.workflowId, held.runId ?? undefined)
      .executeUpdate(decideUpdate, { args: [{ action: 'resume', digest: held.digest ?? '', decisionId: old }] });
    await expect(asked).rejects.toMatchObject({ cause: { type: 'too-late' } });
    expect((await stack.get<Sync>(`/v1/syncs/${held.id}`)).decision).toBeNull();

    expect((await resume()).status).toBe(200);
    expect(await stack.settled(held.id, ['running', 'held'])).toMatchObject({
      applied: true,
      decision: { reason: 'late' },
    });
    expect(await stored()).toBe(40);
  });

  /** No file can have such times. */
  const shortenTimers = (review: Record<'remindAfter' | 'escalateAfter' | 'expireAfter', string | null>) =>
    inDatabase(
      `update syncline.connector_revision r set file = r.file || $2::jsonb
       from syncline.connector c where c.id = r.connector and c.name = $1`,
      [name, { review }],
    );

  it('says in the command line which limits hold it, that it has reminded, and until when it waits', async () => {
    await shortenTimers({ remindAfter: '1s', escalateAfter: null, expireAfter: '2h' });
    const held = await hold(people(everybody.slice(20)));
    await stack.until(async () => (await stack.get<Sync>(`/v1/syncs/${held.id}`)).waitingFor?.stage === 'reminded');
    const shown = await run('syncs', held.id);
    expect(shown.out).toMatch(/held since .*, reminded\n {2}if nobody decides, it is rejected at /);
    const status = await run('status', name);
    expect(status.out).toMatch(/held since .*, reminded: .*review/);
    expect(status.out).toMatch(/expires +.*: then it is rejected, if nobody decides/);
    const review = await run('review', held.id);
    expect(review.code).toBe(3);
    expect(review.out).toMatch(/Why it is held\n.*20 deleted of 60 stored = 33.3 %; limit 5 % = 3/);
    expect(review.out).toMatch(/if nobody decides, it is rejected at /);
  });

  it('says in the command line that it expired, and not what resume would do', async () => {
    await shortenTimers({ remindAfter: null, escalateAfter: null, expireAfter: '1s' });
    await stack.place(name, { 'people.csv': people(everybody.slice(20)) });
    const expired = await stack.settled((await stack.startSync(name)).id, ['queued', 'running', 'held']);
    expect(expired).toMatchObject({ status: 'rejected', decision: { action: 'expire' } });
    const shown = await run('syncs', expired.id);
    expect(shown.out).toContain(`${name}, complete sync ${expired.id}: rejected`);
    expect(shown.out).toMatch(/expire by system: Nobody decided\. The sync was held since /);
    expect((await run('status', name)).out).not.toContain('held since');
    const review = await run('review', expired.id);
    expect(review.code).toBe(0);
    expect(review.out).toMatch(
      /^This sync is not held: it is rejected\. It was decided: expire by system: Nobody decided/,
    );
    expect(review.out).toContain('Why it was held');
    expect(review.out).not.toContain('Resume ');
    expect(await run('resume', expired.id, '--yes')).toMatchObject({
      code: 1,
      err: expect.stringContaining('expire') as string,
    });
    expect(await stored()).toBe(60);
  });

  it('says in the command line which limits of this sync alone hold it', async () => {
    await stack.place(name, { 'people.csv': people(everybody.slice(1)) });
    const { code, out } = await run(
      ...['sync', name, '--complete', '--watch', '--limit', 'maximumDeletedLines=0', '--reason', 'nobody leaves today'],
    );
    expect(code).toBe(3);
    expect(out).toContain('Threshold Exceeded: 1 deleted line, limit 0');
    const [held] = await stack.all<Sync>(`/v1/syncs?connector=${name}&status=held`);
    expect((await run('review', held?.id ?? '')).out).toContain(
      '1 deleted of 60 stored; limit 0 (for this sync; else 100)',
    );
  });
});
