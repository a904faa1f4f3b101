import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { breakerQuery } from '../../workflows/messages.ts';
import { runCommand } from '../support/command-line.ts';
import { csv, peopleAndGroups } from '../support/connector.ts';
import { Stack } from '../support/stack.ts';

const bin = join(import.meta.dirname, '..', '..', 'cli', 'bin.mjs');

describe('./syncline', () => {
  let stack: Stack;
  let id: string;
  beforeAll(async () => {
    stack = await Stack.start();
    await stack.place('hr', {
      'people.csv': csv('id,name,mail,manager', 'E1,Ada,ada@x,', 'E2,"Ben \u001b[31m",ben@x,E1'),
      'groups.csv': csv('id,title', 'G1,All', '"a,b/c",Odd'),
      'members.csv': csv('group,person', 'G1,E1', 'G1,E2'),
    });
    await writeFile(join(stack.folder, 'hr.yaml'), stringify(peopleAndGroups()));
  });
  afterAll(() => stack.stop());

  const run = (...args: string[]) => runCommand([...args, '--url', stack.api]);
  const json = async <Body>(...args: string[]) => JSON.parse((await run(...args, '--json')).out) as Body;

  it('says what to do while there is nothing', async () => {
    expect(await run('syncs')).toMatchObject({ code: 0, out: expect.stringContaining('./syncline sync') as string });
    expect(await run('errors')).toMatchObject({ code: 0, out: 'No open errors.\n' });
    expect(await run('status')).toMatchObject({ out: expect.stringContaining('./syncline apply') as string });
    expect(await run('resources')).toMatchObject({
      code: 0,
      out: expect.stringContaining('./syncline apply') as string,
    });
  });

  it('applies a connector file, and shows where a wrong one is wrong', async () => {
    expect(await run('apply', '-f', join(stack.folder, 'hr.yaml'))).toMatchObject({
      code: 0,
      out: 'hr: revision 1, in use from the next sync\n',
    });
    await writeFile(join(stack.folder, 'wrong.yaml'), stringify({ ...peopleAndGroups(), colour: 'red' }));
    const wrong = await run('apply', '-f', join(stack.folder, 'wrong.yaml'));
    expect(wrong.code).toBe(1);
    expect(wrong.err).toContain('/colour');
    expect((await run('apply', '-f', join(stack.folder, 'none.yaml'))).err).toContain('cannot be read');
  });

  it('starts a sync, follows it, and ends with 3 where it is held', async () => {
    const { code, out } = await run('sync', 'hr', '--complete', '--watch');
    expect(code).toBe(3);
    expect(out).toMatch(/hr_Person: 2 inserted[^]*held: Threshold Exceeded[^]*\.\/syncline resume/);
    const { items } = await json<{ items: { id: string; status: string }[] }>('syncs');
    expect(items).toMatchObject([{ status: 'held' }]);
    id = items[0]?.id ?? '';
  });

  it('shows the exact changes, with no control character of theirs', async () => {
    const { out } = await run('changes', id, '--entity-type', 'hr_Person');
    expect(out).toContain('E2');
    expect(out).not.toContain('\u001b');
    expect((await json<{ items: unknown[] }>('changes', id, '--all')).items).toHaveLength(7);
  });

  it('does not decide without a yes, nor over another digest', async () => {
    expect(await run('resume', id)).toMatchObject({ code: 2, err: expect.stringContaining('--yes') as string });
    expect(await run('resume', id, '--yes', '--digest', 'sha256:other')).toMatchObject({ code: 1 });
    expect(await json('syncs', id)).toMatchObject({ status: 'held' });
  });

  it('resumes, and browses what was applied', async () => {
    expect((await run('resume', id, '--yes', '--reason', 'first sync')).code).toBe(0);
    await stack.settled(id, ['held', 'running']);
    expect(await json('syncs', id)).toMatchObject({ status: 'completed', decision: { reason: 'first sync' } });
    expect((await run('resources')).out).toMatch(/hr_Person .*2/);
    expect((await run('resources', 'hr_Person', '-q', 'ada')).out).toContain('E1');
    const one = await run('resources', 'hr_Person', 'E2');
    expect(one.out).toContain('manager (1): Ada');
    expect((await run('resources', 'hr_Group', 'a,b/c')).out).toContain('Odd');
    expect(one.out).not.toContain('\u001b');
  });

  it('shows what a sync told, of all tasks or one', async () => {
    const { out } = await run('logs', id);
    expect(out).toMatch(/export +Read 2 rows of people\.csv[^]*warn: Held: Threshold Exceeded[^]*Decision: resume\./);
    const prepared = await json<{ items: { task: string }[] }>('logs', id, '--task', 'prepare');
    expect(prepared.items.map(({ task }) => task)).toEqual(['prepare']);
    expect((await run('logs', id, '--task', 'dream')).code).toBe(2);
    expect(await run('logs', '00000000-0000-7000-8000-000000000000', '--follow')).toMatchObject({
      code: 1,
      err: expect.stringContaining('no sync') as string,
    });
  });

  it('follows a sync to its end, one object a line with --json', async () => {
    const { items } = await json<{ items: { id: string }[] }>('syncs');
    expect(items[0]?.id).toBe(id);
    const again = await json<{ id: string }>('sync', 'hr');
    const { out, code } = await run('logs', again.id, '--follow', '--json');
    expect(code).toBe(0);
    const events = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { seq: number; type: string; status?: string; message?: string });
    expect(events.map(({ seq }) => seq)).toEqual([...new Set(events.map(({ seq }) => seq))].sort((a, b) => a - b));
    expect(events.filter(({ type }) => type === 'status').at(-1)).toMatchObject({ status: 'completed' });
    expect(events.filter(({ type }) => type === 'log').at(-1)).toMatchObject({ message: 'Ended: completed.' });
    expect((await run('logs', again.id, '--follow', '--task', 'export')).out).toMatch(/^\S+ \S+ {2}export /);
  });

  it('rejects a held sync', async () => {
    await stack.place('hr', { 'people.csv': csv('id,name,mail,manager') });
    expect((await run('sync', 'hr', '--watch')).code).toBe(3);
    const { items } = await json<{ items: { id: string }[] }>('syncs', '--status', 'held');
    expect((await run('reject', items[0]?.id ?? '', '--yes', '--reason', 'empty')).out).toContain('rejected');
    expect(await json('syncs', items[0]?.id ?? '')).toMatchObject({ status: 'rejected' });
  });

  it('lists what a sync could not use, and points to the list', async () => {
    await stack.place('hr', {
      'people.csv': csv('id,name,mail,manager', 'E1,Ada,ada@x,', 'E2,Ben,b@x,nobody', ',None,n@x,'),
    });
    const { out } = await run('sync', 'hr', '--dry-run', '--watch');
    const listed = /\.\/syncline errors (\S+)/.exec(out)?.[1] ?? '';
    expect((await run('errors', listed)).out).toMatch(/key-empty[^]*dangling-link/);
    expect((await json<{ items: unknown[] }>('errors', listed)).items).toHaveLength(2);
    const { items } = await json<{ items: { id: string }[] }>('syncs', '--status', 'completed');
    expect((await run('errors', items.at(-1)?.id ?? '')).out).toContain('link was used');
  });

  it('lists what is wrong now, with filters, until it is mended', async () => {
    // what the rejected sync has seen
    expect((await run('errors')).out).toContain('dangling-link');
    const lines = ['E1,Ada,ada@x,', 'E2,Ben,b@x,nobody', 'E3,Cyd,c@x,E1', ',None,n@x,'];
    await stack.place('hr', { 'people.csv': csv('id,name,mail,manager', ...lines) });
    expect((await run('sync', 'hr', '--watch')).code).toBe(0);
    const { items } = await json<{ items: { id: string }[] }>('syncs', '--limit', '1');
    const { out } = await run('errors');
    expect(out).toMatch(/hr_Person E2 manager[^]*dangling-link/);
    expect(out).toMatch(/hr_Person in people\.csv, line 5[^]*key-empty/);
    expect((await run('errors', '--key', 'E2', '--connector', 'hr')).out).not.toContain('key-empty');
    expect((await run('errors', '--code', 'key-empty', '--entity-type', 'hr_Person')).out).not.toContain('E2');
    expect((await run('errors', '--key', 'E1')).out).toBe('No such open errors.\n');
    expect(await json('errors', '--limit', '1')).toMatchObject({ total: 2, items: [{ syncId: items[0]?.id }] });
    expect((await run('errors', '--limit', '1')).out).toContain('the 1 last seen of 2');
    expect((await run('errors', items[0]?.id ?? '', '--code', 'key-empty')).out).not.toContain('dangling-link');
    expect(await run('errors', '--code', 'nonsense')).toMatchObject({ code: 1 });
    expect(await run('errors', items[0]?.id ?? '', '--connector', 'hr')).toMatchObject({ code: 2 });
    const mended = ['E1,Ada,ada@x,', 'E2,Ben,b@x,E1', 'E3,Cyd,c@x,E1'];
    await stack.place('hr', { 'people.csv': csv('id,name,mail,manager', ...mended) });
    await run('sync', 'hr', '--watch');
    expect((await run('errors')).out).toBe('No open errors.\n');
  });

  it('shows where every connector stands, and one with its entity types', async () => {
    const all = (await run('status')).out;
    expect(all).toMatch(/hr .*complete, manual .*user:local .*completed/);
    const one = (await run('status', 'hr')).out;
    expect(one).toMatch(/hr: hr\n {2}last sync .* by user:local, completed\n {2}next sync +none is planned/);
    expect(one).toMatch(/no open errors[^]*hr_Group .*2[^]*hr_Person .*3/);
    expect(await json('status', 'hr')).toMatchObject({
      connector: 'hr',
      openErrors: 0,
      lastSync: { status: 'completed' },
    });
    expect(await json('status')).toMatchObject({ items: [{ connector: 'hr' }], nextCursor: null });
    expect(await run('status', 'nobody')).toMatchObject({
      code: 1,
      err: expect.stringContaining('no connector nobody') as string,
    });
  });

  it('tells what went wrong, and how to mend it', async () => {
    expect(await run('sync', 'nobody')).toMatchObject({
      code: 1,
      err: expect.stringContaining('no connector nobody') as string,
    });
    expect((await run('frob')).code).toBe(2);
    const away = await new Promise<{ code: number; err: string }>((resolve) => {
      execFile(process.execPath, [bin, 'syncs', '--url', 'http://127.0.0.1:1'], (error, _out, err) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, err });
      });
    });
    expect(away).toMatchObject({ code: 1, err: expect.stringContaining('npm start') as string });
  });

  it(
    'resets the breaker of a polled connection, and says where there is nothing to reset',
    { timeout: 240_000 },
    async () => {
      const file = peopleAndGroups({
        name: 'src',
        settings: { delta: { directory: 'none', commandColumn: 'command' } },
      });
      // two failures, so that the breaker is not open again before the reset is answered
      const poll = { interval: '1s', failures: 2, reset: '12h' };
      await stack.put({ ...file, connections: file.connections.map((each) => ({ ...each, poll })) }, 'src');
      const open = async () =>
        (
          await stack.temporal.workflow
            .getHandle('poll:src:files')
            .query(breakerQuery)
            .catch(() => undefined)
        )?.state === 'open';
      await stack.until(open, 90);
      expect(await json('breakers', 'reset', 'src', 'files')).toMatchObject({ connection: 'files', state: 'closed' });
      await stack.until(open, 90);
      expect(await run('breakers', 'reset', 'src', 'files')).toMatchObject({
        code: 0,
        out: expect.stringMatching(/^src files: closed, next sync \d/) as string,
      });
      await stack.call('POST', '/v1/connectors/src/deactivate');
      const refused = await run('breakers', 'reset', 'src', 'files');
      expect(refused.code).toBe(1);
      expect(refused.err).toContain('deactivated');
    },
  );
});
