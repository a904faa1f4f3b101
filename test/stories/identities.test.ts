import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cellText } from '../../domain/cell.ts';
import { rows } from '../../repository/database.ts';
import { wide } from '../support/connector.ts';
import { InProcess } from '../support/in-process.ts';
import { ToldSource, type Told } from '../support/told-source.ts';

const source = new ToldSource(['uid', 'uuid', 'mail', 'boss', 'gone']);

describe('incremental reads of a source that names what is gone by an identity', () => {
  let syncline: InProcess;
  let at = 0;
  let connector = '';
  beforeAll(async () => {
    syncline = await InProcess.start({ packages: [source.adapter] });
  });
  afterAll(() => syncline.stop());

  const ann = { uid: 'ann', uuid: '1', mail: 'ann@x' };
  const bob = { uid: 'bob', uuid: '2', mail: 'bob@x', boss: 'ann' };
  const cyd = { uid: 'cyd', uuid: '3', mail: 'cyd@x', boss: 'bob' };

  const file = (key: 'uid' | 'uuid', more: Record<string, unknown> = {}) => ({
    apiVersion: 'syncline/v1',
    kind: 'Connector',
    name: connector,
    thresholds: wide,
    connections: [{ name: 'c', package: 'told' }],
    entityTypes: [
      {
        name: `T${String(at)}`,
        source: { connection: 'c', table: 'people', identity: 'uuid', where: 'row.gone == null' },
        key: [key],
        properties: {
          uid: { column: 'uid' },
          uuid: { column: 'uuid' },
          mail: { column: 'mail' },
          age: { column: 'age', type: 'integer' },
        },
        navigationProperties: { boss: { to: `T${String(at)}`, column: 'boss', by: 'uid' } },
        ...more,
      },
    ],
  });

  beforeEach(async () => {
    connector = `told${String(++at)}`;
    source.certificate = { certified: true };
    source.positionOf = undefined;
    source.told.clear();
    source.rows.set('people', [ann, bob, cyd]);
    await Promise.resolve();
  });

  async function loaded(key: 'uid' | 'uuid' = 'uid'): Promise<void> {
    const { entityTypes, ...rest } = file(key);
    const [type] = entityTypes;
    const { age: _age, ...properties } = type?.properties ?? ({} as never);
    await syncline.put({ ...rest, entityTypes: [{ ...type, properties }] } as never);
    await syncline.sync(connector, 'complete');
  }

  async function tell(told: Told, decision: 'resume' | 'reject' = 'resume') {
    source.told.set('people', told);
    return syncline.sync(connector, 'incremental', null, decision);
  }

  async function stored(): Promise<string[]> {
    const found = await rows<{ text: string }>(
      syncline.db,
      `select concat_ws(' ', r.key, r.attributes ->> 'uid', r.attributes ->> 'uuid', r.attributes ->> 'mail') as text
       from syncline.resource r join syncline.entity_type t on t.id = r.entity_type where t.name = ? order by r.key`,
      [`T${String(at)}`],
    );
    return found.map(({ text }) => text);
  }

  async function links(): Promise<string[]> {
    const found = await rows<{ text: string }>(
      syncline.db,
      `select s.key || '>' || g.key as text from syncline.link l join syncline.link_property p on p.id = l.property
         join syncline.entity_type t on t.id = p.entity_type join syncline.resource s on s.id = l.source
         join syncline.resource g on g.id = l.target where t.name = ? order by 1`,
      [`T${String(at)}`],
    );
    return found.map(({ text }) => text);
  }

  const codes = async (sync: number) =>
    (
      await rows<{ text: string }>(
        syncline.db,
        `select concat_ws(' ', code, array_to_string(key, ','), coalesce(position, 'line ' || line)) as text
       from syncline.sync_error where sync = ? order by 1`,
        [sync],
      )
    ).map(({ text }) => text);

  it('asks only for the columns that are mapped, and names those of the key and the identity', async () => {
    await loaded();
    const request = source.requests.at(-1);
    if (request?.wanted) expect(request.wanted).toMatchObject({ key: ['uid'], identity: 'uuid' });
    expect(await stored()).toEqual(['ann ann 1 ann@x', 'bob bob 2 bob@x', 'cyd cyd 3 cyd@x']);
    expect(await links()).toEqual(['bob>ann', 'cyd>bob']);
  });

  it('deletes what is gone by its identity or its key, and what the condition now leaves out, under whatever key it was', async () => {
    await loaded();
    const sync = await tell({ gone: [{ uuid: '1' }, { uid: 'bob' }], records: [{ ...cyd, uid: 'cyn', gone: 'yes' }] });
    expect(sync).toMatchObject({ status: 'completed', applied: true });
    expect(await stored()).toEqual([]);
    expect(sync.counters[`T${String(at)}`]).toMatchObject({ read: 3, deleted: 3 });
    expect(sync.preparation?.types[`T${String(at)}`]).toMatchObject({ accepted: 3, rejected: 0 });
  });

  it('never deletes what has a record in the same read, and a key that comes again is one update', async () => {
    await loaded();
    const sync = await tell({
      records: [{ uid: 'ann', uuid: '9', mail: 'new@x' }, bob],
      gone: [{ uuid: '1' }, { uuid: '2' }, { uid: 'bob' }],
    });
    expect(sync.counters[`T${String(at)}`]).toMatchObject({ inserted: 0, updated: 1, deleted: 0 });
    expect(await stored()).toEqual(['ann ann 9 new@x', 'bob bob 2 bob@x', 'cyd cyd 3 cyd@x']);
    expect(await links()).toEqual(['bob>ann', 'cyd>bob']);
  });

  it('moves a resource whose identity has another key now, and takes an exchange of keys for two updates', async () => {
    await loaded();
    await tell({ records: [{ ...ann, uid: 'anna' }] });
    expect(await stored()).toEqual(['anna anna 1 ann@x', 'bob bob 2 bob@x', 'cyd cyd 3 cyd@x']);
    const sync = await tell({
      records: [
        { ...bob, uid: 'cyd', boss: null },
        { ...cyd, uid: 'bob', boss: null },
      ],
    });
    expect(sync.counters[`T${String(at)}`]).toMatchObject({ inserted: 0, updated: 2, deleted: 0 });
    expect(await stored()).toEqual(['anna anna 1 ann@x', 'bob bob 3 cyd@x', 'cyd cyd 2 bob@x']);
  });

  it('takes a new name for an update where the identity is the key', async () => {
    await loaded('uuid');
    const sync = await tell({ records: [{ ...ann, uid: 'anna' }], gone: [{ uuid: '3' }] });
    expect(sync.counters[`T${String(at)}`]).toMatchObject({ inserted: 0, updated: 1, deleted: 1 });
    expect(await stored()).toEqual(['1 anna 1 ann@x', '2 bob 2 bob@x']);
  });

  it('deletes nothing of an identity that is stored twice, and says so', async () => {
    source.rows.set('people', [ann, { ...bob, uuid: '1' }, cyd]);
    await loaded();
    const sync = await tell({ gone: [{ uuid: '1' }] });
    expect(await stored()).toHaveLength(3);
    expect(await codes(sync.no)).toEqual(['identity-ambiguous ann row 1', 'identity-ambiguous bob row 1']);
  });

  it('deletes what a source no longer has by its list of what it still has, if the read was certified', async () => {
    await loaded();
    const uncertain = { certified: false, code: 'behind', reason: 'Another server answered.' } as const;
    const withheld = await tell({ records: [cyd], present: [{ uuid: '1' }], certificate: uncertain });
    expect(withheld).toMatchObject({ deletesWithheld: 1 });
    expect(await stored()).toHaveLength(3);
    await tell({ records: [cyd], present: [{ uuid: '1' }] });
    expect(await stored()).toEqual(['ann ann 1 ann@x', 'cyd cyd 3 cyd@x']);
    const emptied = await tell({ present: [] }, 'reject');
    expect(emptied.status).toBe('rejected');
    expect(emptied.holds.map(({ code }) => code)).toContain('zero-rows');
    expect(await stored()).toHaveLength(2);
  });

  it('keeps what is stored under the identity of a row whose key cannot be read', async () => {
    source.positionOf = ({ uuid }) => `entry ${cellText(uuid ?? null)}`;
    await loaded();
    source.rows.set('people', [{ ...ann, uid: '' }, bob, cyd]);
    const complete = await syncline.sync(connector, 'complete');
    expect(complete.holds).toEqual([]);
    expect(await stored()).toHaveLength(3);
    expect(await codes(complete.no)).toEqual(['key-empty entry 1']);
    await tell({
      records: [{ ...ann, uid: '' }],
      gone: [{ uuid: '1' }, { uid: 'ann' }],
      present: [{ uuid: '2' }, { uuid: '3' }],
    });
    expect(await stored()).toHaveLength(3);
  });
});
