import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Cell } from '../../domain/cell.ts';
import type { Certificate, KeyAnswer, KeysRequest } from '../../connectors/package.ts';
import { rows } from '../../repository/database.ts';
import type { SyncRow } from '../../repository/syncs.ts';
import { wide } from '../support/connector.ts';
import { InProcess } from '../support/in-process.ts';
import { ToldSource } from '../support/told-source.ts';

const columns = ['id', 'name', 'boss', 'person', 'team'];
const uncertified: Certificate = { certified: false, code: 'no-total', reason: 'Nobody counts.' };

/** What the source answers about keys: of each table, the answers in their order. */
const told = {
  answers: new Map<string, KeyAnswer[]>(),
  certificate: { certified: true } as Certificate,
  asked: [] as KeysRequest[],
};

const found = (...records: Record<string, Cell>[]): KeyAnswer => ({
  state: 'found',
  records: records.map((record) => ({ cells: columns.map((column) => record[column] ?? null) })),
});
const unknown = (more: { unasked?: true } = {}): KeyAnswer => ({ state: 'unknown', reason: 'It is hidden.', ...more });
const gone: KeyAnswer = { state: 'gone' };

const source = new ToldSource(columns, {
  readKeys(_connection, request) {
    told.asked.push(request);
    const answers = told.answers.get(request.table) ?? request.keys.map(() => gone);
    return Promise.resolve({ columns, answers, certificate: told.certificate });
  },
});

