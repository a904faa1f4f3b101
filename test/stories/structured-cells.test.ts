import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ExactNumber, type Cell } from '../../domain/cell.ts';
import { rows } from '../../repository/database.ts';
import { rosterPackage } from '../connectors/roster-package.ts';
import { RosterServer } from '../connectors/roster-server.ts';
import { wide } from '../support/connector.ts';
import { InProcess } from '../support/in-process.ts';

const token = 'canary-5d1e';
const column = (name: string) => ({ name, type: 'string' as const, multiValued: false, nullable: true });
const columns = ['id', 'name', 'mails', 'hours', 'active', 'photo', 'guid', 'manager', 'friends', 'odd.name'].map(
  column,
);
const name = (given: string): Cell => new Map<string, Cell>([['given', given]]);

describe('a source whose cells have types', () => {
  let roster: RosterServer;
  let syncline: InProcess;
  let at = 0;
  let connector = '';
  beforeAll(async () => {
    roster = await RosterServer.start({ people: columns }, token);
    process.env['SYNCLINE_SECRET_ROSTER'] = token;
    syncline = await InProcess.start({ packages: [rosterPackage] });
  });
  afterAll(async () => {
    await syncline.stop();
    await roster.stop();
  });

  beforeEach(() => {
    connector = `roster${String(++at)}`;
    roster.tellsEnd = true;
    for (const { id } of roster.rows('people')) roster.remove('people', id as string);
  });

  const file = (properties: Record<string, unknown> = {}, more: Record<string, unknown> = {}) => ({
    apiVersion: 'syncline/v1',
    kind: 'Connector',
    name: connector,
    thresholds: wide,
    connections: [
      {
        name: 'r',
        package: 'roster',
        settings: { url: roster.url },
        secrets: { token: 'env:SYNCLINE_SECRET_ROSTER' },
        limits: { requestsPerSecond: 10_000 },
      },
    ],
    entityTypes: [
      {
        name: `P${String(at)}`,
        source: { connection: 'r', table: 'people', ...more },
        key: ['id'],
        properties: { id: { column: 'id' }, ...properties },
        navigationProperties: {
          manager: { to: `P${String(at)}`, column: 'manager' },
          friends: { to: `P${String(at)}`, column: 'friends', multiValued: true },
        },
      },
    ],
  });

  async function stored(): Promise<Record<string, unknown>> {
    const found = await rows<{ key: string; attributes: Record<string, unknown> }>(
      syncline.db,
      `select r.key, r.attributes from syncline.resource r join syncline.entity_type t on t.id = r.entity_type
       where t.name = ? order by r.key`,
      [`P${String(at)}`],
    );
    return Object.fromEntries(found.map(({ key, attributes: { id: _id, ...others } }) => [key, others]));
  }

  async function links(): Promise<string[]> {
    const found = await rows<{ link: string }>(
      syncline.db,
      `select p.name || ' ' || s.key || '>' || g.key as link from syncline.link l
         join syncline.link_property p on p.id = l.property join syncline.entity_type t on t.id = p.entity_type
         join syncline.resource s on s.id = l.source join syncline.resource g on g.id = l.target
       where t.name = ? order by 1`,
      [`P${String(at)}`],
    );
    return found.map(({ link }) => link);
  }

  const errors = (sync: number) =>
    rows<{ key: string[]; property: string; code: string; place: string }>(
      syncline.db,
      `select key, property, code, position as place from syncline.sync_error where sync = ? order by key, property`,
      [sync],
    );

  it('gives each property what fits its type', async () => {
    roster.put('people', 'a', {
      name: name('Ada'),
      mails: ['z@x.org', 'a@x.org', 'a@x.org'],
      hours: new ExactNumber('123456789012345678901234567890.10'),
      active: true,
      photo: Buffer.from([0, 255]),
      guid: Buffer.from('ff1996ad868b11d0b42d00c04fc964ff', 'hex'),
      'odd.name': 'exact; not split',
    });
    roster.put('people', 'b', { name: null, mails: [], friends: ['a', null, 'b'], manager: ['a'] });
    await syncline.put(
      file({
        given: { column: 'name.given' },
        mails: { column: 'mails', multiValued: true },
        mail: { column: 'mails', pick: 'first' },
        hours: { column: 'hours', type: 'decimal' },
        text: { column: 'hours' },
        active: { column: 'active', type: 'boolean' },
        photo: { column: 'photo', type: 'binary' },
        guid: { column: 'guid', format: 'guid' },
        odd: { column: 'odd.name', multiValued: true },
        first: { expression: 'first(row.mails)' },
        known: { expression: "has(row.name) ? row.name.given : 'nobody'" },
      }),
    );
    const sync = await syncline.sync(connector, 'complete');
    expect(sync).toMatchObject({ status: 'completed', applied: true });
    expect(await stored()).toEqual({
      a: {
        given: 'Ada',
        mails: ['a@x.org', 'z@x.org'],
        mail: 'a@x.org',
        hours: '123456789012345678901234567890.1',
        text: '123456789012345678901234567890.10',
        active: true,
        photo: 'AP8=',
        guid: 'ad9619ff-8b86-d011-b42d-00c04fc964ff',
        odd: ['exact; not split'],
        first: 'a@x.org',
        known: 'Ada',
      },
      b: { known: 'nobody' },
    });
    expect(await links()).toEqual(['friends b>a', 'friends b>b', 'manager b>a']);
  });

  it('rejects a row whose cell does not fit, and keeps what is stored', async () => {
    const properties = { mail: { column: 'mails' }, guid: { column: 'guid' }, name: { column: 'name' } };
    for (const id of ['a', 'b', 'c', 'd']) roster.put('people', id, { mails: [`${id}@x.org`] });
    await syncline.put(file(properties));
    await syncline.sync(connector, 'complete');
    const before = await stored();
    roster.put('people', 'a', { mails: ['a@x.org', 'b@x.org'] });
    roster.put('people', 'b', { guid: Buffer.from('x') });
    roster.put('people', 'c', { name: name('Cy') });
    roster.put('people', 'd', { mails: ['d@x.org'], manager: ['a', 'b'] });
    const sync = await syncline.sync(connector, 'complete');
    expect(await errors(sync.no)).toEqual([
      { key: ['a'], property: 'mail', code: 'several-values', place: 'row 1' },
      { key: ['b'], property: 'guid', code: 'not-text', place: 'row 2' },
      { key: ['c'], property: 'name', code: 'format', place: 'row 3' },
      { key: ['d'], property: 'manager', code: 'several-values', place: 'row 4' },
    ]);
    expect(await stored()).toEqual(before);
  });

  it('is read incrementally from the checkpoint on: whole records, tombstones, and what the condition leaves out', async () => {
    for (const id of ['a', 'b', 'c', 'd'])
      roster.put('people', id, { mails: [`${id}@x.org`], active: true, manager: 'a' });
    await syncline.put(
      file({ mail: { column: 'mails' }, active: { column: 'active' } }, { where: 'row.active != false' }),
    );
    await syncline.sync(connector, 'complete');
    roster.put('people', 'a', { active: true });
    roster.remove('people', 'b');
    roster.put('people', 'c', { active: false });
    roster.remove('people', 'd');
    roster.put('people', 'd', { mails: ['new@x.org'], active: true });
    roster.put('people', 'e', { mails: ['e@x.org'], active: true, manager: 'd' });
    const sync = await syncline.sync(connector, 'incremental');
    expect(sync).toMatchObject({ mode: 'incremental', status: 'completed' });
    expect(sync.counters[`P${String(at)}`]).toMatchObject({ inserted: 1, updated: 2, deleted: 2, read: 5 });
    expect(await stored()).toEqual({
      a: { active: 'true' },
      d: { active: 'true', mail: 'new@x.org' },
      e: { active: 'true', mail: 'e@x.org' },
    });
    expect(await links()).toEqual(['manager e>d']);
    const next = await syncline.sync(connector, 'incremental');
    expect(next.counters[`P${String(at)}`]).toMatchObject({ read: 0, inserted: 0, updated: 0, deleted: 0 });
    const complete = await syncline.sync(connector, 'complete');
    expect(complete.changeCount).toBe(0);
  });

  it('is read completely where no checkpoint counts', async () => {
    for (const id of ['a', 'b']) roster.put('people', id, { mails: [`${id}@x.org`] });
    await syncline.put(file({ mail: { column: 'mails' } }));
    roster.tellsEnd = false;
    await syncline.sync(connector, 'complete');
    // the first read was not certified, so it has left none
    roster.tellsEnd = true;
    expect((await syncline.sync(connector, 'incremental')).mode).toBe('complete');
    expect((await syncline.sync(connector, 'incremental')).mode).toBe('incremental');
    await syncline.put(file({ mail: { column: 'mails' }, name: { column: 'name.given' } }));
    expect((await syncline.sync(connector, 'incremental')).mode).toBe('complete');
  });

  it('keeps the checkpoint if a sync is rejected, so the next one finds the same changes', async () => {
    for (const id of ['a', 'b']) roster.put('people', id, { mails: [`${id}@x.org`] });
    const held = { ...file({ mail: { column: 'mails' } }), thresholds: { ...wide, maximumDeletedLines: 0 } };
    await syncline.put(held);
    await syncline.sync(connector, 'complete');
    roster.remove('people', 'a');
    const rejected = await syncline.sync(connector, 'incremental', null, 'reject');
    expect(rejected).toMatchObject({ status: 'rejected', applied: false });
    expect(Object.keys(await stored())).toEqual(['a', 'b']);
    const again = await syncline.sync(connector, 'incremental');
    expect(again).toMatchObject({ mode: 'incremental', applied: true });
    expect(Object.keys(await stored())).toEqual(['b']);
  });

  it('withholds deletes where the read is not certified', async () => {
    for (const id of ['a', 'b']) roster.put('people', id, {});
    await syncline.put(file());
    await syncline.sync(connector, 'complete');
    roster.remove('people', 'a');
    roster.tellsEnd = false;
    const sync = await syncline.sync(connector, 'complete');
    expect(sync.completeness['people']).toMatchObject({ certified: false, code: 'not-final' });
    expect(Object.keys(await stored())).toEqual(['a', 'b']);
  });

  it('fails if the table lacks a column or the first step of a path', async () => {
    roster.put('people', 'a', {});
    await syncline.put(file({ phone: { column: 'phones[].value' } }));
    await expect(syncline.sync(connector, 'complete')).rejects.toMatchObject({ code: 'missing-column' });
  });
});
