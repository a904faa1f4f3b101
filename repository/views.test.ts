import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectorFileSchema, type ConnectorFile } from '../domain/connector-file.ts';
import { createTestDatabase } from '../test/support/database.ts';
import { activateRevision } from './catalog.ts';
import { deleteConnector, lockConnector, saveRevision } from './connectors.ts';
import { openDatabase, row, rows, type Database } from './database.ts';
import { migrate } from './migrate.ts';
import { putViewsBack, setViewsAside } from './views-aside.ts';
import { refreshViews } from './views.ts';

const fileOf = (name: string, types: string[], ...columns: string[]): ConnectorFile =>
  connectorFileSchema.parse({
    apiVersion: 'syncline/v1',
    kind: 'Connector',
    name,
    connections: [{ name: 'files', package: 'csv', settings: {} }],
    entityTypes: types.map((type) => ({
      name: type,
      source: { connection: 'files', table: `${type}.csv` },
      key: ['id'],
      properties: Object.fromEntries(['id', ...columns].map((column) => [column, { column }])),
    })),
  });

describe('views of entity types', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let db: Database;
  beforeAll(async () => {
    database = await createTestDatabase();
    db = openDatabase(database.url, { applicationName: 'test', poolSize: 2, statementTimeoutMs: 60_000 });
  });
  afterAll(async () => {
    await db.destroy();
    await database.drop();
  });

  const save = (file: ConnectorFile) =>
    db.transaction(async (tx) => {
      const connector = await lockConnector(tx, file.name, file.name);
      await activateRevision(tx, connector.id, await saveRevision(tx, connector, file, 'test'), file);
      await refreshViews(tx, connector.id);
      return connector.id;
    });
  const relations = async (schema: string, kind: string) =>
    (
      await rows<{ name: string }>(
        db,
        `select relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname = ? and relkind = ? order by 1`,
        [schema, kind],
      )
    ).map(({ name }) => name);
  const columnsOf = async (view: string) =>
    (
      await rows<{ name: string }>(
        db,
        'select attname as name from pg_attribute where attrelid = ?::regclass and attnum > 0 order by attnum',
        [view],
      )
    ).map(({ name }) => name);

  it('have a schema of their own, where no table, index or sequence of ours has their name', async () => {
    const names = ['Change', 'Approval', 'Link_1', 'Resource_1', 'Change_Sync', 'Resource_Id', 'Sync', 'Migration'];
    await save(fileOf('odd', names));
    expect(await relations('syncline_views', 'v')).toEqual(names.map((name) => name.toLowerCase()).sort());
    expect(await relations('syncline', 'v')).toEqual([]);
    await db.transaction(async (tx) => {
      const connector = await lockConnector(tx, 'odd', 'odd');
      expect(await deleteConnector(tx, connector.id)).toBe(true);
    });
    expect(await relations('syncline_views', 'v')).toEqual([]);
  });

  it('are told apart where two entity types have nearly the same name', async () => {
    await save(fileOf('twins', ['HR_Person', 'HrPerson']));
    expect(await relations('syncline_views', 'v')).toEqual(['hr_person', expect.stringMatching(/^hr_person_\d+$/)]);
  });

  describe('from before they had a schema of their own', () => {
    beforeAll(async () => {
      await save(fileOf('old', ['Staff', 'Link_9', 'Invoice'], 'mail'));
      // the database as the version before left it
      await db.raw(`
        drop schema syncline_views cascade;
        delete from syncline.migration where name = '0017-views-apart';
        alter table syncline.entity_type drop column old_view_name;
        update syncline.entity_type set view_name = null where name like 'H%';
        create view syncline.staff as select attributes ->> 'id' as id, attributes ->> 'mail' as mail from syncline.resource;
        create view syncline.link_9 as select * from syncline.staff;
        create view syncline.invoice as select * from syncline.staff;
        create view public.mine as select id from syncline.staff`);
      expect((await migrate(database.url)).applied).toEqual(['0017-views-apart']);
    });

    it('keep their place and what stands on them, and have one in the new schema', async () => {
      expect(await relations('syncline', 'v')).toEqual(['invoice', 'staff']);
      expect(await relations('syncline_views', 'v')).toEqual(['invoice', 'link_9', 'staff']);
      expect(await rows(db, 'select * from public.mine')).toEqual([]);
    });

    it('follow a revision in both places', async () => {
      await save(fileOf('old', ['Staff', 'Link_9', 'Invoice'], 'mail', 'phone'));
      for (const view of [
        'syncline.invoice',
        'syncline_views.invoice',
        'syncline_views.staff',
        'syncline_views.link_9',
      ])
        expect(await columnsOf(view), view).toEqual(['id', 'mail', 'phone']);
      // a later entity type has none beside our tables
      await save(fileOf('later', ['Later']));
      expect(await relations('syncline', 'v')).toEqual(['invoice', 'staff']);
    });

    it('give way to a table of a later migration, and come back where their name is free', async () => {
      await db.transaction(async (tx) => {
        await tx.raw(setViewsAside);
        await tx.raw('create table syncline.invoice (id integer)');
        await tx.raw(putViewsBack);
      });
      expect(await relations('syncline', 'v')).toEqual(['staff']);
      expect(await relations('syncline_views_aside', 'v')).toEqual(['invoice']);
      expect(await row(db, `select 1 from syncline.entity_type where old_view_name = 'invoice'`)).toBeUndefined();
      expect(await rows(db, 'select * from public.mine')).toEqual([]);
      await save(fileOf('old', ['Staff', 'Link_9', 'Invoice'], 'mail'));
      expect(await columnsOf('syncline_views.invoice')).toEqual(['id', 'mail']);
      expect(await relations('syncline', 'r')).toContain('invoice');
    });

    it('go with their connector, in both places', async () => {
      await db.transaction(async (tx) => {
        const connector = await lockConnector(tx, 'old', 'old');
        expect(await deleteConnector(tx, connector.id)).toBe(true);
      });
      expect(await relations('syncline', 'v')).toEqual([]);
      expect(await relations('syncline_views', 'v')).not.toContain('staff');
      expect(await relations('syncline', 'r')).toContain('invoice');
    });
  });
});
