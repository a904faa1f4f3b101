import { describe, expect, it } from 'vitest';
import { parseOutboundAllow, type OutboundAllow } from '../../connectors/outbound/allow.ts';
import type { ReadRequest } from '../../connectors/package.ts';
import { scimSettings } from '../../connectors/scim/settings.ts';
import { describePackage, read } from './suite.ts';
import {
  adapter,
  answering,
  connection,
  onUsers,
  person,
  readUsers,
  reset,
  scim,
  subject,
  tell,
  wanted,
} from './scim-service.ts';

describePackage('scim', subject);

describe('columns of scim', () => {
  it('are those that are mapped, as far as the service has them', async () => {
    reset();
    const { columns: found, rows } = await readUsers({
      wanted: { columns: ['userName', 'emails[].value', 'userNmae'], key: ['id'] },
    });
    // a column with a typo is missing, and no empty one
    expect(found).toEqual(['userName', 'emails', 'id']);
    expect(rows[0]).toMatchObject({ id: 'u0', userName: 'user0' });
  });

  it('have active as null where it is null or absent', async () => {
    reset();
    tell(
      onUsers({
        body: (body) => ({
          ...body,
          Resources: (body['Resources'] as Record<string, unknown>[]).map(({ active: _active, ...rest }, i) =>
            i === 0 ? { ...rest, active: null } : rest,
          ),
        }),
      }),
    );
    const { rows } = await readUsers();
    expect(new Set(rows.map((row) => row['active']))).toEqual(new Set(['']));
  });

  it('are guessed where the service does not describe itself', async () => {
    reset();
    tell({
      answer: ({ url }, response) => {
        if (!/Schemas|ResourceTypes|ServiceProvider/.test(url.pathname)) return false;
        response.writeHead(404).end();
        return true;
      },
    });
    const { rows, end } = await readUsers();
    expect([rows.length, end?.certificate]).toEqual([8, { certified: true }]);
    const tables = await adapter.discover(connection());
    expect(tables.map(({ table }) => table)).toEqual(['Users', 'Groups']);
    expect(tables[0]?.columns).toContainEqual({ name: 'emails', type: 'object', multiValued: true, nullable: true });
  });

  it('of groups have their members as a list, and say where they lead', async () => {
    reset();
    const { rows } = await read({ ...subject(), table: 'Groups' });
    expect(rows[0]?.['members']).toContain('["value","u1"');
    const groups = (await adapter.discover(connection())).find(({ table }) => table === 'Groups');
    expect(groups).toMatchObject({ key: ['id'], identity: 'id' });
    expect(groups?.columns.find(({ name }) => name === 'members')).toMatchObject({ multiValued: true, type: 'object' });
  });
});

describe('incremental scim', () => {
  it('reads what was changed since the largest time of the read before, never deletes', async () => {
    reset();
    const { end: first } = await readUsers({}, { incremental: true });
    expect(first?.checkpoint?.value).toBe(scim.users.get('u7')?.meta.lastModified);
    // times of the service lie 5 minutes apart at least
    for (let i = 0; i < 301; i++) scim.now();
    scim.put(scim.users, 'u2', { ...person(2), displayName: 'another' });
    scim.put(scim.users, 'u9', person(9));
    scim.users.delete('u1');
    const since = { value: scim.users.get('u7')?.meta.lastModified ?? '', name: 'x' };
    const later = new Date(Date.parse(since.value) + 300_500).toISOString();
    const { rows, gone, end } = await readUsers(
      { mode: 'incremental', since: { ...since, value: later } },
      { incremental: true },
    );
    expect(rows.map((row) => row['id']).sort()).toEqual(['u2', 'u9']);
    expect(gone).toEqual([]);
    expect(end).toMatchObject({
      certificate: { certified: false, code: 'no-tombstones' },
      checkpoint: { value: scim.users.get('u9')?.meta.lastModified },
    });
  });

  it('keeps its checkpoint below the clock of the service', async () => {
    reset();
    tell(
      onUsers({
        answer: () => false,
        body: (body) => ({
          ...body,
          Resources: (body['Resources'] as { meta: object }[]).map((each) => ({
            ...each,
            meta: { ...each.meta, lastModified: '2099-01-01T00:00:00Z' },
          })),
        }),
      }),
    );
    const { end } = await readUsers({}, { incremental: true });
    expect(Date.parse(end?.checkpoint?.value ?? '')).toBeLessThan(Date.UTC(2098, 0));
  });

  it.each([[400], [403], [501]])('is refused where the service does not filter: %i', async (status) => {
    reset();
    tell(answering(status, '{"scimType":"invalidFilter"}', { 'content-type': 'application/json' }));
    const events = [];
    const request = {
      table: 'Users',
      mode: 'incremental',
      tables: ['Users'],
      since: { value: '2026-01-01T00:00:00Z', name: 'x' },
    };
    for await (const event of adapter.read(connection({ incremental: true }), request as ReadRequest))
      events.push(event);
    expect(events).toMatchObject([{ kind: 'refused', code: 'checkpoint-refused' }]);
  });

  it('can be polled only where the settings say that the service filters', () => {
    expect(adapter.incrementalGap(connection().settings)).toMatch(/incremental: true/);
    expect(adapter.incrementalGap(connection({ incremental: true }).settings)).toBeUndefined();
  });
});

describe('scim by key', () => {
  const byKey = (keys: string[], by = 'id') =>
    adapter.readKeys?.(connection(), { table: 'Users', wanted, by: [by], keys: keys.map((key) => [key]) });

  it('finds a resource at its own URL, and only there proves that it is gone', async () => {
    reset();
    const found = await byKey(['u1', 'u77', '../Groups/g1', '..']);
    expect(found?.answers.map(({ state }) => state)).toEqual(['found', 'gone', 'gone', 'unknown']);
    expect(found?.columns).toContain('userName');
    expect(found?.answers[0]).toMatchObject({
      records: [{ cells: expect.arrayContaining(['u1', 'user1']) as unknown }],
    });
  });

  it('finds by another attribute, and proves nothing if a filter finds none', async () => {
    reset();
    expect((await byKey(['user3', 'none'], 'userName'))?.answers).toMatchObject([
      { state: 'found' },
      { state: 'unknown' },
    ]);
    const byMail = await byKey(['user3@example.org'], 'emails[].value');
    expect(byMail?.answers).toMatchObject([{ state: 'found' }]);
    // it may leave others out
    expect(byMail?.certificate).toMatchObject({ certified: false, code: 'no-total' });
    const byPath = await byKey(['x'], 'emails[type eq "x"].value');
    expect(byPath?.answers).toMatchObject([{ state: 'unknown', unasked: true }]);
  });
});

describe('a scim connection that fits the schema', () => {
  it('needs its secret, and an encrypted way or a host that is named', () => {
    const faults = (more: Record<string, unknown>, secrets: string[], allow = '127.0.0.1') =>
      adapter.connectionFaults?.(
        { settings: scimSettings.parse({ baseUrl: 'http://hr.example/scim', ...more }), secrets },
        { allow: parseOutboundAllow(allow) as OutboundAllow, secretFolders: ['/run/secrets'] },
      );
    expect(faults({}, [], 'hr.example')).toMatchObject([{ path: ['secrets'] }]);
    expect(faults({}, ['token'])).toMatchObject([{ path: ['settings', 'baseUrl'] }]);
    expect(faults({}, ['token'], 'hr.example')).toEqual([]);
    expect(faults({ tls: { ca: '/etc/ca.pem' } }, ['token'], 'hr.example')).toMatchObject([
      { path: ['settings', 'tls', 'ca'] },
    ]);
  });
});
