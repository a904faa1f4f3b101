import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiAlone } from '../support/api-alone.ts';
import { onePerson } from '../support/connector.ts';
import { createTestDatabase, deleteJobs } from '../support/database.ts';

/** How the API serves the files of the console, and checks a file for it. */
describe('the API beside the console', () => {
  let api: ApiAlone;
  let folder: string;
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'syncline-console-'));
    await mkdir(join(folder, '.hidden', 'assets'), { recursive: true });
    await writeFile(join(folder, '.hidden', 'index.html'), '<!doctype html><h1>console</h1>');
    await writeFile(join(folder, '.hidden', 'before-paint.js'), '// paint');
    await writeFile(join(folder, '.hidden', 'assets', 'a-123.js'), '// code');
    database = await createTestDatabase();
    api = await ApiAlone.start(database.url, { SYNCLINE_CONSOLE_DIR: join(folder, '.hidden') });
  });
  afterAll(async () => {
    await api.stop();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  });

  const open = (path: string, accept = 'text/html,*/*') => fetch(`${api.api}${path}`, { headers: { accept } });

  it('answers every address that a person opens with the page, under a policy that allows only its own files', async () => {
    for (const path of ['/', '/syncs/x/review', '/types/HR_Person/a%2Cb']) {
      const answer = await open(path);
      expect([answer.status, await answer.text()]).toEqual([200, '<!doctype html><h1>console</h1>']);
      expect(answer.headers.get('cache-control')).toBe('no-store');
      const policy = answer.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
      expect(policy).toContain("require-trusted-types-for 'script'; trusted-types 'none'");
      expect(policy).not.toContain('unsafe');
    }
  });

  it('keeps its hashed files for a year, and asks again for the others', async () => {
    const asset = await open('/assets/a-123.js');
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect((await open('/before-paint.js')).headers.get('cache-control')).toBe('no-cache');
  });

  it('leaves the addresses of the API to the API, and answers programs with problems', async () => {
    for (const [path, accept] of [
      ['/v1/nothing', 'text/html'],
      ['/nothing', 'application/json'],
      ['/nothing', '*/*'],
      ['/assets/gone.js', 'text/html'],
    ] as const) {
      const answer = await open(path, accept);
      expect([path, answer.status, answer.headers.get('content-type')]).toEqual([
        path,
        404,
        'application/problem+json; charset=utf-8',
      ]);
    }
  });

  it('says what to do where the console is not built', async () => {
    const without = await ApiAlone.start(database.url, { SYNCLINE_CONSOLE_DIR: join(folder, 'nowhere') });
    const answer = await fetch(without.api, { headers: { accept: 'text/html' } });
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain('npm run build:web');
    await without.stop();
  });

  it('checks a file that is not saved: its faults, what it would retire and which limits it would raise', async () => {
    const file = onePerson({ name: 'hr', thresholds: { maximumDeletedLines: 20 } });
    await api.put(file, 'hr');
    const check = async (body: unknown) => {
      const answer = await api.call('POST', '/v1/connectors/validate', body);
      expect(answer.status).toBe(200);
      return answer.body as { valid: boolean; errors: { pointer: string }[]; retires: unknown; raises: unknown };
    };
    expect(await check(file)).toMatchObject({ valid: true, errors: [], retires: [], raises: [] });
    const [type] = file.entityTypes;
    const other = { ...file, entityTypes: [{ ...type, name: 'hr_Worker' }], thresholds: { maximumDeletedLines: 50 } };
    expect(await check(other)).toMatchObject({
      valid: true,
      retires: [{ entityType: 'hr_Person', resources: 0 }],
      raises: [{ limit: 'maximumDeletedLines', from: 20, to: 50 }],
    });
    const wrong = await check({ ...file, entityTypes: [{ ...type, key: ['nobody'] }] });
    expect(wrong.valid).toBe(false);
    expect(wrong.errors[0]?.pointer).toContain('/entityTypes/0/key');
    expect((await check('name: [')).valid).toBe(false);
    expect(await api.get<{ revision: number }>('/v1/connectors/hr')).toMatchObject({ revision: 1 });
  });

  it('warns of polls that do not find what is gone, if no job runs complete syncs', async () => {
    const [connection] = onePerson().connections;
    const polled = (packageName: string, settings: object) => ({
      ...onePerson({ name: 'polled' }),
      connections: [
        { ...connection, package: packageName, settings, poll: {}, secrets: { token: 'env:SYNCLINE_SECRET_SCIM' } },
      ],
    });
    const scim = polled('scim', { baseUrl: 'https://scim.example.org', incremental: true });
    const csv = polled('csv', { directory: 'a', delta: { directory: 'b', commandColumn: 'does' } });
    const warningsOf = async (file: object) => {
      const { body } = await api.call('POST', '/v1/connectors/validate', file);
      return body as { valid: boolean; errors: unknown[]; warnings: unknown[] };
    };
    expect(await warningsOf(scim)).toMatchObject({ errors: [], warnings: [] });
    await deleteJobs(database.url);
    const detail = expect.stringMatching(/^Polls do not find what is gone from people\.csv\. SCIM does not/) as string;
    expect(await warningsOf(scim)).toMatchObject({
      valid: true,
      warnings: [{ pointer: '/connections/0/poll', detail }],
    });
    expect(await warningsOf(csv)).toMatchObject({ errors: [], warnings: [] });
  });
});
