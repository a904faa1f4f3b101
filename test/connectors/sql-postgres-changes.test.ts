import { describe, expect, it } from 'vitest';
import { read } from './suite.ts';
import { adapter, of, server, subject } from './sql-postgres-source.ts';

describe('changes of PostgreSQL', () => {
  it('gives rows with no watermark each time, and no time of the future as checkpoint', async () => {
    await subject().reset();
    await server.run(`insert into people values ('null', 'n', 1, null), ('future', 'f', 1, '2999-01-01')`);
    const since = await adapter.note?.(subject().connection(), { table: 'people' });
    const at = (JSON.parse(since?.value ?? '') as { at: string }).at;
    expect(Date.parse(at)).toBeLessThanOrEqual(Date.now());
    const { rows } = await read(subject(), { mode: 'incremental', ...(since ? { since } : {}) });
    expect(rows.map(({ id }) => id).sort()).toEqual(['future', 'null']);
  });

  it('reads a table without a query `deleted` incrementally, and says that nobody tells what is gone', async () => {
    await subject().reset();
    const table = of({ people: { watermark: { column: 'changed_at' } }, plain: { from: 'people' } });
    const since = await adapter.note?.(table.connection(), { table: 'people' });
    const { rows, end } = await read(table, { mode: 'incremental', ...(since ? { since } : {}) });
    expect(rows.map(({ id }) => id).sort()).toEqual(['c', 'd', 'e']);
    expect(end?.certificate).toMatchObject({ certified: false, code: 'no-tombstones' });
    const all = await read({ ...table, table: 'plain' }, { mode: 'incremental' });
    expect(all.rows.length).toBe(5);
    expect(all.end?.certificate).toMatchObject({ certified: false, code: 'no-tombstones' });
  });

  it('removes nothing that the table still has, and takes no tombstone without a key', async () => {
    await subject().reset();
    await server.run(`insert into gone values ('a', now()), ('zz', now()), (null, now())`);
    const since = await adapter.note?.(subject().connection(), { table: 'people' });
    const { gone } = await read(subject(), { mode: 'incremental', ...(since ? { since } : {}) });
    expect(gone.map(({ id }) => id)).toEqual(['zz']);
  });

  it('refuses a query `deleted` without the key, a checkpoint of others, and a watermark that cannot be shifted', async () => {
    await subject().reset();
    const people = { watermark: { column: 'changed_at' }, deleted: { query: `select 'x' as other` } };
    const since = { value: '{"at":"2024-01-01T00:00:00Z"}', name: 'x' };
    const wanted = { columns: ['id', 'name'], key: ['id'] };
    await expect(read(of({ people }), { mode: 'incremental', since, wanted })).rejects.toMatchObject({ code: 'query' });
    const events = [];
    for await (const event of adapter.read(subject().connection(), {
      table: 'people',
      tables: ['people'],
      mode: 'incremental',
      since: { value: 'page 7', name: 'x' },
    }))
      events.push(event);
    expect(events).toMatchObject([{ kind: 'refused', code: 'checkpoint-refused' }]);
    const byName = of({ people: { watermark: { column: 'name' } } });
    await expect(read(byName, { mode: 'incremental', since })).rejects.toMatchObject({ code: 'configuration' });
    const missing = of({ people: { watermark: { column: 'none' } } });
    await expect(read(missing, { mode: 'incremental', since })).rejects.toMatchObject({ code: 'query' });
  });

  it('finds changes by a number, with an overlap of numbers', async () => {
    await server.run(
      'drop table if exists counted',
      'create table counted (id text primary key, version int)',
      `insert into counted select 'r' || n, n from generate_series(1, 100) n`,
    );
    const table = { ...of({ counted: { watermark: { column: 'version', overlap: 3 } } }), table: 'counted' };
    const since = await adapter.note?.(table.connection(), { table: 'counted' });
    expect(since).toMatchObject({ name: 'watermark 100' });
    const { rows } = await read(table, { mode: 'incremental', ...(since ? { since } : {}) });
    expect(rows.length).toBe(4);
  });

  it('says nothing of keys that cannot be values of their column', async () => {
    await server.run(
      'drop table if exists numbered',
      'create table numbered (id int primary key)',
      'insert into numbered values (1)',
    );
    const keys = (table: string, by: string, ...texts: string[]) =>
      adapter.readKeys?.(subject().connection(), {
        table,
        wanted: { columns: [by], key: [by] },
        by: [by],
        keys: texts.map((each) => [each]),
      });
    const states = (await keys('numbered', 'id', 'x', '1', '99999999999', '2'))?.answers.map(({ state }) => state);
    expect(states).toEqual(['unknown', 'found', 'unknown', 'gone']);
    const times = await keys('people', 'changed_at', '2024-01-01T00:00:00Z');
    expect(times?.answers.map(({ state }) => state)).toEqual(['unknown']);
    await server.run(
      'drop table if exists measured',
      'create table measured (id real)',
      'insert into measured values (0.1)',
    );
    for (const [table, by] of [
      ['people', 'changed_at'],
      ['people', 'name.first'],
      ['measured', 'id'],
    ] as const)
      expect((await keys(table, by, '1'))?.answers, by).toMatchObject([{ state: 'unknown', unasked: true }]);
    // nor of a table that was emptied
    await server.run('truncate numbered');
    expect((await keys('numbered', 'id', '1'))?.answers).toMatchObject([{ state: 'unknown' }]);
  });
});
