import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { rows } from '../../repository/database.ts';
import { lastExport } from '../../repository/last-export.ts';
import type { SyncRow } from '../../repository/syncs.ts';
import { sqlPackageFor } from '../connectors/sql-subject.ts';
import { wide, wideWindows } from '../support/connector.ts';
import { InProcess } from '../support/in-process.ts';
import { createSourceDatabase, type SourceDatabase } from '../support/source-database.ts';

const name = `items_${randomBytes(6).toString('hex')}`;
const password = 'canary-items-90c2';

/** A row of an armed table that nobody has allowed breaks the statement that reads it. */
const schema = `
  create table alarm (armed bool);
  create table allowed (key text);
  create function watched(row_key text, cell text) returns text language plpgsql stable security definer as $$
    begin
      if (select armed from alarm) and not exists (select from allowed where key = row_key) then
        raise exception 'a row was read that nobody wanted';
      end if;
      return cell;
    end $$;
  create table groups (id text primary key, title text);
  create table members (group_id text, person text);
  create table people (number text primary key, name text);
  create view shown_groups as select id, watched(id, title) as title from groups;
  create view shown_members as select group_id, watched(group_id, person) as person from members;
  create view shown_people as select number, watched(number, name) as name from people;
  grant select on shown_groups, shown_members, shown_people to ${name};
  insert into alarm values (false);`;

