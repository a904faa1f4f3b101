import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { parse } from 'yaml';
import type { Sync } from '../../domain/sync.ts';
import type { Manifest } from '../../store/manifest.ts';
import { wide, wideWindows } from '../support/connector.ts';
import { needs } from '../support/debian.ts';
import { editWorkbook, hasOffice, type CellChange } from '../support/office.ts';
import { Stack } from '../support/stack.ts';
import { textRow, workbook } from '../support/workbook.ts';

const examples = join(import.meta.dirname, '..', '..', 'examples');
const name = `source_${randomBytes(6).toString('hex')}`;
const password = 'canary-c41d';
let stack: Stack;
let admin: pg.Client;
let hr: pg.Client;

/** The connector of the examples, with limits that hold nothing. */
const example = (...path: string[]) => ({
  ...(parse(readFileSync(join(examples, ...path), 'utf8')) as Record<string, unknown>),
  thresholds: wide,
  windows: wideWindows,
});

interface Resource {
  key: string[];
  attributes: Record<string, unknown>;
}
const resources = (type: string) => stack.all<Resource>(`/v1/entity-types/${type}/resources`);
const keys = async (type: string) => (await resources(type)).map(({ key }) => key.join());

async function applied(connector: string, body: Record<string, unknown> = {}): Promise<Sync> {
  const sync = await stack.syncAndResume(connector, body);
  expect(sync, JSON.stringify(sync)).toMatchObject({ status: 'completed' });
  return sync;
}

/** The address of a database of the server that the tests share. */
function addressOf(database: string): string {
  const url = new URL(inject('databaseAdminUrl'));
  url.pathname = `/${database}`;
  return url.href;
}

/** What the attempts of a sync say that they have read. */
async function manifestsOf(syncId: string): Promise<Manifest[]> {
  const folder = join(stack.folder, 'exports');
  const paths = (await readdir(folder, { recursive: true })).filter(
    (path) => path.includes(syncId) && path.endsWith('manifest.json'),
  );
  return Promise.all(paths.map(async (path) => JSON.parse(await readFile(join(folder, path), 'utf8')) as Manifest));
}

beforeAll(async () => {
  const url = new URL(inject('databaseAdminUrl'));
  stack = await Stack.start({
    SYNCLINE_OUTBOUND_ALLOW: `${url.hostname}:${url.port}`,
    SYNCLINE_SECRET_HR_DATABASE: password,
  });
  admin = new pg.Client({ connectionString: url.href });
  await admin.connect();
  await admin.query(`create database ${name}`);
  hr = new pg.Client({ connectionString: addressOf(name) });
  await hr.connect();
  const schema = readFileSync(join(examples, 'postgres', 'schema.sql'), 'utf8').replaceAll('syncline_reader', name);
  await hr.query(schema);
  await hr.query(`alter role ${name} password '${password}'`);
});
afterAll(async () => {
  await hr.end();
  await admin.query(`drop database ${name} with (force)`);
  await admin.query(`drop role ${name}`);
  await admin.end();
  await stack.stop();
});

