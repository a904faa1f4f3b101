import { stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RowError, Sync } from '../../domain/sync.ts';
import { query } from '../../bench/postgres.ts';
import { csv, wide } from '../support/connector.ts';
import { Stack } from '../support/stack.ts';

interface Shape {
  where?: string;
  properties?: Record<string, unknown>;
  links?: Record<string, unknown>;
  settings?: Record<string, unknown>;
}

describe('delta files', () => {
  let stack: Stack;
  let name: string;
  let n = 0;
  beforeAll(async () => {
    stack = await Stack.start();
  });
  beforeEach(() => {
    name = `delta${String(++n)}`;
  });
  afterAll(() => stack.stop());

  /** Users with a manager, and groups with members by a table of their own. */
  async function connector({ where, properties, links, settings }: Shape = {}): Promise<void> {
    const file = {
      apiVersion: 'syncline/v1',
      kind: 'Connector',
      name,
      thresholds: wide,
      connections: [
        {
          name: 'files',
          package: 'csv',
          settings: { directory: name, delta: { directory: `${name}-d`, commandColumn: 'cmd' }, ...settings },
        },
      ],
      entityTypes: [
        {
          name: `${name}_P`,
          source: { connection: 'files', table: 'users.csv', ...(where === undefined ? {} : { where }) },
          key: ['id'],
          properties: { id: { column: 'id' }, name: { column: 'name' }, ...properties },
          navigationProperties: { boss: { to: `${name}_P`, column: 'mgr' } },
        },
        {
          name: `${name}_G`,
          source: { connection: 'files', table: 'groups.csv' },
          key: ['id'],
          properties: { id: { column: 'id' } },
          navigationProperties: {
            members: { to: `${name}_P`, table: 'members.csv', sourceColumn: 'g', targetColumn: 'u', ...links },
          },
        },
      ],
    };
    await stack.put(file, name);
    await stack.place(`${name}-d`, {});
  }

  async function complete(...users: string[]): Promise<Sync> {
    if (users.length > 0) await stack.place(name, { 'users.csv': csv(...users) });
    const sync = await stack.syncAndResume(name);
    expect(sync).toMatchObject({ mode: 'complete', applied: true });
    return sync;
  }
  async function start(users: string[], members: string[] = ['g,u']): Promise<void> {
    await stack.place(name, { 'groups.csv': csv('id', 'admins'), 'members.csv': csv(...members) });
    await complete(...users);
  }
  async function incremental(files: Record<string, string> = {}): Promise<Sync> {
    await stack.place(`${name}-d`, files);
    const sync = await stack.syncAndResume(name, { mode: 'incremental' });
    expect(sync.mode).toBe('incremental');
    return sync;
  }
  const people = async () => {
    const found = await stack.all<{ key: string[]; attributes: Record<string, string> }>(
      `/v1/entity-types/${name}_P/resources`,
    );
    return Object.fromEntries(
      found.map(({ key, attributes: { id: _, ...rest } }) => [key[0] ?? '', Object.values(rest).join(' ')]),
    );
  };
  const linked = async (path: string) =>
    (await stack.get<{ items: { key: string[] }[] }>(`/v1/entity-types/${name}_${path}`)).items.map(
      ({ key }) => key[0],
    );
  const errors = async ({ id }: Sync) =>
    (await stack.all<RowError>(`/v1/syncs/${id}/errors`)).map(({ code, effect, key }) =>
      [code, ...(effect === 'warning' ? ['warning'] : []), ...(key ?? [])].join(' '),
    );
  const logOf = async ({ id }: Sync) =>
    (await stack.all<{ message: string }>(`/v1/syncs/${id}/log`)).map(({ message }) => message).join('\n');

  it('are taken by name and content: the same content in a new file is a new event', async () => {
    await connector({ properties: { status: { column: 'status' } } });
    await start(['id,name,status,mgr', 'E1,Ann,active,', 'E2,Bob,active,']);
    const gone = csv('cmd,id', 'delete,E1');
    const back = csv('cmd,id,name,status', 'insert,E1,Ann,active');
    await incremental({ 'users-0010.csv': gone });
    await incremental({ 'users-0011.csv': back });
    const last = await incremental({ 'users-0012.csv': gone });
    expect(last).toMatchObject({ status: 'completed', counters: { [`${name}_P`]: { deleted: 1 } } });
    expect(await people()).toEqual({ E2: 'Bob active' });
    expect(await logOf(last)).toContain(
      'Passed over delta files of users.csv that were taken before: users-0010.csv, users-0011.csv.',
    );
    // all three at once come to the same
    await incremental({ 'users-0020.csv': back, 'users-0021.csv': gone, 'users-0022.csv': back });
    expect(await people()).toEqual({ E1: 'Ann active', E2: 'Bob active' });
    // a taken file that changed is an error, until a complete sync takes it as it stands
    const changed = await incremental({ 'users-0010.csv': csv('cmd,id', 'delete,E2') });
    expect(changed).toMatchObject({ status: 'failed', error: { code: 'delta-file-changed', table: 'users-0010.csv' } });
    expect(await people()).toHaveProperty('E2');
    await complete();
    expect(await incremental()).toMatchObject({ status: 'completed' });
    expect(await people()).toHaveProperty('E2');
  });

  it('that lay there before a complete sync began to read never change what it stored', async () => {
    await connector();
    await start(['id,name,mgr', 'E1,Ann,', 'E2,Bob,']);
    await incremental({ 'users-1.csv': csv('cmd,id', 'delete,E2') });
    await stack.place(`${name}-d`, { 'users-2.csv': csv('cmd,id', 'delete,E1') });
    // E1 is hired again, and so is E2
    await complete('id,name,mgr', 'E1,Anna,', 'E2,Bob,');
    expect(await incremental()).toMatchObject({ status: 'completed', progress: { rowsPrepared: 0 } });
    expect(await people()).toEqual({ E1: 'Anna', E2: 'Bob' });
    // also where the files of the complete sync are equal to the last ones
    await stack.place(`${name}-d`, { 'users-3.csv': csv('cmd,id', 'delete,E1') });
    await complete();
    await incremental();
    expect(await people()).toEqual({ E1: 'Anna', E2: 'Bob' });
  });

  it('are taken by limited syncs, for the tables that these read as a whole; others never undo what those wrote', async () => {
    await connector();
    await start(['id,name,mgr', 'E1,Ann,', 'E2,Bob,', 'E3,Cy,']);
    const people1 = { scope: { entityTypes: [`${name}_P`] } };
    await stack.place(`${name}-d`, { 'users-1.csv': csv('cmd,id', 'delete,E1') });
    // by night a complete sync of people, by day an incremental one: E1 stays
    await stack.place(name, { 'users.csv': csv('id,name,mgr', 'E1,Anna,', 'E2,Bob,', 'E3,Cy,') });
    await stack.syncAndResume(name, people1);
    expect(await stack.syncAndResume(name, { mode: 'incremental', ...people1 })).toMatchObject({
      counters: { [`${name}_P`]: { deleted: 0, read: 0 } },
    });
    expect(await people()).toHaveProperty('E1', 'Anna');
    // an incremental sync of people takes what they alone read
    await stack.place(`${name}-d`, { 'users-2.csv': csv('cmd,id,name', 'merge,E2,Bobby') });
    await stack.syncAndResume(name, { mode: 'incremental', ...people1 });
    expect(await incremental()).toMatchObject({ progress: { rowsPrepared: 0 } });
    // a sync of one key does not take the file, whose other keys are new; but E1 is as that sync has read it
    await stack.place(`${name}-d`, { 'users-3.csv': csv('cmd,id,name', 'merge,E1,Old', 'merge,E3,New') });
    await stack.place(name, { 'users.csv': csv('id,name,mgr', 'E1,Newest,', 'E2,Bobby,', 'E3,Cy,') });
    await stack.syncAndResume(name, { scope: { keys: { [`${name}_P`]: [['E1']] } } });
    await incremental();
    expect(await people()).toEqual({ E1: 'Newest', E2: 'Bobby', E3: 'New' });
    // nor does one that may only insert; whom it inserted stays
    await stack.place(`${name}-d`, { 'users-4.csv': csv('cmd,id,name', 'delete,E4,', 'update,E2,Robert') });
    await stack.place(name, {
      'users.csv': csv('id,name,mgr', 'E1,Newest,', 'E2,Bobby,', 'E3,New,', 'E4,Dan,'),
    });
    await stack.syncAndResume(name, { scope: { operations: ['insert'] } });
    await incremental();
    expect(await people()).toEqual({ E1: 'Newest', E2: 'Robert', E3: 'New', E4: 'Dan' });
  });

  it('that may have been cut short wait by themselves, are named, and are no hindrance to others', async () => {
    await connector();
    await start(['id,name,mgr', 'E1,0,', 'E2,0,', 'E3,0,']);
    const first = await incremental({ 'users-0001.csv': 'cmd,id,name\nmerge,E1,old' });
    expect(await errors(first)).toEqual(['unfinished-line warning']);
    expect(first.completeness['users.csv']?.reason).toContain('users-0001.csv');
    await incremental({ 'users-0002.csv': csv('cmd,id,name', 'insert,E5,1') });
    const third = await incremental({ 'users-0003.csv': csv('cmd,id,name', 'delete,E2,') });
    expect(await errors(third)).toEqual(['unfinished-line warning']);
    expect(third).toMatchObject({ status: 'completed', deletesWithheld: 0 });
    expect(await people()).toEqual({ E1: '0', E3: '0', E5: '1' });
    // cut in the middle of a row, of a quoted value and of a character, and empty
    const broken = {
      'users-0004.csv': 'cmd,id,name\ndelete,E3,\ndelete,E1',
      'users-0005.csv': 'cmd,id,name\nmerge,E1,"half',
      'users-0007.csv': '',
      'users-0008.csv': 'cmd,i',
      'users-0009.csv': csv('cmd,id,name', 'merge,E3,three'),
    };
    await stack.place(`${name}-d`, { 'users-0006.csv': Buffer.from([...Buffer.from('cmd,id,name\nmerge,E1,'), 0xc3]) });
    const fourth = await incremental(broken);
    expect(fourth).toMatchObject({ status: 'completed-with-errors', deletesWithheld: 1 });
    expect(await errors(fourth)).toEqual(Array.from({ length: 6 }, () => 'unfinished-line warning'));
    expect(await people()).toEqual({ E1: '0', E3: 'three', E5: '1' });
    // once it is whole it is taken
    await incremental({ 'users-0005.csv': csv('cmd,id,name', 'merge,E1,whole') });
    expect(await people()).toHaveProperty('E1', 'whole');
    // what lay there before a complete sync is older than that, also when the rest of it comes later
    await complete('id,name,mgr', 'E1,newest,', 'E3,0,', 'E5,1,');
    expect(await errors(await incremental())).toEqual([]);
    expect(await people()).toEqual({ E1: 'newest', E3: '0', E5: '1' });
    await incremental({ 'users-0004.csv': csv('cmd,id,name', 'delete,E3,', 'delete,E1,', 'merge,E5,new') });
    expect(await people()).toEqual({ E3: '0', E5: 'new' });
  });

  it('of a condition: a delete needs the key only, an update leaves or enters, what is stored decides the rest', async () => {
    await connector({ where: "row.status == 'active'" });
    await start(['id,name,status,mgr', 'E1,Ann,active,', 'E2,Bob,active,', 'E3,Cy,active,', 'E4,Di,active,']);
    await incremental({ 'users-a.csv': csv('cmd,id', 'delete,E1') });
    await incremental({ 'users-b.csv': csv('cmd,id,status', 'delete,E2,') });
    await incremental({ 'users-c.csv': csv('cmd,id,name,status', 'delete,E3,Cy,inactive') });
    expect(await people()).toEqual({ E4: 'Di' });
    const update = await incremental({ 'users-d.csv': csv('cmd,id,name', 'update,E4,Dina', 'update,E9,Nobody') });
    expect(update).toMatchObject({ counters: { [`${name}_P`]: { updated: 1, filtered: 1, rejected: 0 } } });
    expect(await errors(update)).toEqual(['scope-unknown warning E4']);
    const leaves = await incremental({
      'users-e.csv': csv('cmd,id,status', 'merge,E4,inactive', 'update,E8,inactive'),
    });
    expect(leaves).toMatchObject({ counters: { [`${name}_P`]: { deleted: 1, filtered: 1 } } });
    expect(await people()).toEqual({});
    const enters = await incremental({
      'users-f.csv': csv('cmd,id,name,status', 'update,E4,Di,active', 'insert,E5,Eve,inactive'),
      'users-g.csv': csv('cmd,id,name', 'merge,E6,Fay'),
    });
    expect(enters).toMatchObject({ counters: { [`${name}_P`]: { inserted: 1, filtered: 1, rejected: 1 } } });
    expect(await errors(enters)).toEqual(['scope-unknown E6']);
    expect(await people()).toEqual({ E4: 'Di' });
  });

  it('of a condition over properties that are stored: what the row lacks is taken from there', async () => {
    const properties = { status: { column: 'status' }, site: { column: 'site' } };
    await connector({ where: "row.status == 'active' || row.site == 'paris'", properties });
    await start(['id,name,status,site,mgr', 'E1,Ann,active,lyon,', 'E2,Bob,gone,paris,', 'E3,Cy,active,paris,']);
    const sync = await incremental({
      'users-1.csv': csv('cmd,id,site', 'update,E2,lyon', 'update,E3,lyon'),
      'users-2.csv': csv('cmd,id,status', 'update,E1,gone', 'update,E3,gone'),
    });
    expect(sync).toMatchObject({ counters: { [`${name}_P`]: { deleted: 3 } } });
    expect(await errors(sync)).toEqual([]);
  });

  it('are known by their stamps once these are proven, and are read again when they are replaced', async () => {
    await connector();
    await start(['id,name,mgr', 'E1,Ann,', 'E2,Bob,']);
    const proven = () =>
      query(stack.databaseUrl, async (client) => {
        const { rows } = await client.query<{ name: string; proven: boolean }>(
          `select d.name, d.stamp_proven as proven from syncline.delta_taken d
           join syncline.connector c on c.id = d.connector where c.name = $1 order by 1`,
          [name],
        );
        return rows;
      });
    const [first, second] = ['users-1.csv', 'users-2.csv'];
    await incremental({ [first]: csv('cmd,id', 'delete,E1'), [second]: csv('cmd,id,name', 'update,E2,Bea') });
    expect(await proven()).toEqual([first, second].map((each) => ({ name: each, proven: false })));
    await sleep(2_100);
    const told = await incremental();
    expect(await logOf(told)).toContain(
      `Passed over delta files of users.csv that were taken before: ${first}, ${second}.`,
    );
    expect(await proven()).toEqual([first, second].map((each) => ({ name: each, proven: true })));
    const again = await incremental();
    expect(again).toMatchObject({ status: 'completed' });
    expect(await logOf(again)).toContain(
      `Passed over delta files of users.csv that were taken before: ${first}, ${second}.`,
    );
    // as many bytes in the same file, which has its time back
    const path = join(stack.files, `${name}-d`, first);
    const { atime, mtime } = await stat(path);
    await stack.place(`${name}-d`, { [first]: csv('cmd,id', 'delete,E2') });
    await utimes(path, atime, mtime);
    const changed = await incremental();
    expect(changed).toMatchObject({ status: 'failed', error: { code: 'delta-file-changed', table: first } });
    expect(await people()).toEqual({ E2: 'Bea' });
    // a complete sync takes the file as it stands, and nothing is known of its new content but what was read
    await complete();
    expect(await proven()).toEqual([
      { name: first, proven: false },
      { name: second, proven: true },
    ]);
    expect(await incremental()).toMatchObject({ status: 'completed' });
  });

  it('of a link table with a condition work the same way', async () => {
    await connector({ links: { where: "row.kind == 'user'" } });
    await start(
      ['id,name,mgr', 'E1,Ann,', 'E2,Bob,', 'E3,Cy,'],
      ['g,u,kind', 'admins,E1,user', 'admins,E2,user', 'admins,E3,guest'],
    );
    expect(await linked('G/resources/admins/links/members')).toEqual(['E1', 'E2']);
    await incremental({ 'members-1.csv': csv('cmd,g,u,kind', 'delete,admins,E1,') });
    expect(await linked('G/resources/admins/links/members')).toEqual(['E2']);
    await incremental({ 'members-2.csv': csv('cmd,g,u,kind', 'merge,admins,E2,guest', 'merge,admins,E3,user') });
    expect(await linked('G/resources/admins/links/members')).toEqual(['E3']);
    const untold = await incremental({ 'members-3.csv': csv('cmd,g,u', 'merge,admins,E1', 'merge,admins,E3') });
    expect(await errors(untold)).toEqual(['expression admins', 'expression admins']);
    expect(await linked('G/resources/admins/links/members')).toEqual(['E3']);
    await incremental({ 'members-4.csv': csv('cmd,g,u', 'delete,admins,E3') });
    expect(await linked('G/resources/admins/links/members')).toEqual([]);
  });

  it('that delete and insert a key make a new resource, in one file and in two, to which no link leads', async () => {
    await connector();
    await start(['id,name,mgr', 'E1,Ann,', 'E2,Bob,E1', 'E3,Cy,'], ['g,u', 'admins,E1', 'admins,E3']);
    const sync = await incremental({ 'users-1.csv': csv('cmd,id,name', 'delete,E1,', 'insert,E1,Somebody else') });
    expect(sync.counters).toMatchObject({
      [`${name}_P`]: { inserted: 1, updated: 0, deleted: 1, links: { boss: { deleted: 1 } } },
      [`${name}_G`]: { links: { members: { deleted: 1 } } },
    });
    expect(await linked('G/resources/admins/links/members')).toEqual(['E3']);
    expect(await linked('P/resources/E2/links/boss')).toEqual([]);
    await incremental({ 'users-2.csv': csv('cmd,id', 'delete,E3'), 'users-3.csv': csv('cmd,id,name', 'merge,E3,New') });
    expect(await linked('G/resources/admins/links/members')).toEqual([]);
    expect(await people()).toEqual({ E1: 'Somebody else', E2: 'Bob', E3: 'New' });
    const { items } = await stack.get<{ items: { operation: string }[] }>(
      `/v1/entity-types/${name}_P/resources/E1/history`,
    );
    expect(items.map(({ operation }) => operation)).toEqual(['insert', 'delete', 'insert']);
  });
});
