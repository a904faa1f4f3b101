import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RowError, Sync } from '../../domain/sync.ts';
import { csv, wide } from '../support/connector.ts';
import { adFile, directoryFile, hrFile, hrMapping, profiles } from '../support/directory.ts';
import { Stack } from '../support/stack.ts';
import { openDatabase, rows, type Database } from '../../repository/database.ts';

const header = 'id,first,last,mail,department,phone,type,manager';
const ann = 'E1,Ann,Arc,ann@x.org,Eng,1,staff,';
const bob = 'E2,Bob,Bow,bob@x.org,Eng,,staff,E1';
const cyd = 'E3,Cyd,Cor,cyd@x.org,Ops,3,contractor,E1';

describe('the directory', { timeout: 300_000 }, () => {
  let stack: Stack;
  let db: Database;
  beforeAll(async () => {
    stack = await Stack.start({ SYNCLINE_PREVIEW: 'directory' });
    db = openDatabase(stack.databaseUrl, { applicationName: 'test', poolSize: 2, statementTimeoutMs: 60_000 });
  });
  afterAll(async () => {
    await db.destroy();
    await stack.stop();
  });

  const syncs = () => stack.all<Sync>('/v1/syncs?connector=directory');

  /** Resumes the sync of the directory that is held now. */
  async function resume(): Promise<Sync> {
    let held: Sync | undefined;
    await stack.until(async () => {
      held = (await syncs()).find(({ status }) => status === 'held');
      return held !== undefined;
    }, 30);
    return stack.decide(held as Sync, 'resume');
  }

  /** The newest sync of the directory, once none of them is open and nothing is due. */
  async function settled(): Promise<Sync> {
    let newest: Sync | undefined;
    await stack.until(async () => {
      const all = await syncs();
      const due = await rows(db, 'select 1 from syncline.due');
      newest = all[0];
      return due.length === 0 && all.length > 0 && all.every(({ endedAt }) => endedAt !== null);
    }, 30);
    return newest as Sync;
  }

  it('is made of what the mappings of all connectors give', async () => {
    await stack.put(directoryFile(), 'directory');
    await stack.put(hrFile(), 'hr');
    // new rules are applied to everything, here to nothing
    expect(await settled()).toMatchObject({ status: 'completed', mode: 'complete', trigger: 'configuration' });
    await stack.place('hr', { 'people.csv': csv(header, ann, bob, cyd) });
    expect((await stack.syncAndResume('hr')).status).toBe('completed');
    expect(await resume()).toMatchObject({
      status: 'completed',
      tasks: ['map'],
      mode: 'incremental',
      trigger: 'event',
    });
    expect(await profiles(stack, 'User', 'employeeId')).toEqual({
      E1: { employeeId: 'E1', email: 'ann@x.org', displayName: 'Ann Arc', department: 'Eng', phone: '1' },
      E2: { employeeId: 'E2', email: 'bob@x.org', displayName: 'Bob Bow', department: 'Eng' },
    });
    expect(await managers()).toEqual({ E2: 'E1' });
  });

  it('takes what another connector has to tell, attribute by attribute', async () => {
    await stack.put(adFile(), 'ad');
    await stack.place('ad', {
      'accounts.csv': csv('sam,employee,mail,phone', 'aarc,E1,,99', 'bbow,,BOB@x.org,22', 'root,,,'),
      'groups.csv': csv('cn', 'all'),
      'members.csv': csv('group,account', 'all,aarc', 'all,bbow', 'all,root'),
    });
    expect((await stack.syncAndResume('ad')).status).toBe('completed');
    const run = await resume();
    expect(run).toMatchObject({ status: 'completed-with-errors', mode: 'incremental', trigger: 'event' });
    expect(run.counters['ad_Account->User']).toMatchObject({ inserted: 2, read: 3, rejected: 1 });
    expect(await errorsOf(run)).toEqual(['ad_Account root match-empty']);
    expect(await profiles(stack, 'User', 'employeeId')).toEqual({
      E1: {
        employeeId: 'E1',
        email: 'ann@x.org',
        displayName: 'Ann Arc',
        department: 'Eng',
        phone: '1',
        login: 'aarc',
      },
      E2: {
        ...{
          employeeId: 'E2',
          email: 'bob@x.org',
          displayName: 'Bob Bow',
          department: 'Eng',
          phone: '22',
          login: 'bbow',
        },
      },
    });
    expect(await members()).toEqual(['E1', 'E2']);
    const joins = await stack.all<{
      state: string;
      source: { key: string[] };
      rule: number | null;
      code: string | null;
    }>('/v1/joins?entityType=ad_Account');
    expect(joins.map(({ state, source, rule, code }) => [source.key[0], state, rule, code])).toEqual([
      ['aarc', 'joined', 0, null],
      ['bbow', 'joined', 1, null],
      ['root', 'unmatched', null, 'match-empty'],
    ]);
    expect(await stack.all('/v1/joins?state=unmatched')).toHaveLength(1);
    const types = await stack.all<{ name: string }>('/v1/entity-types?connector=directory');
    expect(types.map(({ name }) => name)).toEqual(['Group', 'User']);
  });

  it('follows each change of a source with exactly what depends on it', async () => {
    await stack.place('hr', {
      'people.csv': csv(
        header,
        ann.replace('Arc', 'Ark'),
        bob.replace(',,staff,E1', ',,staff,'),
        cyd,
        'E4,Dan,Dow,dan@x.org,Ops,,staff,E2',
      ),
    });
    await stack.sync('hr');
    const run = await settled();
    expect(run).toMatchObject({ status: 'completed', mode: 'incremental', trigger: 'event' });
    expect(run.counters['User']).toMatchObject({ inserted: 1, updated: 1, deleted: 0 });
    expect(run.counters['User']?.links['manager']).toMatchObject({ inserted: 1, deleted: 1 });
    expect(run.counters['hr_Person->User']).toMatchObject({ inserted: 1, updated: 0, deleted: 0, read: 3 });
    expect(await managers()).toEqual({ E4: 'E2' });
    expect((await profiles(stack, 'User', 'employeeId'))['E1']).toMatchObject({
      displayName: 'Ann Ark',
      login: 'aarc',
    });
    // one resource, on its own
    await stack.place('hr', {
      'people.csv': csv(
        header,
        ann.replace('Arc', 'Ark').replace('Eng', 'Lab'),
        bob.replace(',,staff,E1', ',,staff,'),
        cyd,
        'E4,Dan,Dow,dan@x.org,Ops,,staff,E2',
      ),
    });
    await stack.sync('hr', { scope: { keys: { hr_Person: [['E1']] } } });
    await settled();
    expect((await profiles(stack, 'User', 'employeeId'))['E1']).toMatchObject({ department: 'Lab', login: 'aarc' });
    // nothing changed: nothing is due, and mapping everything finds nothing
    await stack.sync('hr');
    const whole = await stack.sync('directory', { mode: 'complete' });
    expect(await changesOf(whole)).toEqual([]);
  });

  it('keeps who has left a source, with the values that no other source gives', async () => {
    await stack.place('hr', {
      'people.csv': csv(
        header,
        ann.replace('Arc', 'Ark').replace('Eng', 'Lab'),
        cyd,
        'E4,Dan,Dow,dan@x.org,Ops,,staff,',
      ),
    });
    await stack.sync('hr');
    const run = await settled();
    expect(run.counters['hr_Person->User']).toMatchObject({ deleted: 1 });
    expect(run.counters['User']).toMatchObject({ inserted: 0, updated: 0, deleted: 0 });
    const { E2: left } = await profiles(stack, 'User', 'employeeId');
    expect(left).toMatchObject({ displayName: 'Bob Bow', phone: '22', login: 'bbow' });
    // a returner is found by the values that were kept
    await stack.place('hr', {
      'people.csv': csv(
        header,
        ann.replace('Arc', 'Ark').replace('Eng', 'Lab'),
        cyd,
        'E4,Dan,Dow,dan@x.org,Ops,,staff,',
        bob.replace('Bow', 'Bowes'),
      ),
    });
    await stack.sync('hr');
    expect((await settled()).counters['hr_Person->User']).toMatchObject({ inserted: 1 });
    const users = await profiles(stack, 'User', 'employeeId');
    expect(Object.keys(users)).toEqual(['E1', 'E2', 'E4']);
    expect(users['E2']).toMatchObject({ displayName: 'Bob Bowes', login: 'bbow' });
  });

  it('holds a mass change of a source a second time, and new rules that take something away', async () => {
    await stack.put(directoryFile({ thresholds: { ...wide, maximumUpdatedLines: 1 } }), 'directory');
    await settled();
    await stack.place('hr', {
      'people.csv': csv(
        header,
        'E1,A,A,ann@x.org,,,staff,',
        cyd,
        'E4,D,D,dan@x.org,,,staff,',
        'E2,B,B,bob@x.org,,,staff,',
      ),
    });
    await stack.sync('hr');
    await stack.until(async () => (await syncs())[0]?.status === 'held', 30);
    const [held] = (await syncs()) as [Sync];
    expect(held.holds.map(({ code }) => code)).toEqual(['threshold-exceeded']);
    // one person changes again before the decision
    await stack.place('hr', {
      'people.csv': csv(
        header,
        'E1,Anna,A,ann@x.org,,,staff,',
        cyd,
        'E4,D,D,dan@x.org,,,staff,',
        'E2,B,B,bob@x.org,,,staff,',
      ),
    });
    await stack.sync('hr');
    const done = await stack.decide(held, 'resume');
    // with the one who would lose a link to that one
    expect(done).toMatchObject({ status: 'completed-with-errors', overtaken: 3, applied: true });
    expect(await resume()).toMatchObject({ status: 'completed', mode: 'incremental' });
    const users = await profiles(stack, 'User', 'employeeId');
    expect(Object.values(users).map(({ displayName }) => displayName)).toEqual(['Anna A', 'B B', 'D D']);
    // what is rejected stops nothing that comes after it
    const named = (ann: string, others: string) =>
      csv(
        header,
        `E1,${ann},A,ann@x.org,,,staff,`,
        cyd,
        `E4,${others},D,dan@x.org,,,staff,`,
        `E2,${others},B,bob@x.org,,,staff,`,
      );
    await stack.place('hr', { 'people.csv': named('No', 'No') });
    await stack.sync('hr');
    await stack.until(async () => (await syncs())[0]?.status === 'held', 30);
    await stack.decide((await syncs())[0] as Sync, 'reject');
    await stack.place('hr', { 'people.csv': named('Anne', 'No') });
    await stack.sync('hr');
    expect(await settled()).toMatchObject({ status: 'completed', mode: 'incremental' });
    const names = Object.values(await profiles(stack, 'User', 'employeeId')).map(({ displayName }) => displayName);
    expect(names).toEqual(['Anne A', 'B B', 'D D']);
    // a rule that no longer maps anybody
    await stack.put(hrFile([hrMapping({ when: "source.type == 'nobody'" })]), 'hr');
    await stack.until(async () => (await syncs())[0]?.status === 'held', 30);
    const [rules] = (await syncs()) as [Sync];
    expect(rules).toMatchObject({ trigger: 'configuration', mode: 'complete' });
    expect(rules.holds.map(({ code }) => code)).toEqual(['threshold-exceeded', 'zero-rows', 'rules-changed']);
    await stack.decide(rules, 'reject');
    expect(Object.keys(await profiles(stack, 'User', 'employeeId'))).toEqual(['E1', 'E2', 'E4']);
  });

  async function managers() {
    return Object.fromEntries(
      (
        await rows<{ who: string; manager: string }>(
          db,
          `select s.attributes ->> 'employeeId' as who, t.attributes ->> 'employeeId' as manager
           from syncline.link l join syncline.link_property p on p.id = l.property and p.name = 'manager'
             join syncline.entity_type e on e.id = p.entity_type and e.name = 'User'
             join syncline.resource s on s.id = l.source join syncline.resource t on t.id = l.target order by 1`,
        )
      ).map(({ who, manager }) => [who, manager]),
    );
  }
  async function members() {
    const found = await rows<{ who: string }>(
      db,
      `select t.attributes ->> 'employeeId' as who
       from syncline.link l join syncline.link_property p on p.id = l.property and p.name = 'members'
         join syncline.entity_type e on e.id = p.entity_type and e.name = 'Group'
         join syncline.resource t on t.id = l.target order by 1`,
    );
    return found.map(({ who }) => who);
  }
  const errorsOf = async ({ id }: Sync) =>
    (await stack.all<RowError>(`/v1/syncs/${id}/errors`)).map(
      ({ entityType, key, code }) => `${entityType} ${String(key)} ${code}`,
    );
  const changesOf = ({ id }: Sync) => stack.all<unknown>(`/v1/syncs/${id}/changes`);
});

