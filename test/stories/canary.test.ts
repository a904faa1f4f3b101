import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Sync } from '../../domain/sync.ts';
import { CanarySources, type CanarySource } from '../support/canary-sources.ts';
import { csv, peopleAndGroups, wide, wideWindows } from '../support/connector.ts';
import { hasDebian, needs } from '../support/debian.ts';
import { Jobs } from '../support/jobs.ts';
import { Stack } from '../support/stack.ts';

const ready = await hasDebian('slapd', 'ldap-utils');
/** Stands in every cell, key, search, body and reason of this run, and nowhere may it be told but in Postgres' tables. */
const canary = `canary${randomBytes(5).toString('hex')}`;
const upper = canary.toUpperCase();
/** What the servers of other packages take for the password or the token. */
const secret = `secret-${canary}`;
const bin = join(import.meta.dirname, '..', '..', 'cli', 'bin.mjs');

describe('row data', { timeout: 240_000 }, () => {
  let stack: Stack;
  let client: pg.Client;
  let said = '';
  /** What ended in which way: a failure that did not happen would prove nothing. */
  const ends = new Map<string, string>();

  beforeAll(async () => {
    stack = await Stack.start(
      {
        ...{ SYNCLINE_LOG_LEVEL: 'trace', SYNCLINE_CLEAN_UP_SECONDS: '1' },
        ...{ SYNCLINE_OUTBOUND_ALLOW: '127.0.0.1,localhost', SYNCLINE_SECRET_CANARY: secret },
      },
      { heard: (text) => (said += text) },
    );
    client = new pg.Client({ connectionString: stack.databaseUrl });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await stack.stop();
  });

  const groups = csv('id,title', `${canary}-g,${canary}`);
  const members = csv('group,person', `${canary}-g,${canary}-1`, `${canary}-g,${canary}-nobody`);
  const people = (...rows: string[]) => csv('id,name,mail,manager', ...rows);
  const good = [`${canary}-1,${canary},${canary}@x,`, `${canary}-2,${canary} II,${canary}@y,${canary}-1`];

  async function connect(name: string, more: Parameters<typeof peopleAndGroups>[0] = {}): Promise<void> {
    await stack.place(name, { 'people.csv': people(...good), 'groups.csv': groups, 'members.csv': members });
    await stack.put(peopleAndGroups({ name, thresholds: wide, ...more }), name);
  }

  async function run(name: string, body: Record<string, unknown> = {}): Promise<Sync> {
    const sync = await stack.syncAndResume(name, body);
    ends.set(`${name} ${String(ends.size)}`, sync.error?.code ?? sync.status);
    return sync;
  }

  it('goes through syncs that succeed, are decided, and reject rows', async () => {
    await connect('hr', {
      thresholds: {},
      properties: {
        initial: { expression: 'row.name.substring(0, 1)' },
        number: { expression: "row.name == '' ? '' : string(int(row.name))" },
        since: { column: 'mail', type: 'date', format: 'yyyy-MM-dd' },
      },
    });
    await run('hr');
    await connect('ok');
    expect((await run('ok')).applied).toBe(true);
    const bad = [
      `${canary}-3,"${canary}"x,${canary},`,
      `${canary}-4`,
      `,${canary},${canary},`,
      ` ${canary}-5,${canary},${canary},${canary}-nobody`,
      `${canary}-6,${canary}\u0000,,`,
      `${canary}-7,${canary},,`,
      `${canary}-7,${canary}!,,`,
      `${canary.repeat(300)},${canary},,`,
    ];
    await stack.place('ok', { 'people.csv': people(...good, ...bad) });
    await run('ok');
    await stack.place('ok', { 'people.csv': people() });
    const held = await stack.sync('ok');
    expect(held.status).toBe('held');
    await stack.call('POST', `/v1/syncs/${held.id}/resume`, { digest: canary, reason: canary });
    await stack.call('POST', `/v1/syncs/${held.id}/reject`, { digest: held.digest, reason: canary });
    await stack.settled(held.id, ['held', 'running']);
    await run('ok', { scope: { keys: { ok_Person: [[`${canary}-1`], [`${canary}-unknown`]] } }, dryRun: true });
    await stack.call('POST', `/v1/entity-types/ok_Person/resources/${canary}-1/sync`);
    await stack.call('POST', `/v1/entity-types/ok_Person/resources/${canary}-unknown/sync`);
    const jobs = new Jobs(stack);
    await stack.call('PUT', '/v1/jobs/nightly', { mode: 'complete', connectors: ['ok'], cron: '0 2 * * *' });
    await jobs.run('nightly').catch(() => undefined);
  });

  it('goes through files that cannot be used', async () => {
    await connect('odd');
    await run('odd');
    const files: Record<string, string | Buffer> = {
      'duplicate-header': csv(`${canary},${canary},2024,x`, ...good),
      'missing-column': csv(`${canary}-0,nama,maiI,${canary}`, ...good),
      'unclosed-quote': people(...good, `"${canary},x,,`),
      'wrong-delimiter': csv(`${canary};${canary};x`, ...good),
      truncated: `${people(...good)}${canary}`,
      encoding: Buffer.concat([Buffer.from(people(...good)), Buffer.from([0xff, 0xfe]), Buffer.from(canary)]),
      'empty-file': '',
    };
    for (const [code, content] of Object.entries(files)) {
      await stack.place('odd', { 'people.csv': content });
      expect((await run('odd')).error?.code).toBe(code);
    }
  });

  it.skipIf(!ready)(`goes through each package${ready ? '' : ` (${needs('slapd', 'ldap-utils')})`}`, async () => {
    const sources = await CanarySources.start(canary, secret, (directory, files) => stack.place(directory, files));
    try {
      const all = Object.entries(sources.all).map(([name, source]) => throughPackage(name, source));
      // none is to lose its source because another one failed
      await Promise.allSettled(all);
      await Promise.all(all);
    } finally {
      await sources.stop();
    }
  });

  /** A read with a row that is rejected, looks at its rows and at the source, and a read that fails. */
  async function throughPackage(name: string, { connection, table, columns, fail, code }: CanarySource) {
    const { id, name: called, age } = columns;
    const type = `${name}_Person`;
    const properties = {
      ...{ id: { column: id }, name: { column: called, pick: 'first' }, age: { column: age, type: 'integer' } },
    };
    const file = {
      ...{ apiVersion: 'syncline/v1', kind: 'Connector', name, thresholds: wide, windows: wideWindows },
      connections: [{ name: 'source', ...connection }],
      entityTypes: [{ name: type, source: { connection: 'source', table }, key: ['id'], properties }],
    };
    await stack.put(file, name);
    const good = await run(name);
    expect(good, `${name} ${JSON.stringify(good.error)}`).toMatchObject({
      ...{ status: 'completed-with-errors', applied: true },
      counters: { [type]: { inserted: 1, rejected: 1 } },
    });
    await stack.call('POST', `/v1/connectors/${name}/preview`, { entityType: type, key: [`${canary}-1`] });
    const item = await stack.call('POST', `/v1/entity-types/${type}/resources/${canary}-1/sync`);
    expect(item.status, name).toBe(202);
    await stack.settled((item.body as Sync).id);
    await fail();
    for (const look of ['test', 'schema']) await stack.call('POST', `/v1/connectors/${look}`, file);
    const bad = await run(name);
    expect(bad, name).toMatchObject({ status: 'failed', error: { code } });
    expect(JSON.stringify([good, bad])).not.toContain(secret);
  }

  it('goes through statements that Postgres refuses', async () => {
    await connect('refused');
    // a row that fails a check stands whole in the detail of the error; a function says what it likes
    await client.query(
      `alter table syncline.change add constraint no_canary check (key not like '%${canary}%') not valid`,
    );
    await run('refused');
    await client.query('alter table syncline.change drop constraint no_canary');
    await client.query(`create function syncline.tell() returns trigger language plpgsql as
      $$ begin raise exception '% %', new.key, new using detail = new::text, hint = new::text; end $$`);
    await client.query(
      'create trigger tell before insert on syncline.change for each row execute function syncline.tell()',
    );
    await run('refused');
    await client.query('drop trigger tell on syncline.change');
    expect([...ends.values()].filter((end) => end === 'internal')).toHaveLength(2);
    // the bindings of a statement that fails stand in the message of the client library
    await client.query('alter table syncline.entity_type rename column label_property to label_property_gone');
    for (const path of [`search?q=${canary}`, `entity-types/ok_Person/resources?q=${canary}`]) {
      const answer = await fetch(`${stack.api}/v1/${path}`);
      expect(answer.status).toBe(500);
      expect(await answer.text()).not.toContain(canary);
    }
    await client.query('alter table syncline.entity_type rename column label_property_gone to label_property');
  });

  it('goes through requests of all kinds', async () => {
    const file = peopleAndGroups({ name: 'bad' });
    const bodies: unknown[] = [
      { ...file, [canary]: canary },
      { ...file, name: upper, connections: [{ name: canary, package: canary, secrets: { p: canary } }] },
      { ...file, connections: [{ ...file.connections[0], secrets: { password: `env:${upper}` } }] },
      { ...file, entityTypes: [{ ...file.entityTypes[0], properties: { id: { expression: `row.${canary} +` } } }] },
      `name: "${canary}\n  ]${canary}`,
      [canary],
    ];
    for (const body of bodies) {
      await stack.call('PUT', '/v1/connectors/bad', body);
      await stack.call('POST', '/v1/connectors/test', body);
    }
    await fetch(`${stack.api}/v1/connectors/bad`, {
      method: 'PUT',
      body: `{"${canary}": ${canary}`,
      headers: { 'content-type': 'application/json' },
    });
    const row = { id: `${canary}-1`, name: canary, mail: canary, manager: canary };
    await stack.call('POST', '/v1/connectors/ok/preview', { entityType: 'ok_Person', row });
    await stack.call('POST', '/v1/connectors/ok/preview', { entityType: 'ok_Person', key: [`${canary}-1`] });
    await stack.call('POST', '/v1/connectors/ok/syncs', { mode: canary }, { 'idempotency-key': canary });
    const filter = `filter[name]=${canary}`;
    for (const path of [
      `/v1/search?q=${canary}`,
      `/v1/entity-types/ok_Person/resources?q=${canary}&${filter}&sort=name`,
      `/v1/entity-types/ok_Person/resources?filter[${canary}]=${canary}&cursor=${canary}`,
      `/v1/entity-types/ok_Person/resources.csv?${filter}`,
      `/v1/entity-types/ok_Person/resources/${canary}-1`,
      `/v1/entity-types/ok_Person/resources/${canary}-1/history`,
      `/v1/entity-types/${canary}/resources/${canary}`,
      `/v1/sync-errors?key=${canary}`,
      `/${canary}?${canary}`,
      `/v1/syncs/${canary}`,
    ])
      await stack.call('GET', path);
    await stack.call('DELETE', `/v1/jobs/${canary}`);
    await fetch(`${stack.api}/v1/connectors/%${canary}`);
  });

  it('stands in Postgres, where it belongs, and in the answers to those who ask', async () => {
    const { rows } = await client.query<{ n: string }>(
      `select count(*) as n from syncline.resource where attributes::text like '%${canary}%'`,
    );
    expect(Number(rows[0]?.n)).toBeGreaterThan(3);
    const errors = await stack.all('/v1/sync-errors?connector=ok');
    expect(JSON.stringify(errors)).toContain(canary);
    expect([...ends.values()]).toContain('completed-with-errors');
  });

  it('is in no log of API, worker and syncs, at no level', async () => {
    expect(said).toContain('"level":20');
    expect(said).toContain('GET /v1/search 500');
    expect(said).toContain('"constraint":"no_canary"');
    expect(linesWith(said)).toEqual([]);
    const syncs = await stack.all<Sync>('/v1/syncs');
    expect(syncs.length).toBeGreaterThan(12);
    for (const { id } of syncs) expect(JSON.stringify(await stack.get(`/v1/syncs/${id}/log`))).not.toContain(canary);
    const failed = syncs.find(({ error }) => error?.code === 'duplicate-header');
    const { stdout } = await promisify(execFile)(process.execPath, [bin, 'logs', failed?.id ?? '', '--url', stack.api]);
    expect(stdout).toContain('duplicate-header');
    expect(linesWith(stdout)).toEqual([]);
  });

  it('is in no metric, and in no log of Postgres', async () => {
    expect(linesWith(await (await fetch(`${stack.api}/metrics`)).text())).toEqual([]);
    const log = await readFile(inject('databaseLog'), 'utf8');
    expect(log).toContain('LOG:');
    expect(linesWith(log)).toEqual([]);
  });

  it('is in nothing that Temporal keeps: ids, memos, search attributes, histories', async () => {
    let histories = 0;
    for await (const found of stack.temporal.workflow.list()) {
      const { workflowId, runId } = found;
      expect(JSON.stringify([workflowId, found.memo, found.typedSearchAttributes, found.type])).not.toContain(canary);
      const history = await stack.temporal.workflow.getHandle(workflowId, runId).fetchHistory();
      expect(linesWith(textOf(history).join('\n')), workflowId).toEqual([]);
      histories++;
    }
    expect(histories).toBeGreaterThan(12);
    for await (const schedule of stack.temporal.schedule.list())
      expect(textOf(schedule).join('\n')).not.toContain(canary);
  });
});

/** Lines that tell it, shortened: in any case, in any of the encodings that it may have taken on the way. */
function linesWith(text: string): string[] {
  // in base64 it depends on the place, of which its ends tell
  const coded = [0, 1, 2].map((place) =>
    Buffer.from(`${'-'.repeat(place)}${canary}`)
      .toString('base64')
      .slice(4, -4)
      .toLowerCase(),
  );
  const spelt = [canary, Buffer.from(canary).toString('hex'), encodeURIComponent(canary), ...coded];
  return text
    .split('\n')
    .filter((line) => spelt.some((each) => line.toLowerCase().includes(each)))
    .map((line) => line.slice(0, 500));
}

/** Every text in a structure, payloads decoded. */
function textOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (value instanceof Uint8Array) return [Buffer.from(value).toString('utf8')];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) => [name, ...textOf(each)]);
}
