import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csv, onePerson, wide } from '../support/connector.ts';
import { Stack } from '../support/stack.ts';

describe('views of entity types', () => {
  let stack: Stack;
  let client: pg.Client;
  beforeAll(async () => {
    stack = await Stack.start();
    client = new pg.Client({ connectionString: stack.databaseUrl });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await stack.stop();
  });

  const query = async (sql: string) => (await client.query<Record<string, unknown>>(sql)).rows;
  const columnsOf = async (view: string) =>
    (
      await query(
        `select column_name || ' ' || data_type as is from information_schema.columns
         where table_schema = 'syncline_views' and table_name = '${view}' order by ordinal_position`,
      )
    ).map((column) => column['is']);

  const properties = {
    startDate: { column: 'start', type: 'date', format: 'dd/MM/yyyy' },
    lastLogin: { column: 'login', type: 'dateTime' },
    hours: { column: 'hours', type: 'integer' },
    active: { column: 'active', type: 'boolean' },
    phones: { column: 'phones', multiValued: true, separator: ';' },
  };

  it('have a typed column for each property, and follow the configuration', async () => {
    await stack.put(onePerson({ name: 'hr', thresholds: wide, properties }), 'hr');
    await stack.place('hr', {
      'people.csv': csv(
        'id,name,mail,start,login,hours,active,phones',
        'E1,Ada,a@x,31/01/2024,2024-02-01T10:00:00Z,40,true,2;1',
        'E2,Ben,b@x,,,,,',
      ),
    });
    expect(await columnsOf('hr_person')).toEqual([
      'id text',
      'name text',
      'mail text',
      'start_date date',
      'last_login timestamp with time zone',
      'hours numeric',
      'active boolean',
      'phones ARRAY',
    ]);
    expect((await stack.syncAndResume('hr')).status).toBe('completed');
    expect(
      await query(`select id, start_date + 1 = '2024-02-01' as next, hours * 2 as double, phones
        from syncline_views.hr_person where active or active is null order by id`),
    ).toEqual([
      { id: 'E1', next: true, double: '80', phones: ['1', '2'] },
      { id: 'E2', next: null, double: null, phones: null },
    ]);
    // another type: what does not have it yet is null, not an error
    const retyped = { ...properties, phones: { column: 'phones' }, hours: { column: 'hours', type: 'date' } };
    await stack.put(onePerson({ name: 'hr', thresholds: wide, properties: retyped }), 'hr');
    expect(await query('select id, hours from syncline_views.hr_person order by id')).toEqual([
      { id: 'E1', hours: null },
      { id: 'E2', hours: null },
    ]);
    const { phones: _phones, ...fewer } = properties;
    await stack.put(onePerson({ name: 'hr', thresholds: wide, properties: fewer }), 'hr');
    expect(await columnsOf('hr_person')).not.toContain('phones ARRAY');
  });

  it('leave alone what stands on them', async () => {
    await query(`create view public.mine as select id, mail from syncline_views.hr_person`);
    const without = onePerson({ name: 'hr', thresholds: wide });
    delete (without.entityTypes[0]?.properties as Record<string, unknown>)['mail'];
    await stack.put(without, 'hr');
    expect(await query('select * from public.mine order by id')).toHaveLength(2);
  });
});