/** Numbers from 0 to 1, the same for the same seed. */
function randomOf(state: number): () => number {
  return () => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) / 2 ** 32;
}

const seed = Number(process.env['DIRECTORY_SEED'] ?? 3);
const turns = Number(process.env['DIRECTORY_TURNS'] ?? 4);

describe(`a directory over random histories (seed ${String(seed)})`, { timeout: 600_000 }, () => {
  let stack: Stack;
  let db: Database;
  beforeAll(async () => {
    stack = await Stack.start({ SYNCLINE_PREVIEW: 'directory' });
    db = openDatabase(stack.databaseUrl, { applicationName: 'test', poolSize: 2, statementTimeoutMs: 60_000 });
    await stack.put(directoryFile(), 'directory');
    await stack.put(hrFile(), 'hr');
    await stack.put(adFile(), 'ad');
  });
  afterAll(async () => {
    await db.destroy();
    await stack.stop();
  });

  async function settle(): Promise<void> {
    await stack.until(async () => {
      const [newest] = await stack.all<Sync>('/v1/syncs?connector=directory');
      if (newest?.status === 'held') await stack.decide(newest, 'resume');
      return newest?.endedAt != null && (await rows(db, 'select 1 from syncline.due')).length === 0;
    }, 60);
  }

  it('is the same, whether it follows the changes or is mapped as a whole', async () => {
    const random = randomOf(seed);
    const any = <Of>(of: readonly Of[]): Of => of[Math.floor(random() * of.length)] as Of;
    const ids = Array.from({ length: 10 }, (_, i) => `E${String(i)}`);
    const mails = ['', 'a@x', 'A@x', 'b@x', 'c@x', 'd@x', 'e@x', 'f@x', 'g@x', '\u{ff48}@x', 'h@x'];
    const person = (id: string) =>
      [
        id,
        any(['Ann', 'Bob', '']),
        any(['Arc', 'Bow']),
        any(mails),
        any(['Eng', '']),
        any(['', '1', '2']),
        any(['staff', 'staff', 'contractor']),
        any(['', ...ids]),
      ].join();
    const account = (sam: string) => [sam, any(['', '', ...ids]), any(mails), any(['', '7', '8'])].join();
    const pick = <Of>(of: readonly Of[], share: number) => of.filter(() => random() < share);
    const sams = Array.from({ length: 9 }, (_, i) => `s${String(i)}`);
    let people = new Map(pick(ids, 0.7).map((id) => [id, person(id)]));
    let accounts = new Map(pick(sams, 0.7).map((sam) => [sam, account(sam)]));
    for (let turn = 0; turn < turns; turn++) {
      const hr = random() < 0.5;
      if (hr) {
        const stay = [...people].filter(() => random() < 0.85);
        people = new Map([...stay, ...pick(ids, 0.3).map((id): [string, string] => [id, person(id)])]);
      } else {
        const stay = [...accounts].filter(() => random() < 0.85);
        accounts = new Map([...stay, ...pick(sams, 0.3).map((sam): [string, string] => [sam, account(sam)])]);
      }
      await stack.place('hr', { 'people.csv': csv(header, ...people.values()) });
      await stack.place('ad', {
        'accounts.csv': csv('sam,employee,mail,phone', ...accounts.values()),
        'groups.csv': csv('cn', 'all', 'some'),
        'members.csv': csv(
          'group,account',
          ...pick([...accounts.keys()], 0.5).map((sam) => `${any(['all', 'some'])},${sam}`),
        ),
      });
      for (const connector of turn === 0 ? ['hr', 'ad'] : [hr ? 'hr' : 'ad']) {
        await stack.syncAndResume(connector);
        await settle();
      }
      const whole = await stack.sync('directory', { mode: 'complete', dryRun: true });
      expect({ turn, changes: await stack.all(`/v1/syncs/${whole.id}/changes`) }).toEqual({ turn, changes: [] });
    }
  });
});
