import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sync } from '../../domain/sync.ts';
import { wide, wideWindows } from '../support/connector.ts';
import { hasDebian, needs } from '../support/debian.ts';
import { mariaDbSource, postgresSource, type SourceServer } from '../support/source-server.ts';
import { Stack } from '../support/stack.ts';

const hasMaria = await hasDebian('mariadb-server');
const password = 'canary-db-7e05';
const members = 3_001;
/** Rows that a writer changes all the time: how many points each person has at first, and how many of the crowd there are. */
const [players, points, crowd] = [7, 1_000, 10];

const connector = (name: string, settings: Record<string, unknown>) => ({
  ...{ apiVersion: 'syncline/v1', kind: 'Connector', name, thresholds: wide, windows: wideWindows },
  connections: [
    {
      ...{ name: 'db', package: 'sql', secrets: { password: 'env:SYNCLINE_SECRET_DB' } },
      settings: {
        ...settings,
        tables: {
          person: {
            watermark: { column: 'changed_at', overlap: '5s' },
            deleted: { query: 'select id from person_gone where gone_at >= :since' },
          },
          team: {
            watermark: { column: 'changed_at', overlap: '5s' },
            deleted: { query: 'select code from team_gone' },
          },
          member: {
            watermark: { column: 'changed_at', overlap: '5s' },
            deleted: { query: 'select team, person from member_gone where gone_at >= :since' },
          },
        },
      },
    },
  ],
  entityTypes: [
    {
      ...{ name: `${name}_Person`, source: { connection: 'db', table: 'person' }, key: ['id'] },
      properties: {
        id: { column: 'id' },
        login: { column: 'login' },
        points: { column: 'points' },
        team: { column: 'place' },
      },
      navigationProperties: { place: { to: `${name}_Team`, column: 'place' } },
    },
    {
      ...{ name: `${name}_Team`, source: { connection: 'db', table: 'team' }, key: ['code'] },
      properties: { code: { column: 'code' }, points: { column: 'points' } },
      navigationProperties: {
        members: {
          ...{ to: `${name}_Person`, table: 'member', sourceColumn: 'team', targetColumn: 'person' },
          multiValued: true,
        },
      },
    },
  ],
});

const kinds = { pg: postgresSource, ...(hasMaria ? { maria: mariaDbSource } : {}) };