describe('a sync of single items of a source that proves little', () => {
  let syncline: InProcess;
  beforeAll(async () => {
    syncline = await InProcess.start({ packages: [source.adapter] });
    await syncline.put({
      apiVersion: 'syncline/v1',
      kind: 'Connector',
      name: 'told',
      thresholds: wide,
      connections: [{ name: 'c', package: 'told' }],
      entityTypes: [
        {
          name: 'Person',
          source: { connection: 'c', table: 'people' },
          key: ['id'],
          properties: { id: { column: 'id', caseInsensitive: true }, name: { column: 'name' } },
        },
        {
          name: 'Team',
          source: { connection: 'c', table: 'teams', where: "row.name != 'closed'" },
          key: ['id'],
          properties: { id: { column: 'id' }, name: { column: 'name' } },
          navigationProperties: {
            boss: { to: 'Person', column: 'boss' },
            members: { to: 'Person', table: 'members', sourceColumn: 'team', targetColumn: 'person' },
          },
        },
      ],
    } as never);
  });
  afterAll(() => syncline.stop());

  beforeEach(async () => {
    Object.assign(told, { answers: new Map(), certificate: { certified: true }, asked: [] });
    source.rows.set('people', [
      { id: 'ann', name: 'Ann' },
      { id: 'bo', name: 'Bo' },
    ]);
    source.rows.set('teams', [
      { id: 'T1', name: 'One', boss: 'ann' },
      { id: 'T2', name: 'Two' },
    ]);
    source.rows.set('members', [
      { team: 'T1', person: 'ann' },
      { team: 'T1', person: 'bo' },
      { team: 'T2', person: 'bo' },
    ]);
    await syncline.sync('told', 'complete');
    source.requests.length = 0;
  });

  const sync = (type: string, ...keys: string[]) =>
    syncline.sync('told', 'complete', { keys: { [type]: keys.map((key) => [key]) } });
  const read = () => source.requests.map(({ table }) => table);
  const texts = async (sql: string, bindings: (string | number)[] = []) =>
    (await rows<{ text: string }>(syncline.db, sql, bindings)).map(({ text }) => text);
  const stored = () =>
    texts(
      `select concat_ws(' ', t.name, r.key, r.attributes ->> 'name') as text from syncline.resource r
         join syncline.entity_type t on t.id = r.entity_type order by 1`,
    );
  const links = () =>
    texts(
      `select concat_ws(' ', s.key, p.name, g.key) as text from syncline.link l
         join syncline.link_property p on p.id = l.property join syncline.resource s on s.id = l.source
         join syncline.resource g on g.id = l.target order by 1`,
    );
  const errors = ({ no }: SyncRow) =>
    texts(
      `select concat_ws(' ', entity_type, property, code, effect, array_to_string(key, ','), message) as text
       from syncline.sync_error where sync = ? order by 1`,
      [no],
    );
  const everything = {
    stored: ['Person ann Ann', 'Person bo Bo', 'Team T1 One', 'Team T2 Two'],
    links: ['T1 boss ann', 'T1 members ann', 'T1 members bo', 'T2 members bo'],
  };

  it('asks for what is mapped of the wanted keys, in their stored form, and for no table', async () => {
    told.answers.set('teams', [found({ id: 'T1', name: 'First', boss: 'bo' })]);
    told.answers.set('members', [found({ team: 'T1', person: 'bo' })]);
    const one = await sync('Team', 'T1');
    expect(one.counters['Team']).toMatchObject({ read: 1, updated: 1, deleted: 0 });
    expect(read()).toEqual([]);
    expect(told.asked.map(({ table, by, keys }) => ({ table, by, keys }))).toEqual([
      { table: 'teams', by: ['id'], keys: [['T1']] },
      { table: 'members', by: ['team'], keys: [['T1']] },
    ]);
    expect(told.asked[0]?.wanted).toEqual({ columns: ['name', 'id', 'boss'], key: ['id'] });
    expect(await links()).toEqual(['T1 boss bo', 'T1 members bo', 'T2 members bo']);
  });

  it('changes nothing of a key that the source does not know, nor its links, and says so', async () => {
    told.answers.set('teams', [unknown(), found({ id: 'T2', name: 'Second' })]);
    told.answers.set('members', [unknown(), gone]);
    const one = await sync('Team', 'T1', 'T2');
    const hidden = 'The source does not say whether it has this key, so what is stored stays as it is. It is hidden.';
    expect(await errors(one)).toEqual([
      `Team members unknown-resource warning T1 ${hidden}`,
      `Team unknown-resource warning T1 ${hidden}`,
    ]);
    expect(one).toMatchObject({ status: 'completed', holds: [] });
    expect(await stored()).toEqual(['Person ann Ann', 'Person bo Bo', 'Team T1 One', 'Team T2 Second']);
    expect(await links()).toEqual(['T1 boss ann', 'T1 members ann', 'T1 members bo']);
  });

  it('reads the whole table where the source cannot be asked, or does not prove that links were all', async () => {
    told.answers.set('teams', [unknown({ unasked: true })]);
    told.answers.set('members', [found({ team: 'T1', person: 'bo' })]);
    told.certificate = uncertified;
    const one = await sync('Team', 'T1');
    expect(read()).toEqual(['teams', 'members']);
    expect(one).toMatchObject({ status: 'completed', deletesWithheld: 0 });
    expect({ stored: await stored(), links: await links() }).toEqual(everything);
  });

  it('withholds deletes where the source proves nothing', async () => {
    told.answers.set('teams', [found({ id: 'T1', name: 'closed' })]);
    told.certificate = uncertified;
    const one = await sync('Team', 'T1');
    expect(read()).toEqual(['members']);
    expect(one).toMatchObject({ status: 'completed-with-errors', deletesWithheld: 1 });
    expect({ stored: await stored(), links: await links() }).toEqual(everything);
  });

  it('deletes what the condition now leaves out, where the source proves that it has no more', async () => {
    told.answers.set('teams', [found({ id: 'T1', name: 'closed' })]);
    const one = await sync('Team', 'T1');
    expect(one.counters['Team']).toMatchObject({ read: 1, filtered: 1, deleted: 1 });
    expect(await stored()).toEqual(['Person ann Ann', 'Person bo Bo', 'Team T2 Two']);
  });

  it('keeps a key of which it was given only rows that are read as other keys', async () => {
    told.answers.set('people', [found({ id: 'anna', name: 'Anna' }), found({ id: 'BO', name: 'Bob' })]);
    const one = await sync('Person', 'Ann', 'Bo');
    expect(told.asked.at(-1)?.keys).toEqual([['Ann'], ['Bo']]);
    expect(await errors(one)).toEqual([
      'Person unknown-resource warning ann The source does not say whether it has this key, so what is stored stays as it is. It has only rows that are read as other keys under the usual form of this key.',
    ]);
    expect(await stored()).toEqual(['Person ann Ann', 'Person bo Bob', 'Team T1 One', 'Team T2 Two']);
    // gone under one form only
    told.answers.set('people', [gone]);
    const again = await sync('Person', 'ann');
    expect(read()).toEqual(['people']);
    expect(again.counters['Person']).toMatchObject({ read: 2, deleted: 0 });
  });

  it('keeps the open errors of a key that the source does not know', async () => {
    const open = () =>
      texts(`select concat_ws(' ', entity_type, array_to_string(key, ','), code) as text from syncline.open_error`);
    source.rows.set('members', [
      { team: 'T1', person: 'nobody' },
      { team: 'T2', person: 'nobody' },
    ]);
    await syncline.sync('told', 'complete');
    expect((await open()).sort()).toEqual(['Team T1 dangling-link', 'Team T2 dangling-link']);
    told.answers.set('teams', [found({ id: 'T1', name: 'One' }), found({ id: 'T2', name: 'Two' })]);
    told.answers.set('members', [unknown(), gone]);
    await sync('Team', 'T1', 'T2');
    expect(await open()).toEqual(['Team T1 dangling-link']);
  });
});
