import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../../cli/client.ts';
import { carryOut } from '../../cli/review/carry-out.ts';
import { walkThrough, type Decision } from '../../cli/review/walk.ts';
import type { Sync } from '../../domain/sync.ts';
import { runCommand } from '../support/command-line.ts';
import { csv, onePerson } from '../support/connector.ts';
import { Stack } from '../support/stack.ts';

const people = (ids: readonly number[], more: readonly string[] = []) =>
  csv('id,name,mail', ...ids.map((id) => `E${String(id)},Name ${String(id)},m${String(id)}@x`), ...more);
const all = Array.from({ length: 60 }, (_, i) => i);

describe('syncline review', () => {
  let stack: Stack;
  let name: string;
  let n = 0;
  let held: Sync;
  beforeAll(async () => {
    stack = await Stack.start();
  });
  afterAll(() => stack.stop());

  /** 60 people; then 20 of them are missing, and one is new. */
  beforeEach(async () => {
    name = `review${String(++n)}`;
    await stack.put(onePerson({ name }), name);
    await stack.place(name, { 'people.csv': people(all) });
    await stack.syncAndResume(name);
    await stack.place(name, { 'people.csv': people(all.slice(20), ['E99,New,new@x']) });
    held = await stack.sync(name);
    expect(held.status).toBe('held');
  });

  /** Answers in their order. @returns what a person saw, and the decision */
  async function walk(...answers: string[]): Promise<{ seen: string; decision: Decision }> {
    const seen: string[] = [];
    const api = connect({ url: stack.api, headers: new Headers(), timeout: 30_000 });
    const sync = await stack.get<never>(`/v1/syncs/${held.id}`);
    const summary = await stack.get<never>(`/v1/syncs/${held.id}/summary`);
    const decision = await walkThrough(api, sync, summary, {
      tell: (text) => seen.push(text),
      ask: (question) => {
        seen.push(question);
        const answer = answers.shift();
        if (answer === undefined) throw new Error(`no answer to ${question}\n${seen.join('\n')}`);
        return Promise.resolve(answer);
      },
    });
    expect(answers).toEqual([]);
    if (decision.action !== 'nothing') await carryOut(api, held.id, decision);
    return { seen: seen.join('\n'), decision };
  }
  const now = () => stack.settled(held.id, ['running']);
  const stored = async () => (await stack.all(`/v1/entity-types/${name}_Person/resources`)).length;

  it('shows what would happen and why, and applies everything after the number of deletes is typed', async () => {
    const { seen } = await walk('apply', '20', 'agreed with HR');
    expect(seen).toContain('20 deleted of 60 stored');
    expect(seen).toContain(`20 ${name}_Person deleted (95 %)`);
    expect(await now()).toMatchObject({
      status: 'completed',
      decision: { action: 'resume', reason: 'agreed with HR', counts: { deleted: 20, inserted: 1 } },
    });
    expect(await stored()).toBe(41);
  });

  it('decides nothing when the number is wrong, and shows examples', async () => {
    const { seen, decision } = await walk('examples', 'apply', '60', 'quit');
    expect(decision.action).toBe('nothing');
    expect(seen).toContain('That is not the number of deletes.');
    expect(seen).toMatch(/delete review\d+_Person E\d+/);
    expect(await now()).toMatchObject({ status: 'held', decision: null });
  });

  it('rejects with a reason, and not without', async () => {
    const { seen } = await walk('reject', ' ', 'reject', 'the file was cut');
    expect(seen).toContain('A decision needs a reason.');
    expect(await now()).toMatchObject({
      status: 'rejected',
      decision: { action: 'reject', reason: 'the file was cut' },
    });
    expect(await stored()).toBe(60);
  });

  it('offers to deactivate the connector when the same changes are rejected again', async () => {
    await walk('reject', 'the file was cut');
    held = await stack.sync(name);
    const { seen } = await walk('reject', 'still cut', 'yes');
    expect(seen).toContain('The same 21 changes were in the sync');
    expect(seen).toContain(`Deactivate ${name} until its source is repaired?`);
    expect(await now()).toMatchObject({ status: 'rejected', decision: { reason: 'still cut' } });
    expect(await stack.get(`/v1/connectors/${name}`)).toMatchObject({ active: false });
    // told once a day
    held = await stack.sync(name);
    const again = await walk('quit');
    expect(again.seen).toContain('2 earlier syncs had the same changes');
    expect(again.seen).not.toContain('still cut');
  });

  it('applies nothing without a reason', async () => {
    const { seen, decision } = await walk('apply', '20', '  ', 'quit');
    expect(seen).toContain('A decision needs a reason.');
    expect(decision.action).toBe('nothing');
  });

  it('applies one group and refuses another', async () => {
    const causes = await stack.get<{ causes: { meant: string; lines: number }[]; total: number }>(
      `/v1/syncs/${held.id}/summary`,
    );
    const asked = causes.causes.filter(({ meant, lines }) => meant !== 'often' && lines !== causes.total);
    const { seen } = await walk('groups', 'refuse', 'apply', ...asked.map(() => 'refuse'), 'yes', 'only the hire');
    expect(seen).toContain('1 change is applied, 20 refused');
    expect(await now()).toMatchObject({ status: 'completed', outcome: { applied: 1, refused: 20 } });
    expect(await stored()).toBe(61);
  });

  it('prints the summary, and says what to type, without a terminal', async () => {
    const { out, err, code } = await runCommand(['review', held.id], { SYNCLINE_URL: stack.api });
    expect(code).toBe(3);
    expect(out).toContain('20 deleted of 60 stored');
    expect(err).toContain(`resume ${held.id}`);
    const { out: json } = await runCommand(['review', held.id, '--json'], { SYNCLINE_URL: stack.api });
    expect(JSON.parse(json)).toMatchObject({ digest: held.digest, total: 21 });
  });
});
