import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sync } from '../../domain/sync.ts';
import { LocalStack } from '../support/local-stack.ts';

const root = join(import.meta.dirname, '..', '..');
const lives = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('npm start', () => {
  let stack: LocalStack;
  let held: Sync;
  beforeAll(async () => {
    stack = await LocalStack.create({
      SYNCLINE_EXAMPLES: 'community,spreadsheet',
      SYNCLINE_FILE_ROOTS: join(root, 'examples'),
    });
    await stack.start();
  }, 120_000);
  afterAll(() => stack.remove());

  /** The exit code of another start, and what it said. */
  async function attempt(environment: NodeJS.ProcessEnv): Promise<{ code: number | null; said: string }> {
    const other = await LocalStack.create(environment);
    const child = other.launch();
    await once(child, 'exit');
    const said = other.output;
    await other.remove();
    return { code: child.exitCode, said };
  }

  it('has the examples waiting, held, and says what to do next', async () => {
    await stack.until(() => Promise.resolve(stack.output.includes('Ctrl-C stops everything.')));
    const [sync] = await stack.all<Sync>('/v1/syncs?connector=community');
    expect(sync).toMatchObject({
      status: 'held',
      counters: { Community_User: { inserted: 144 }, Community_Group: { inserted: 47 } },
    });
    held = sync as Sync;
    for (const part of [`ready ${stack.api}`, `${stack.api}/docs`, `./syncline resume ${held.id} --url ${stack.api}`])
      expect(stack.output).toContain(part);
    // the example of another package, beside the first
    const [other] = await stack.all<Sync>('/v1/syncs?connector=contractors');
    expect(other).toMatchObject({ status: 'held', counters: { CTR_Person: { inserted: 3 } } });
    expect(stack.output).toContain('The example contractors is loaded.');
    expect(stack.output.match(/^ready /gm)).toHaveLength(1);
  });

  it('is refused a second time on the same data, and the first goes on', async () => {
    const { code, said } = await attempt({ SYNCLINE_DATA_DIR: join(stack.folder, 'data') });
    expect(code).toBe(1);
    expect(said).toContain('already running on this data folder');
    expect((await stack.call('GET', '/readyz')).status).toBe(200);
  });

  it('names a port that is in use and the variable that changes it', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const port = String((server.address() as AddressInfo).port);
    for (const variable of ['SYNCLINE_API_PORT', 'SYNCLINE_TEMPORAL_PORT', 'SYNCLINE_TEMPORAL_UI_PORT']) {
      const { code, said } = await attempt({ [variable]: port });
      expect(code).toBe(1);
      expect(said).toContain(`Port ${port}`);
      expect(said).toContain(variable);
    }
    server.close();
  });

  it('says what is wrong with a data folder, a missing tool, an unknown or malformed variable', async () => {
    const file = join(stack.folder, 'a-file');
    await writeFile(file, '');
    const cases: [NodeJS.ProcessEnv, RegExp][] = [
      [{ SYNCLINE_DATA_DIR: join(file, 'data') }, /data folder .* cannot be used/],
      [{ SYNCLINE_TEMPORAL_CLI: join(stack.folder, 'no-such-cli') }, /SYNCLINE_TEMPORAL_CLI: .*no-such-cli/],
      [{ SYNCLINE_APY_PORT: '1' }, /SYNCLINE_APY_PORT is not a variable of Syncline/],
      [{ SYNCLINE_API_PORT: 'eighty' }, /SYNCLINE_API_PORT: must be a port number/],
    ];
    for (const [environment, message] of cases) {
      const { code, said } = await attempt(environment);
      expect(code).toBe(1);
      expect(said).toMatch(message);
      expect(said).not.toMatch(/\n\s+at /);
    }
  });

  it('stops everything it started, and only that, and goes on with the held sync when it is started again', async () => {
    const parts = [...(await stack.parts()).values()];
    expect(parts.length).toBe(4);
    expect(await stack.stop()).toBe(0);
    expect(parts.filter(lives)).toEqual([]);
    await stack.start();
    const again = await stack.get<Sync>(`/v1/syncs/${held.id}`);
    expect(again).toEqual(held);
    expect(await stack.decide(again, 'resume')).toMatchObject({ status: 'completed', applied: true });
  });

  it('takes over from a start that was killed: its lock, and what it left running', async () => {
    const parts = [...(await stack.parts()).values()];
    await stack.stop('SIGKILL');
    expect(parts.every(lives)).toBe(true);
    await stack.start();
    expect(stack.output).toContain('did not end cleanly');
    expect(parts.filter(lives)).toEqual([]);
    expect((await stack.get<{ counts: unknown }>('/v1/entity-types/Community_User')).counts).toMatchObject({
      resources: 144,
    });
  });

  it('uses servers that exist already, where they are named', async () => {
    const [temporal, access] = [stack.temporalAddress, join(stack.folder, 'data', 'postgres', 'access.json')];
    const { port, password } = JSON.parse(await stack.read(access)) as { port: number; password: string };
    await mkdir(join(stack.folder, 'second'), { recursive: true });
    const other = await LocalStack.create({
      SYNCLINE_TEMPORAL_ADDRESS: temporal,
      SYNCLINE_DATABASE_URL: `postgresql://syncline:${password}@127.0.0.1:${String(port)}/syncline`,
    });
    await other.start();
    expect([...(await other.parts()).keys()].sort()).toEqual(['api', 'worker']);
    expect(await other.all<Sync>('/v1/syncs?connector=community')).toHaveLength(1);
    await other.remove();
    expect((await stack.call('GET', '/readyz')).status).toBe(200);
  });
});
