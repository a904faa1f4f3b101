import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entityTypesOf, linkPropertiesOf } from '../../repository/catalog.ts';
import { rows } from '../../repository/database.ts';
import { csv, wide } from '../support/connector.ts';
import { rowsWithin, type DeltaTable } from '../support/delta-expectation.ts';
import { DeltaWorld } from '../support/delta-world.ts';
import { InProcess } from '../support/in-process.ts';

const steps = Number(process.env['DELTA_STEPS'] ?? 24);
const seeds =
  process.env['DELTA_SEED'] === undefined
    ? Array.from({ length: Number(process.env['DELTA_SEEDS'] ?? 3) }, (_, i) => i + 1)
    : [Number(process.env['DELTA_SEED'])];

function connector(name: string) {
  return {
    apiVersion: 'syncline/v1',
    kind: 'Connector',
    name,
    thresholds: wide,
    connections: [
      {
        name: 'files',
        package: 'csv',
        settings: { directory: name, delta: { directory: `${name}-d`, commandColumn: 'cmd' } },
      },
    ],
    entityTypes: [
      {
        name: `${name}_P`,
        source: { connection: 'files', table: 'users.csv', where: "row.status == 'active'" },
        key: ['id'],
        properties: Object.fromEntries(['id', 'name', 'note', 'status'].map((column) => [column, { column }])),
        navigationProperties: { mgr: { to: `${name}_P`, column: 'mgr' } },
      },
      {
        name: `${name}_G`,
        source: { connection: 'files', table: 'groups.csv' },
        key: ['id'],
        properties: { id: { column: 'id' }, title: { column: 'title' } },
        navigationProperties: {
          members: {
            to: `${name}_P`,
            table: 'members.csv',
            sourceColumn: 'g',
            targetColumn: 'u',
            where: "row.kind == 'user'",
          },
        },
      },
    ],
  };
}

function encoded(text: string, encoding: 'utf8' | 'utf16le' | 'utf16be'): Buffer {
  if (encoding === 'utf8') return Buffer.from(text);
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return encoding === 'utf16be' ? bytes.swap16() : bytes;
}

interface Stored {
  state: Record<string, string>;
  ids: Map<string, number>;
}