describe('an HR database', () => {
  const connector = () => {
    const file = example('postgres', 'hr.yaml') as unknown as { connections: { settings: Record<string, unknown> }[] };
    const { hostname, port } = new URL(inject('databaseAdminUrl'));
    const here = { host: hostname, port: Number(port), database: name, user: name, tls: { mode: 'none' } };
    const [connection] = file.connections;
    return { ...file, connections: [{ ...connection, settings: { ...connection?.settings, ...here } }] };
  };

  it('is read completely, and then by its changes', async () => {
    await stack.put(connector(), 'hr-database');
    const first = await applied('hr-database');
    expect(await keys('HRDB_Employee')).toEqual(['1', '2', '3']);
    expect((await resources('HRDB_Employee'))[1]?.attributes).toEqual({
      number: '2',
      name: 'Grace Hopper',
      mail: 'grace@example.org',
      hired: '2019-07-15',
      weeklyHours: '37.5',
      active: true,
    });
    expect(await keys('HRDB_Team')).toEqual(['analytics', 'compilers']);
    expect(first.counters['HRDB_Employee']).toMatchObject({ inserted: 3, read: 3, rejected: 0 });

    await hr.query(`update employee set mail = 'hopper@example.org' where number = 2`);
    await hr.query(`delete from employee where number = 3`);
    await hr.query(
      `insert into employee (number, first_name, last_name, department, hired) values (4, 'Mary', 'Kenneth', 'D2', '2026-01-01')`,
    );
    const changes = await applied('hr-database', { mode: 'incremental' });
    expect(changes.mode).toBe('incremental');
    expect(await keys('HRDB_Employee')).toEqual(['1', '2', '4']);
    expect((await resources('HRDB_Employee'))[1]?.attributes['mail']).toBe('hopper@example.org');

    // what the database says is the same when it is read as a whole
    const whole = await applied('hr-database');
    expect(whole.counters['HRDB_Employee']).toMatchObject({ inserted: 0, updated: 0, deleted: 0, unchanged: 3 });
  });

  it('is asked for no column that is not mapped, and a new one is told', async () => {
    await hr.query('alter table employee add column salary numeric');
    const sync = await applied('hr-database');
    const [manifest] = await manifestsOf(sync.id);
    const employee = manifest?.tables.find(({ table }) => table === 'employee');
    expect(employee?.columns).toContain('weekly_hours');
    expect(employee?.columns).not.toContain('salary');
    expect(employee?.known).toContain('salary');
    const warnings = await stack.all<{ code: string; column: string }>(`/v1/syncs/${sync.id}/errors`);
    expect(warnings).toMatchObject([{ code: 'schema-drift', column: 'salary' }]);
  });

  it('that says no more than a query that is wrong, or is gone, removes nobody', async () => {
    const file = connector();
    const [connection] = file.connections;
    const broken = {
      ...connection,
      settings: { ...connection?.settings, tables: { team: { query: 'select nothing' } } },
    };
    await stack.put({ ...file, connections: [broken] }, 'hr-database');
    const sync = await stack.sync('hr-database');
    expect(sync).toMatchObject({ status: 'failed', error: { code: 'query' } });
    await stack.put(file, 'hr-database');
    await hr.query('drop table team_member');
    const gone = await stack.sync('hr-database');
    expect(gone).toMatchObject({ status: 'failed', error: { code: 'missing-table' } });
    expect(await keys('HRDB_Employee')).toEqual(['1', '2', '4']);
    expect(stack.output).not.toContain(password);
  });
});

