import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../support/command-line.ts';
import { csv, onePerson } from '../support/connector.ts';
import type { Execution, Job } from '../support/jobs.ts';
import { Stack } from '../support/stack.ts';

describe('./syncline jobs', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await Stack.start();
    await stack.place('hr', { 'people.csv': csv('id,name,mail', 'E1,Ada,ada@x') });
    await stack.put(onePerson({ name: 'hr' }), 'hr');
  });
  afterAll(() => stack.stop());

  const run = (...args: string[]) => runCommand(['jobs', ...args, '--url', stack.api]);
  const json = async <Body>(...args: string[]) => JSON.parse((await run(...args, '--json')).out) as Body;

  it('says what to do while there is none', async () => {
    expect((await run()).out).toContain('./syncline jobs set');
    expect((await run('executions')).out).toContain('./syncline jobs run');
  });

  it('makes a job, changes what is named of it, and says what is wrong', async () => {
    const made = await run(
      'set',
      'nightly',
      '--connector',
      'hr',
      '--cron',
      '0 3 * * MON-FRI',
      '--timezone',
      'Europe/Paris',
    );
    expect(made).toMatchObject({ code: 0 });
    expect(made.out).toMatch(/nightly: complete syncs of hr[^]*0 3 \* \* MON-FRI Europe\/Paris[^]*next runs/);
    expect(await json<Job>('set', 'nightly', '--overlap', 'wait')).toMatchObject({
      connectors: ['hr'],
      cron: '0 3 * * MON-FRI',
      overlap: 'wait',
      revision: 2,
    });
    const wrong = await run('set', 'nightly', '--cron', '0 25 * * *');
    expect(wrong).toMatchObject({ code: 1 });
    expect(wrong.err).toMatch(/\/cron: .*hour/);
    expect((await run('set', 'nightly', '--connector', 'nobody')).err).toContain(
      '/connectors/0: There is no connector nobody.',
    );
    expect(await run('set', 'nightly', '--all', '--connector', 'hr')).toMatchObject({ code: 2 });
    expect((await run('set', 'new', '--all')).err).toContain('/cron');
    expect((await run('show', 'nightly')).out).toContain('waits for its end');
    expect((await run()).out).toMatch(/nightly +│? *complete/);
  });

  it('runs it until it has ended, and ends with 3 where a sync is held', async () => {
    const { code, out } = await run('run', 'nightly', '--wait');
    expect(code).toBe(3);
    expect(out).toMatch(
      /nightly, execution \S+: completed-with-errors[^]*hr +held, threshold-exceeded[^]*\.\/syncline changes/,
    );
    const { items } = await json<{ items: Execution[] }>('executions', 'nightly');
    expect(items).toMatchObject([{ status: 'completed-with-errors', results: [{ connector: 'hr', status: 'held' }] }]);
    expect((await run('executions')).out).toContain('1 held');
    expect((await run('execution', items[0]?.id ?? '')).out).toContain('hr');
  });

  it('pauses it with a note, and lets it run again', async () => {
    expect((await run('pause', 'nightly', '--note', 'moving house')).out).toMatch(/paused: moving house[^]*unpause/);
    expect((await run()).out).toContain('paused');
    expect(await json<Job>('unpause', 'nightly')).toMatchObject({ paused: false, pauseNote: null });
  });

  it('does not delete without a yes', async () => {
    expect(await run('delete', 'nightly')).toMatchObject({ code: 2, err: expect.stringContaining('--yes') as string });
    expect((await run('delete', 'nightly', '--yes')).out).toBe('deleted nightly\n');
    expect(await run('show', 'nightly')).toMatchObject({
      code: 1,
      err: expect.stringContaining('no job nightly') as string,
    });
    expect((await run('executions')).out).toContain('nightly');
  });
});
