import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { row, rows } from '../repository/database.ts';
import { liftRefusal } from '../repository/refusals/end.ts';
import { listRefusals } from '../repository/refusals/list.ts';
import type { SyncRow } from '../repository/syncs.ts';
import { InProcess, type InProcessDecision } from '../test/support/in-process.ts';

let world: InProcess;
let connectors = 0;
beforeAll(async () => {
  world = await InProcess.start();
});
afterAll(async () => {
  await world.stop();
});

/** Every change is held. */
const connectorOf = (name: string) => ({
  apiVersion: 'syncline/v1',
  kind: 'Connector',
  name,
  thresholds: { maximumInsertedLines: 0, maximumUpdatedLines: 0, maximumDeletedLines: 0, maximumLinkDeletedLines: 0 },
  connections: [
    {
      name: 'files',
      package: 'csv',
      settings: { directory: name, delta: { directory: `${name}-delta`, commandColumn: 'command' } },
    },
  ],
  entityTypes: [
    {
      name: `${name}_Person`,
      source: { connection: 'files', table: 'people.csv' },
      key: ['id'],
      properties: { id: { column: 'id' }, name: { column: 'name' } },
    },
  ],
});

class Directory {
  readonly name = `refusals${String(++connectors)}`;
  readonly type = `${this.name}_Person`;
  #deltas = 0;
  no = 0;

  static async of(...people: string[]): Promise<Directory> {
    const directory = new Directory();
    directory.no = await world.put(connectorOf(directory.name));
    await directory.people(...people);
    await directory.sync();
    return directory;
  }

  people(...people: string[]): Promise<void> {
    return world.place(this.name, { 'people.csv': ['id,name', ...people, ''].join('\n') });
  }

  async delta(...lines: string[]): Promise<void> {
    const name = `people-${String(++this.#deltas).padStart(4, '0')}.csv`;
    await world.place(`${this.name}-delta`, { [name]: ['command,id,name', ...lines, ''].join('\n') });
  }

  sync(
    mode: 'complete' | 'incremental' = 'complete',
    decision: InProcessDecision = 'resume',
    scope: Parameters<InProcess['sync']>[2] = null,
  ): Promise<SyncRow> {
    return world.sync(this.name, mode, scope, decision);
  }

  decide(decision: 'refuse' | 'defer', keys: string[]): InProcessDecision {
    return {
      rules: [{ decision, filter: { entityType: this.type, keys: keys.map((key) => [key]) } }],
      otherwise: 'apply',
    };
  }

  async stored(): Promise<string[]> {
    const found = await rows<{ text: string }>(
      world.db,
      `select r.key || ',' || (r.attributes ->> 'name') as text from syncline.resource r
         join syncline.entity_type t on t.id = r.entity_type where t.name = ? order by r.key collate "C"`,
      [this.type],
    );
    return found.map(({ text }) => text);
  }

  async needs(): Promise<{ code: string | null; base: boolean } | undefined> {
    return row(
      world.db,
      `select needs_complete ->> 'code' as code, unchanged_base is not null as base from syncline.connector where id = ?`,
      [this.no],
    );
  }

  refusals(state: 'active' | 'ended' = 'active') {
    return listRefusals(world.db, { connector: this.name, state }, undefined, 100);
  }
}

describe('a decision in part', () => {
  test('remembers what it refuses: the sync is completed, the next one suppresses it and is no base', async () => {
    const d = await Directory.of('1,Ann', '2,Bob');
    await d.people('1,Anne', '2,Bert', '3,Cyd');
    const held = await d.sync('complete', d.decide('refuse', ['1']));
    expect(held).toMatchObject({ status: 'completed', applied: true });
    expect(await d.stored()).toEqual(['1,Ann', '2,Bert', '3,Cyd']);
    expect(await d.refusals()).toMatchObject([
      { operation: 'update', kind: 'resource', key: ['1'], by: 'temporal', syncId: held.id, lastSeenAt: null },
    ]);
    expect(await d.needs()).toEqual({ code: null, base: false });

    const next = await d.sync();
    expect(next).toMatchObject({ status: 'completed', holds: [], changeCount: 0 });
    expect(next.counters[d.type]).toMatchObject({ stored: 3, updated: 0, unchanged: 3, suppressed: 1 });
    expect(await d.needs()).toEqual({ code: null, base: false });
    expect((await d.refusals())[0]?.lastSeenAt).not.toBeNull();

    // once the source says what is stored, the refusal has nothing to do, and the files are a base again
    await d.people('1,Ann', '2,Bert', '3,Cyd');
    await d.sync();
    expect(await d.refusals('ended')).toMatchObject([{ endedBy: 'gone' }]);
    expect(await d.needs()).toEqual({ code: null, base: true });
  });

  test('that applies nothing remembers as well, and the sync ends rejected', async () => {
    const d = await Directory.of('1,Ann', '2,Bob');
    await d.people('1,Ann');
    const held = await d.sync('complete', { rules: [], otherwise: 'refuse' });
    expect(held).toMatchObject({ status: 'rejected', applied: false });
    expect(await d.refusals()).toMatchObject([{ operation: 'delete', key: ['2'] }]);
    expect(await d.sync()).toMatchObject({ status: 'completed', holds: [], changeCount: 0 });
    expect(await d.stored()).toEqual(['1,Ann', '2,Bob']);
  });

  test('that rejects another form of a refused change lets the refusal count again', async () => {
    const d = await Directory.of('1,Ann', '2,Bob');
    await d.people('1,Anne', '2,Bob');
    await d.sync('complete', { rules: [], otherwise: 'refuse' });
    await d.people('1,???', '2,???');
    expect(await d.sync('complete', 'reject')).toMatchObject({ status: 'rejected', changeCount: 2 });
    await d.people('1,Anne', '2,Bob');
    expect(await d.sync()).toMatchObject({ status: 'completed', holds: [], changeCount: 0 });
    expect(await d.refusals()).toHaveLength(1);
  });
});

