import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import packageJson from '../../package.json' with { type: 'json' };
import { runCommand } from '../support/command-line.ts';
import { csv, peopleAndGroups } from '../support/connector.ts';
import { Stack } from '../support/stack.ts';

const bin = join(import.meta.dirname, '..', '..', 'cli', 'bin.mjs');
const execute = promisify(execFile);

/** What a person does with one connector, and with what it has brought, from the command line alone. */
describe('the command line', () => {
  let stack: Stack;
  const at = (name: string) => join(stack.folder, name);
  const run = (args: string[], env: NodeJS.ProcessEnv = {}) =>
    runCommand(args, { XDG_CONFIG_HOME: stack.folder, SYNCLINE_URL: stack.api, ...env });
  const json = async <Body>(...args: string[]) => JSON.parse((await run([...args, '--json'])).out) as Body;
  const file = peopleAndGroups();

  beforeAll(async () => {
    stack = await Stack.start();
    await stack.place('hr', {
      'people.csv': csv('id,name,mail,manager', 'E1,Ada,ada@x,', 'E2,Ben,ben@x,E1'),
      'groups.csv': csv('id,title', 'G1,All'),
      'members.csv': csv('group,person', 'G1,E1', 'G1,E2'),
    });
    await writeFile(at('hr.yaml'), stringify(file));
    await stack.put(file, 'hr');
    await stack.syncAndResume('hr');
  });
  afterAll(() => stack.stop());

  it('lists connectors, shows one with its file, and tests it', async () => {
    expect((await run(['connectors'])).out).toMatch(/hr .*yes .*1 .*complete.*completed/);
    const one = (await run(['connectors', 'show', 'hr'])).out;
    expect(one).toMatch(/revision +1, in use[^]*last sync .* completed: \.\/syncline syncs [^]*name: hr/);
    expect((await run(['connectors', 'test', 'hr'])).out).toMatch(/^ok +files: /);
    await writeFile(
      at('away.yaml'),
      stringify({ ...file, connections: [{ ...file.connections[0], settings: { directory: 'no' } }] }),
    );
    expect(await run(['connectors', 'test', '-f', at('away.yaml')])).toMatchObject({ code: 1 });
    expect(await run(['connectors', 'show', 'nobody'])).toMatchObject({ code: 1 });
  });

  it('takes a connector out of jobs and in again', async () => {
    expect((await run(['connectors', 'deactivate', 'hr'])).out).toBe('hr: deactivated\n');
    expect(await json('connectors', 'activate', 'hr')).toMatchObject({ active: true });
  });

  it('shows what a file would change, keeps it, and takes it into use when it fits the source', async () => {
    expect((await run(['connectors', 'diff', '-f', at('hr.yaml'), '--exit-code'])).code).toBe(0);
    await writeFile(at('next.yaml'), stringify({ ...file, displayName: 'People of HR' }));
    const diff = await run(['connectors', 'diff', '-f', at('next.yaml'), '--exit-code']);
    expect(diff.code).toBe(1);
    expect(diff.out).toMatch(/hr, revision 1[^]*\+displayName: People of HR/);
    expect((await run(['apply', '-f', at('next.yaml'), '--no-activate'])).out).toContain('not in use yet');
    expect((await run(['connectors'])).out).toMatch(/1 \(newest 2\)/);
    expect((await run(['connectors', 'reload', 'hr'])).out).toMatch(/revision 2 fits .* instead of 1/);
    expect((await run(['connectors', 'revisions', 'hr'])).out).toMatch(/2 +│ yes[^]*1 +│ +│/);
    expect((await run(['connectors', 'diff', 'hr', '--from', '1'])).out).toContain('+displayName: People of HR');
    expect((await run(['connectors', 'diff', 'hr', '--from', 'x'])).code).toBe(2);
  });

  it('sends one record through the mapping, of the source or typed by hand', async () => {
    expect((await run(['preview', 'hr', 'hr_Person', 'E1'])).out).toMatch(/a row[^]*Ada[^]*would not change it/);
    const cells = ['--cell', 'id=E9', '--cell', 'name=Cyd', '--cell', 'mail=', '--cell', 'manager='];
    expect((await run(['preview', 'hr', 'hr_Person', ...cells])).out).toMatch(/Cyd[^]*would insert it/);
    expect((await run(['preview', 'hr', 'hr_Person'])).code).toBe(2);
  });

  it('finds resources by a text, tells their history, and downloads them', async () => {
    expect((await run(['search', 'ben@'])).out).toMatch(/hr_Person .*E2 .*Ben/);
    expect((await run(['history', 'hr_Person', 'E2'])).out).toMatch(/insert .*manager → E1[^]*insert .*Ben/);
    const { out } = await run(['export', 'resources', 'hr_Person', '--filter', 'name=Ada']);
    expect(out.replace('\ufeff', '').split(/\r?\n/).slice(0, 2)).toEqual(['id,mail,name', 'E1,ada@x,Ada']);
    expect((await run(['export', 'resources', 'hr_Person', '-o', at('people.csv')])).err).toContain('wrote');
    expect((await readFile(at('people.csv'), 'utf8')).trim().split(/\r?\n/)).toHaveLength(3);
    const [sync] = (await json<{ items: { id: string }[] }>('syncs')).items;
    expect((await run(['export', 'changes', sync?.id ?? ''])).out).toContain('hr_Person');
    expect(await run(['export', 'resources', 'Nothing'])).toMatchObject({ code: 1, out: '' });
  });

  it('checks files without a running Syncline', async () => {
    const away = { SYNCLINE_URL: 'http://127.0.0.1:9' };
    expect(await run(['validate', at('hr.yaml')], away)).toMatchObject({ code: 0, out: `${at('hr.yaml')}: valid\n` });
    await writeFile(at('bad.yaml'), stringify({ ...file, colour: 'red' }));
    const bad = await run(['validate', at('hr.yaml'), at('bad.yaml')], away);
    expect(bad.code).toBe(1);
    expect(bad.out).toMatch(/bad\.yaml:\d+: \/colour: colour is not a field/);
  });

  it('knows installations by name, and repeats in its hints how this one was named', async () => {
    await writeFile(
      at('clients.yaml'),
      `default: main\ninstallations:\n  main: { url: "${stack.api}/", headers: { X-From: env:FROM } }\n  old: { url: "http://127.0.0.1:9" }\n`,
    );
    const config = ['--config', at('clients.yaml')];
    const env = { SYNCLINE_URL: '', FROM: 'here' };
    expect((await run(['installations', ...config], env)).out).toMatch(/main .*yes[^]*old/);
    expect((await run(['syncs', ...config], env)).code).toBe(0);
    expect(await run(['syncs', ...config], { SYNCLINE_URL: '' })).toMatchObject({
      code: 2,
      err: expect.stringContaining('FROM, which is not set') as string,
    });
    expect((await run(['syncs', ...config, '--installation', 'none'], env)).err).toContain('It has: main, old');
    expect((await run(['sync', 'hr', '--url', stack.api])).out).toContain(`--url ${stack.api}`);
    expect((await run(['sync', 'hr', '--url', 'ftp://x'])).code).toBe(2);
  });

  it('stops a sync, and says where there is nothing to stop', async () => {
    await stack.until(
      async () => (await json<{ runningSync: unknown }>('connectors', 'show', 'hr')).runningSync === null,
    );
    await stack.place('hr', { 'people.csv': csv('id,name,mail,manager') });
    const held = await stack.sync('hr');
    expect((await run(['cancel', held.id])).err).toContain('Reject it');
    await stack.decide(held, 'reject');
  });

  it('deletes nothing that has resources, and asks first', async () => {
    expect((await run(['connectors', 'delete', 'hr'])).code).toBe(2);
    expect(await run(['connectors', 'delete', 'hr', '--yes'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('still has resources') as string,
    });
    expect((await run(['connectors', 'purge', 'hr'])).code).toBe(2);
    const purge = await json<{ trigger: string; status: string }>('connectors', 'purge', 'hr', '--yes');
    expect(purge).toMatchObject({ trigger: 'purge', status: 'completed' });
    await stack.put({ ...peopleAndGroups({ name: 'gone' }) }, 'gone');
    expect((await run(['connectors', 'delete', 'gone', '--yes'])).out).toBe('deleted gone\n');
  });

  it('tells its version, and prints completions for the shells that people use', async () => {
    expect((await run(['--version'])).out).toBe(`${packageJson.version}\n`);
    const inProcess = async (...args: string[]) => (await execute(process.execPath, [bin, ...args])).stdout;
    for (const shell of ['bash', 'zsh', 'fish']) expect(await inProcess('completion', shell)).toContain('syncline');
    expect(await inProcess('complete', '--', 'connectors', 're')).toMatch(/reload[^]*revisions/);
    expect((await run(['--help'])).out).not.toContain('complete [args');
  });
});