describe('a spreadsheet', () => {
  it('is read like any file, and rows with errors keep what is stored', async () => {
    await stack.placeFolder('spreadsheet', join(examples, 'spreadsheet'));
    await stack.put(example('spreadsheet', 'contractors.yaml'), 'contractors');
    await applied('contractors');
    const found = await resources('CTR_Person');
    expect(found.map(({ key }) => key.join())).toEqual(['00071', '00072', '00073']);
    expect(found[0]?.attributes).toEqual({
      number: '00071',
      name: 'Ada Lovelace',
      begins: '2025-03-01',
      rate: '95.5',
      active: true,
      mails: ['ada@example.org', 'lovelace@example.org'],
    });
    expect((await stack.sync('contractors')).status).toBe('completed');

    const header = textRow(3, 'Number', 'Name', 'Begins', 'Rate', 'Active', 'Mails', 'Lead');
    const error = '<row r="4"><c t="inlineStr"><is><t>00071</t></is></c><c t="e"><v>#REF!</v></c></row>';
    const rest = textRow(5, '00072', 'Grace Hopper', '2025-07-15', '110', 'true', 'grace@example.org', '00071');
    await stack.place('spreadsheet', {
      'contractors.xlsx': workbook({
        sheets: { People: header + error + rest, Notes: '' },
        behind: '<mergeCells count="1"><mergeCell ref="E5:F5"/></mergeCells>',
      }),
    });
    const sync = await stack.syncAndResume('contractors');
    expect(await keys('CTR_Person')).toEqual(['00071', '00072']);
    const errors = await stack.all<{ code: string; line: number }>(`/v1/syncs/${sync.id}/errors`);
    expect(errors.sort((a, b) => a.line - b.line)).toMatchObject([
      { code: 'cell-error', line: 4, key: ['00071'], effect: 'row-rejected' },
      { code: 'cell-merged', line: 5, key: ['00072'], column: 'Mails', effect: 'warning' },
    ]);
  });

  const inOffice = `that was edited and saved in LibreOffice gives what it shows${hasOffice ? '' : ` (${needs('libreoffice-calc-nogui', 'python3-uno')})`}`;
  it.runIf(hasOffice)(inOffice, async () => {
    const rows: Record<number, [cell: string, change: Omit<CellChange, 'at'>][]> = {
      // zeros that a format shows, a date of another form, a formula, and what it gave
      4: [
        ['A', { format: '00000', typed: '71' }],
        ['C', { format: 'DD.MM.YYYY', typed: '=DATE(2025;4;1)' }],
        ['D', { format: '#,##0.00 [$EUR]', typed: '=0.1+0.2' }],
        ['E', { typed: '=2<1' }],
      ],
      // zeros of a text, a date as it is typed, more digits than a spreadsheet has
      5: [
        ['A', { format: '@', text: '00072' }],
        ['B', { typed: '="Grace "&"Hopper-"&A4' }],
        ['C', { format: 'YYYY-MM-DD', typed: '2025-12-31' }],
        ['D', { typed: '1234567.125' }],
      ],
      6: [['D', { typed: '=1/0' }]],
      7: [
        ['A', { text: '00074' }],
        ['B', { typed: '=NA()' }],
        ['C', { typed: '2026-01-01' }],
      ],
      8: [
        ['A', { text: '00075' }],
        ['B', { text: 'Merged' }],
        ['F', { text: 'merged@example.org' }],
        ['F8:G', { merge: true }],
      ],
      9: [
        ['A', { text: '00076' }],
        ['B', { text: 'Hidden' }],
        ['A', { hide: true }],
      ],
      // a number that lost its zeros, and a time where a date belongs
      10: [
        ['A', { format: 'General', typed: '77' }],
        ['B', { text: 'Without zeros' }],
      ],
      11: [
        ['A', { text: '00078' }],
        ['C', { format: 'YYYY-MM-DD HH:MM', typed: '2025-03-01 18:30' }],
      ],
    };
    const changes = Object.entries(rows).flatMap(([row, cells]) =>
      cells.map(([cell, change]) => ({ at: `${cell}${row}`, ...change })),
    );
    const saved = await editWorkbook(join(examples, 'spreadsheet', 'contractors.xlsx'), 'People', changes);
    await stack.placeFolder('spreadsheet', join(examples, 'spreadsheet'));
    await applied('contractors');
    await stack.place('spreadsheet', { 'contractors.xlsx': saved });
    const sync = await stack.syncAndResume('contractors');
    expect(sync).toMatchObject({ status: 'completed-with-errors' });
    const found = Object.fromEntries(
      (await resources('CTR_Person')).map(({ key, attributes: { number: _number, ...shown } }) => [key.join(), shown]),
    );
    expect(found).toEqual({
      '00071': {
        name: 'Ada Lovelace',
        begins: '2025-04-01',
        rate: '0.3',
        active: false,
        mails: ['ada@example.org', 'lovelace@example.org'],
      },
      '00072': {
        name: 'Grace Hopper-71',
        begins: '2025-12-31',
        rate: '1234567.125',
        active: true,
        mails: ['grace@example.org'],
      },
      // as it was: its row cannot be used
      '00073': { name: 'Alan Turing', begins: '2026-01-04', rate: '88.25', active: false },
      '00075': { name: 'Merged', mails: ['merged@example.org'] },
      '00076': { name: 'Hidden' },
      '77': { name: 'Without zeros' },
    });
    const errors = await stack.all<{ line: number }>(`/v1/syncs/${sync.id}/errors`);
    expect(errors.sort((a, b) => a.line - b.line)).toMatchObject([
      { code: 'cell-error', line: 6, key: ['00073'], column: 'Rate', effect: 'row-rejected' },
      { code: 'cell-error', line: 7, key: ['00074'], column: 'Name', effect: 'row-rejected' },
      { code: 'cell-merged', line: 8, key: ['00075'], column: 'Lead', effect: 'warning' },
      { code: 'format', line: 11, key: ['00078'], column: 'Begins', effect: 'row-rejected' },
    ]);
  });
});