describe('the next whole sync is complete, whatever was asked', () => {
  test('after a deferral, since the delta file is taken', async () => {
    const d = await Directory.of('1,Ann', '2,Bob');
    await d.people('1,Anne', '2,Bert');
    await d.delta('update,1,Anne', 'update,2,Bert');
    const held = await d.sync('incremental', d.decide('defer', ['1']));
    expect(held).toMatchObject({ mode: 'incremental', status: 'completed' });
    expect(await d.stored()).toEqual(['1,Ann', '2,Bert']);
    expect(await d.needs()).toEqual({ code: 'deferred', base: false });

    // a sync limited to keys stays what it is, and corrects nothing else
    await d.sync('incremental', 'resume', { keys: { [d.type]: [['2']] } });
    expect(await d.needs()).toMatchObject({ code: 'deferred' });
    const again = await d.sync('incremental', d.decide('defer', ['1']));
    expect(again).toMatchObject({ requestedMode: 'incremental', mode: 'complete', changeCount: 1 });
    const last = await d.sync('incremental');
    expect(last).toMatchObject({ requestedMode: 'incremental', mode: 'complete', changeCount: 1 });
    expect(await d.stored()).toEqual(['1,Anne', '2,Bert']);
    expect(await d.needs()).toEqual({ code: null, base: true });
    expect(await d.sync('incremental')).toMatchObject({ mode: 'incremental' });
  });

  test('after a deferral in a limited sync, also of that scope', async () => {
    const d = await Directory.of('1,Ann', '2,Bob');
    await d.people('1,Anne', '2,Bob');
    await d.delta('update,1,Anne');
    const scope = { entityTypes: [d.type] };
    await d.sync('incremental', d.decide('defer', ['1']), scope);
    const again = await d.sync('incremental', 'resume', scope);
    expect(again).toMatchObject({ mode: 'complete', changeCount: 1 });
    expect(await d.needs()).toMatchObject({ code: null });
  });

  test('after a refusal was lifted', async () => {
    const d = await Directory.of('1,Ann', '2,Bob');
    await d.people('1,Ann');
    await d.delta('delete,2,');
    await d.sync('incremental', { rules: [], otherwise: 'refuse' });
    // nothing was applied: the file is not taken, and its tombstone is suppressed
    expect(await d.sync('incremental')).toMatchObject({ mode: 'incremental', status: 'completed', changeCount: 0 });
    const [refusal] = await d.refusals();
    await world.db.transaction((tx) => liftRefusal(tx, refusal?.id ?? ''));
    expect(await d.needs()).toMatchObject({ code: 'refusal-ended' });
    expect(await d.sync('incremental')).toMatchObject({ mode: 'complete', changeCount: 1 });
    expect(await d.stored()).toEqual(['1,Ann']);
    expect(await d.needs()).toMatchObject({ code: null });
  });

  test('after a refusal has expired, as the sync notices when it begins', async () => {
    const d = await Directory.of('1,Ann', '2,Bob');
    await d.people('1,Ann');
    await d.sync('complete', { rules: [], otherwise: 'refuse' });
    await world.db.raw('update syncline.refusal set expires_at = now() where connector = ?', [d.no]);
    expect(await d.sync('incremental')).toMatchObject({ mode: 'complete', changeCount: 1 });
    expect(await d.refusals('ended')).toMatchObject([{ endedBy: 'expired' }]);
  });
});

test('a read without any row is held unless nothing can be lost that nobody has refused to lose', async () => {
  const d = await Directory.of('1,Ann');
  await d.people();
  expect((await d.sync('complete', { rules: [], otherwise: 'refuse' })).holds.map(({ code }) => code)).toContain(
    'zero-rows',
  );
  expect(await d.sync()).toMatchObject({ status: 'completed', holds: [] });
});