describe('delta files that are read one by one or together', () => {
  let syncline: InProcess;
  beforeAll(async () => {
    syncline = await InProcess.start();
  });
  afterAll(() => syncline.stop());

  async function storedBy(of: number, name: string): Promise<Stored> {
    const types = await entityTypesOf(syncline.db, of);
    const links = await linkPropertiesOf(syncline.db, of);
    const idOf = (each: string) => types.find((type) => type.name === `${name}_${each}`)?.id ?? 0;
    const linkOf = (each: string) => links.find((link) => link.name === each)?.id ?? 0;
    const found = await rows<{ key: string; value: Record<string, string> | null; id: number }>(
      syncline.db,
      `select 'P ' || r.key as key, r.id, r.attributes || jsonb_build_object('mgr', coalesce(t.key, '')) as value
         from syncline.resource r left join syncline.link l on l.property = ? and l.source = r.id
         left join syncline.resource t on t.entity_type = r.entity_type and t.id = l.target where r.entity_type = ?
       union all select 'G ' || key, id, attributes from syncline.resource where entity_type = ?
       union all select 'M ' || s.key || ' ' || t.key, 0, null from syncline.link l
         join syncline.resource s on s.entity_type = ? and s.id = l.source
         join syncline.resource t on t.entity_type = ? and t.id = l.target where l.property = ?
       order by 1`,
      [linkOf('mgr'), idOf('P'), idOf('G'), idOf('G'), idOf('P'), linkOf('members')],
    );
    const state = found.map(({ key, value }) => {
      if (!value) return [key, 'linked'] as const;
      const { name: named = '', note = '', status = '', mgr = '', title = '' } = value;
      return [key, key.startsWith('G') ? title : JSON.stringify({ name: named, note, status, mgr })] as const;
    });
    expect(new Set(found.map(({ key }) => key)).size).toBe(found.length);
    const ids = found.filter(({ value }) => value !== null).map(({ key, id }) => [key, id] as const);
    return { state: Object.fromEntries(state.sort(([a], [b]) => (a < b ? -1 : 1))), ids: new Map(ids) };
  }

  it.each([
    ['lf', '\n'],
    ['crlf', '\r\n'],
    ['cr', '\r'],
  ])('that a complete sync found cut inside a quoted line break go on with this row (%s)', async (name, end) => {
    const of = await syncline.put(connector(name));
    const lines = ['cmd,id,name,status', 'update,E1,old,active', `update,E2,"one${end}two",active`, ''];
    const file = lines.join(end);
    await syncline.place(name, {
      'users.csv': csv('id,name,note,status,mgr', 'E1,Ann,,active,', 'E2,Bob,,active,'),
      'groups.csv': csv('id,title', 'G1,One'),
      'members.csv': csv('g,u,kind', 'G1,E1,user'),
    });
    await syncline.place(`${name}-d`, { 'users-1.csv': file.slice(0, file.indexOf('two') + 1) });
    await syncline.sync(name, 'complete');
    await syncline.place(`${name}-d`, { 'users-1.csv': file });
    await syncline.sync(name, 'incremental');
    const { state } = await storedBy(of, name);
    expect(state['P E1']).toContain('Ann');
    expect(state['P E2']).toContain('two');
  });

  it.each([
    ['utf8', '\n'],
    ['utf16le', '\n'],
    ['utf16be', '\r\n'],
  ] as const)(
    'that a sync of one key found unfinished do not take this key back when the rest has come (%s, %j)',
    async (encoding, end) => {
      const name = `part${encoding}`;
      const of = await syncline.put(connector(name));
      // in UTF-16, one byte of each of these letters is that of a line break
      const letters = 'ਅ\u0d0a\u0a0d';
      const text = ['cmd,id,name', `update,E1,old`, `update,E2,${letters}`, 'update,E3,new', ''].join(end);
      const file = encoded(text, encoding);
      await syncline.place(name, {
        'users.csv': csv('id,name,note,status,mgr', ...['E1', 'E2', 'E3'].map((id) => `${id},Ann,,active,`)),
        'groups.csv': csv('id,title', 'G1,One'),
        'members.csv': csv('g,u,kind', 'G1,E1,user'),
      });
      await syncline.place(`${name}-d`, {});
      await syncline.sync(name, 'complete');
      await syncline.place(`${name}-d`, {
        'users-1.csv': file.subarray(0, encoded(text.split('new')[0] ?? '', encoding).length),
      });
      for (const id of ['E1', 'E3']) await syncline.sync(name, 'complete', { keys: { [`${name}_P`]: [[id]] } });
      await syncline.place(`${name}-d`, { 'users-1.csv': file });
      await syncline.sync(name, 'incremental');
      const { state } = await storedBy(of, name);
      expect(Object.values(state).flatMap((each) => /"name":"(.*?)"/.exec(each)?.[1] ?? [])).toEqual([
        'Ann',
        letters,
        'new',
      ]);
    },
  );

  it('name the line of a row that cannot be used, and count their rows', async () => {
    const name = 'lines';
    await syncline.put(connector(name));
    await syncline.place(name, {
      'users.csv': csv('id,name,note,status,mgr', 'E1,Ann,,active,'),
      'groups.csv': csv('id,title', 'G1,One'),
      'members.csv': csv('g,u,kind', 'G1,E1,user'),
    });
    await syncline.place(`${name}-d`, {});
    await syncline.sync(name, 'complete');
    await syncline.place(`${name}-d`, { 'users-1.csv': csv('cmd,id,name', 'update,E1,Anna', 'move,E2,Bob') });
    const { id } = await syncline.sync(name, 'incremental');
    const found = await rows(
      syncline.db,
      `select e.line, e.code, s.progress ->> 'rowsExported' as read from syncline.sync s
         join syncline.sync_error e on e.sync = s.no where s.id = ?`,
      [id],
    );
    expect(found).toEqual([{ line: 3, code: 'unknown-command', read: '2' }]);
  });

  it.each(seeds)(
    'leave what a complete read of the same directory stores (seed %i)',
    { timeout: 300_000 },
    async (seed) => {
      const world = new DeltaWorld(seed);
      const [name, snapshot] = [`d${String(seed)}`, `s${String(seed)}`];
      const deltas = await syncline.put(connector(name));
      const snapshots = await syncline.put(connector(snapshot));
      await syncline.place(`${name}-d`, {});
      await syncline.place(`${snapshot}-d`, {});
      const told: string[] = [];
      const about = () => `DELTA_SEED=${String(seed)}\n${told.join('\n')}`;
      let before: { births: Map<string, number>; ids: Map<string, number> } | undefined;
      const all: DeltaTable[] = ['users', 'groups', 'members'];
      const people = { entityTypes: [`${name}_P`] };
      const groups = { entityTypes: [`${name}_G`] };
      const { expected } = world;

      /** Whether delta files of people wait, so that a sync of groups alone would not find the people of its links. */
      const waits = () => world.files.some(({ table, read, cut }) => table === 'users' && (!read || cut !== undefined));
      const syncs: Record<string, () => Promise<unknown>> = {
        incremental: async () => {
          expected.incremental(world.files, all);
          return syncline.sync(name, 'incremental');
        },
        'incremental, of people': async () => {
          expected.incremental(world.files, ['users']);
          return syncline.sync(name, 'incremental', people);
        },
        'incremental, of groups': async () => {
          if (waits()) return undefined;
          expected.incremental(world.files, ['groups', 'members']);
          return syncline.sync(name, 'incremental', groups);
        },
        complete: async () => {
          expected.complete(world.files, all, world);
          return syncline.sync(name, 'complete');
        },
        'complete, of people': async () => {
          expected.complete(world.files, ['users'], world);
          return syncline.sync(name, 'complete', people);
        },
        'complete, of groups': async () => {
          if (waits()) return undefined;
          expected.complete(world.files, ['groups', 'members'], world);
          return syncline.sync(name, 'complete', groups);
        },
        'complete, of one key': async () => {
          const id = world.pick([...world.people.keys()]) ?? '';
          const mgr = world.people.get(id)?.mgr ?? '';
          if (mgr !== '' && !expected.people.has(mgr)) return undefined;
          expected.completePeople([id], world);
          for (const file of world.files)
            if (file.table === 'users' && !file.read)
              file.passed.set(id, file.cut === undefined ? file.rows.length : rowsWithin(file, file.cut));
          return syncline.sync(name, 'complete', { keys: { [`${name}_P`]: [[id]] } });
        },
      };
      const often = ['incremental', 'incremental', 'incremental', 'incremental, of people', ...Object.keys(syncs)];

      async function run(which: string): Promise<void> {
        told.push(`sync: ${which}`);
        await syncline.place(name, world.complete());
        await syncline.place(`${name}-d`, world.deltas());
        const sync = (await syncs[which]?.().catch((error: unknown) => {
          throw new Error(about(), { cause: error });
        })) as { status: string } | undefined;
        if (!sync) return;
        expect(sync.status, about()).toMatch(/^completed/);
        const { state, ids } = await storedBy(deltas, name);
        expect(state, about()).toEqual(expected.state());
        const births = expected.births();
        for (const [key, id] of before?.ids ?? [])
          if (births.has(key))
            expect([key, ids.get(key) === id], about()).toEqual([key, births.get(key) === before?.births.get(key)]);
        before = { births, ids };
      }

      async function compare(): Promise<void> {
        told.push('compared with a snapshot');
        await syncline.place(snapshot, world.complete());
        expect(await syncline.sync(snapshot, 'complete'), about()).toMatchObject({ status: 'completed' });
        expect((await storedBy(deltas, name)).state, about()).toEqual((await storedBy(snapshots, snapshot)).state);
      }

      await run('complete');
      for (let step = 0; step < steps; step++) {
        const what = world.random(12);
        told.push(what < 1 ? world.repeat() : what < 4 ? world.finish() : world.write());
        if (world.random(5) > 1) await run(world.pick(often) ?? '');
        if (step % 10 === 9 && world.files.every(({ cut }) => cut === undefined)) {
          await run('incremental');
          await compare();
        }
      }
      while (world.files.some(({ cut }) => cut !== undefined)) told.push(world.finish());
      await run('incremental');
      await compare();
    },
  );
});