// the two at once, since they take as long together as one of them
describe(`PostgreSQL and MariaDB${hasMaria ? '' : ` (${needs('mariadb-server')})`}`, () => {
  const servers = new Map<string, SourceServer>();
  let stack: Stack;
  beforeAll(async () => {
    for (const [name, start] of Object.entries(kinds)) servers.set(name, await start(password));
    stack = await Stack.start({
      SYNCLINE_OUTBOUND_ALLOW: [...servers.values()].map(({ host }) => host).join(','),
      SYNCLINE_SECRET_DB: password,
    });
  }, 180_000);
  afterAll(async () => {
    await stack.stop();
    for (const server of servers.values()) await server.stop();
  });

  const each = (run: (name: string, server: SourceServer) => Promise<void>) =>
    Promise.all([...servers].map(([name, server]) => run(name, server)));
  const changesOf = ({ id }: Sync) => stack.all<{ kind: string }>(`/v1/syncs/${id}/changes`);
  async function synced(name: string, mode: 'complete' | 'incremental'): Promise<Sync> {
    const sync = await stack.syncAndResume(name, { mode });
    expect(sync, JSON.stringify(sync)).toMatchObject({ status: 'completed', mode, modeReason: null });
    return sync;
  }
  const resources = (type: string, filter = '') =>
    stack.all<{ self: string; attributes: Record<string, string> }>(`/v1/entity-types/${type}/resources${filter}`);

  it('are read completely', () =>
    each(async (name, { settings, time, now, write }) => {
      await write(
        `create table team (code varchar(20) primary key, points int, changed_at ${time})`,
        `create table team_gone (code varchar(20))`,
        `create table person (id int primary key, login varchar(20) not null, points int, place varchar(20), changed_at ${time})`,
        `create table person_gone (id int, gone_at ${time})`,
        `create table member (team varchar(20), person int, changed_at ${time}, primary key (team, person))`,
        `create table member_gone (team varchar(20), person int, gone_at ${time})`,
      );
      const rows = (count: number, of: (i: number) => string) =>
        Array.from({ length: count }, (_each, i) => `(${of(i)}, ${now})`).join();
      await write(
        `insert into team values ${rows(3, (i) => `'t${String(i)}', 0`)}`,
        `insert into person values ${rows(members + 1, (i) => `${String(i)}, 'p${String(i)}', ${String(points)}, '${i < players ? 't1' : 't0'}'`)}`,
        `insert into member values ${rows(members, (i) => `'t0', ${String(i)}`)}`,
      );
      await stack.put(connector(name, settings), name);
      expect(await synced(name, 'complete')).toMatchObject({
        counters: {
          [`${name}_Person`]: { inserted: members + 1 },
          [`${name}_Team`]: { inserted: 3, links: { members: { inserted: members } } },
        },
      });
    }));

  it('show exactly what was renamed, moved, deleted and changed to an incremental sync', () =>
    each(async (name, { now, write }) => {
      const changed = `changed_at = ${now}`;
      await write(
        // one comes to the group, and one goes
        `insert into member values ('t0', ${String(members)}, ${now})`,
        `update person set login = 'renamed', ${changed} where id = 3000`,
        `update person set place = 't1', ${changed} where id in (2998, 2999)`,
        `delete from member where person = 2997`,
        `insert into member_gone values ('t0', 2997, ${now})`,
        `delete from person where id = 2997`,
        `insert into person_gone values (2997, ${now})`,
      );
      const sync = await synced(name, 'incremental');
      const links = (inserted: number, updated: number, deleted: number) => ({ inserted, updated, deleted });
      expect(sync).toMatchObject({
        counters: {
          [`${name}_Person`]: { ...links(0, 3, 1), links: { place: links(0, 2, 1) } },
          [`${name}_Team`]: { ...links(0, 0, 0), links: { members: links(1, 0, 1) } },
        },
      });
      expect(await changesOf(sync)).toHaveLength(9);
      expect(await changesOf(await synced(name, 'complete'))).toEqual([]);
    }));

  it('are read as they were at one moment, while a writer goes on in transactions', () =>
    each(async (name, { now, write }) => {
      const changed = `changed_at = ${now}`;
      const goer = (n: number) => String(10_000 + n);
      const come = (n: number) => [
        `insert into person values (${goer(n)}, 'c${String(n)}', 0, 't2', ${now})`,
        `insert into member values ('t2', ${goer(n)}, ${now})`,
      ];
      const go = (n: number) => [
        `delete from member where person = ${goer(n)}`,
        `delete from person where id = ${goer(n)}`,
        `insert into member_gone values ('t2', ${goer(n)}, ${now})`,
        `insert into person_gone values (${goer(n)}, ${now})`,
      ];
      await write(...Array.from({ length: crowd }, (_each, i) => come(i - crowd + 1)).flat());
      await synced(name, 'incremental');
      /** Moves a point from one of the players to a team, and lets one of the crowd go as another comes. */
      const turn = (n: number) =>
        write(
          `update person set points = points - 1, ${changed} where id = ${String(n % players)}`,
          ...come(n),
          `update team set points = points + 1, ${changed} where code = 't1'`,
          ...go(n - crowd),
        );

      const others = { write: true };
      const written = (async () => {
        for (let n = 1; others.write; n++) {
          await turn(n);
          await setTimeout(3);
        }
      })();
      const seen: number[] = [];
      try {
        for (const mode of ['complete', 'incremental', 'complete'] as const) {
          const sync = await synced(name, mode);
          // nobody is a member who was not there, and the other way round
          expect(await stack.all(`/v1/syncs/${sync.id}/errors`)).toEqual([]);
          const teams = new Map((await resources(`${name}_Team`)).map((each) => [each.attributes['code'], each]));
          const n = Number(teams.get('t1')?.attributes['points']);
          seen.push(n);
          const there = (
            await Promise.all(['t1', 't2'].map((place) => resources(`${name}_Person`, `?filter[team]=${place}`)))
          )
            .flat()
            .map(({ attributes }) => attributes);
          for (let player = 0; player < players; player++) {
            const turns = Math.floor(n / players) + (player !== 0 && player <= n % players ? 1 : 0);
            expect(there.find(({ id }) => id === String(player))?.['points']).toBe(String(points - turns));
          }
          const now = Array.from({ length: crowd }, (_each, i) => `c${String(n - crowd + 1 + i)}`);
          expect(there.flatMap(({ login = '' }) => (login.startsWith('c') ? [login] : [])).sort()).toEqual(now.sort());
          const linked = await stack.all<{ key: string[] }>(`${teams.get('t2')?.self ?? ''}/links/members`);
          expect(linked.map(({ key }) => key.join()).sort()).toEqual(
            now.map((login) => goer(Number(login.slice(1)))).sort(),
          );
        }
      } finally {
        others.write = false;
        await written;
      }
      expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b));
      await synced(name, 'incremental');
      expect(await changesOf(await synced(name, 'complete'))).toEqual([]);
    }));
});