describe('a sync of single items of a database', () => {
  let syncline: InProcess;
  let source: SourceDatabase;
  let connector = 0;
  beforeAll(async () => {
    source = await createSourceDatabase(name, password);
    await source.client.query(schema);
    process.env['SYNCLINE_SECRET_ITEMS'] = password;
    syncline = await InProcess.start({ packages: [sqlPackageFor()] });
    connector = await syncline.put(file());
  });
  afterAll(async () => {
    delete process.env['SYNCLINE_SECRET_ITEMS'];
    await syncline.stop();
    await source.drop();
  });

  beforeEach(async () => {
    await allow('everything');
    await source.client.query(`
      truncate groups, members, people;
      insert into people values ('1', 'Ann'), ('002', 'Bo'), ('3', 'Cy');
      insert into groups values ('G1', 'One'), ('G2', 'Two'), ('G3', 'Three');
      insert into members values ('G1', '1'), ('G1', '002'), ('G2', '3')`);
    expect(await syncline.sync('items', 'complete')).toMatchObject({ status: 'completed' });
  });

  function file() {
    const { hostname, port } = new URL(inject('databaseAdminUrl'));
    const at = { client: 'postgres', host: hostname, port: Number(port), database: name, user: name };
    return {
      apiVersion: 'syncline/v1',
      kind: 'Connector',
      name: 'items',
      thresholds: wide,
      windows: wideWindows,
      connections: [
        {
          name: 'db',
          package: 'sql',
          settings: {
            ...at,
            tls: { mode: 'none' },
            tables: {
              groups: { from: 'shown_groups' },
              members: { from: 'shown_members' },
              people: { from: 'shown_people' },
            },
          },
          secrets: { password: 'env:SYNCLINE_SECRET_ITEMS' },
        },
      ],
      entityTypes: [
        {
          name: 'Person',
          source: { connection: 'db', table: 'people' },
          key: ['number'],
          properties: { number: { column: 'number', type: 'integer' }, name: { column: 'name' } },
        },
        {
          name: 'Group',
          source: { connection: 'db', table: 'groups' },
          key: ['id'],
          properties: { id: { column: 'id' }, title: { column: 'title' } },
          navigationProperties: {
            members: { to: 'Person', table: 'members', sourceColumn: 'group_id', targetColumn: 'person' },
          },
        },
      ],
    };
  }

  async function allow(keys: string[] | 'everything'): Promise<void> {
    await source.client.query('update alarm set armed = $1', [keys !== 'everything']);
    await source.client.query('truncate allowed');
    if (keys !== 'everything') await source.client.query('insert into allowed select unnest($1::text[])', [keys]);
  }

  const sync = (type: string, ...keys: string[]) =>
    syncline.sync('items', 'complete', { keys: { [type]: keys.map((key) => [key]) } });

  const texts = async (sql: string, bindings: (string | number)[] = []) =>
    (await rows<{ text: string }>(syncline.db, sql, bindings)).map(({ text }) => text);

  const stored = (type: string) =>
    texts(
      `select concat_ws(' ', r.key, r.attributes ->> 'title', r.attributes ->> 'name') as text from syncline.resource r
         join syncline.entity_type t on t.id = r.entity_type where t.name = ? order by r.key`,
      [type],
    );
  const links = () =>
    texts(
      `select s.key || '>' || g.key as text from syncline.link l join syncline.resource s on s.id = l.source
         join syncline.resource g on g.id = l.target order by 1`,
    );
  const errors = ({ no }: SyncRow) =>
    texts(
      `select concat_ws(' ', entity_type, column_name, code, effect, array_to_string(key, ',')) as text
       from syncline.sync_error where sync = ? order by 1`,
      [no],
    );
  const log = ({ no }: SyncRow) =>
    texts(
      `select data ->> 'message' as text from syncline.sync_event
       where sync = ? and type = 'log' and data ->> 'message' like 'Read%' order by seq`,
      [no],
    );

  it('reads the rows of the wanted keys and of their links, and no others', async () => {
    await source.client.query(`
      update groups set title = title || ' new';
      delete from members where person = '002';
      insert into members values ('G1', '3'), ('G3', '3')`);
    await allow(['G1']);
    const one = await sync('Group', 'G1');
    expect(one).toMatchObject({ status: 'completed', holds: [] });
    expect(one.counters['Group']).toMatchObject({
      read: 1,
      updated: 1,
      links: { members: { inserted: 1, deleted: 1 } },
    });
    expect(await stored('Group')).toEqual(['G1 One new', 'G2 Two', 'G3 Three']);
    expect(await links()).toEqual(['G1>1', 'G1>3', 'G2>3']);
    expect(await log(one)).toEqual(['Read 1 row of groups by 1 key', 'Read 2 rows of members by 1 key']);
    // all rows would have been noticed
    await expect(syncline.sync('items', 'complete')).rejects.toMatchObject({ code: 'query' });
  });

  it('deletes what the snapshot no longer has, though it has read no row, and warns of a mistyped key', async () => {
    await source.client.query(`delete from groups where id = 'G1'; delete from members where group_id = 'G1'`);
    await allow(['G2', 'G3']);
    const gone = await sync('Group', 'G1', 'G3', 'G9');
    expect(gone).toMatchObject({ status: 'completed', holds: [], deletesWithheld: 0 });
    expect(gone.counters['Group']).toMatchObject({ read: 1, deleted: 1, links: { members: { deleted: 2 } } });
    expect(await errors(gone)).toEqual(['Group unknown-resource warning G9']);
    expect(await stored('Group')).toEqual(['G2 Two', 'G3 Three']);
    const last = await sync('Group', 'G2', 'G3');
    expect(last.counters['Group']).toMatchObject({ read: 2, deleted: 0 });
  });

  it('deletes nothing where a table was emptied', async () => {
    await source.client.query('truncate groups, members');
    const emptied = await sync('Group', 'G1', 'G2');
    expect(emptied).toMatchObject({ status: 'completed', holds: [] });
    expect(await errors(emptied)).toEqual([
      'Group group_id unknown-resource warning G1',
      'Group group_id unknown-resource warning G2',
      'Group id unknown-resource warning G1',
      'Group id unknown-resource warning G2',
    ]);
    expect(await stored('Group')).toHaveLength(3);
    expect(await links()).toHaveLength(3);
  });

  it('reads the whole table where a key is not found and may be written in another way', async () => {
    await allow(['1']);
    const usual = await sync('Person', '1');
    expect(usual.counters['Person']).toMatchObject({ read: 1, deleted: 0 });
    await allow('everything');
    await source.client.query(
      `update people set name = 'Bob' where number = '002'; delete from people where number = '3'`,
    );
    const odd = await sync('Person', '2');
    expect(odd.counters['Person']).toMatchObject({ read: 2, updated: 1, deleted: 0 });
    expect(await log(odd)).toEqual([
      'Reads the whole of people. It has nothing under the usual form of a key, and may have the key in another form.',
      'Read 2 rows of people',
    ]);
    const gone = await sync('Person', '3');
    expect(gone.counters['Person']).toMatchObject({ read: 2, deleted: 1 });
    expect(await stored('Person')).toEqual(['1 Ann', '2 Bob']);
  });

  it('leaves no export that another sync could take for all rows', async () => {
    const whole = await lastExport(syncline.db, connector, false);
    const one = await sync('Group', 'G1');
    expect(one.exportRef?.syncId).toBe(one.id);
    expect(whole?.id).toBeDefined();
    expect((await lastExport(syncline.db, connector, false))?.id).toBe(whole?.id);
  });
});
