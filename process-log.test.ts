import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const log = join(import.meta.dirname, 'process-log.ts');

/** Runs some code with a log of its own, as a process does. */
function run(code: string, level = 'trace') {
  const text = `import { openProcessLog } from ${JSON.stringify(log)};
    const log = openProcessLog('test', { level: '${level}', format: 'json' });
    const error = () => Object.assign(new Error('CANARY'), { detail: 'CANARY', code: '23505' });
    ${code}`;
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', text],
    { encoding: 'utf8', cwd: import.meta.dirname },
  );
  const entries = stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as { msg: string }]));
  return { entries, status, output: stdout + stderr };
}

describe('the log of a process', () => {
  it('has of errors what holds no row data, however they are logged', () => {
    const { entries, output } = run(
      `log.error({ err: error() }, 'failed'); log.warn({ error: error() }, 'failed'); log.error({ err: error() });
       log.error(error()); log.child({}).fatal({ err: error() }, 'failed'); log.info('said');`,
    );
    const told = entries.map(({ msg }) => msg).sort();
    expect(told).toEqual(['an error', 'an error', 'failed', 'failed', 'failed', 'said']);
    const record = { name: 'Error', code: '23505', stack: expect.any(String) as string };
    expect(entries).toContainEqual(expect.objectContaining({ level: 50, err: record, msg: 'failed' }));
    expect(entries).toContainEqual(expect.objectContaining({ level: 40, error: record, msg: 'failed' }));
    expect(output).not.toContain('CANARY');
  });

  it.each([
    ['that is thrown later', 'setTimeout(() => { throw error(); })'],
    ['of a promise that nobody waits for', 'Promise.reject(error())'],
    ['of the start', 'await Promise.reject(error())'],
    ['of the start, thrown', 'throw error()'],
  ])('ends with an error %s, of which it says as little, and the process with 1', (_what, code) => {
    const { entries, output, status } = run(code, 'info');
    expect(entries).toMatchObject([{ level: 60, err: { code: '23505' } }]);
    expect(output).not.toContain('CANARY');
    expect(status).toBe(1);
  });
});
