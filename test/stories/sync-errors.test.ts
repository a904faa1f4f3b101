import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { openErrorGroupSchema } from '../../api/schemas/status.ts';
import type { OpenErrorBody } from '../support/open-error.ts';
import { csv, onePerson, peopleAndGroups, wide } from '../support/connector.ts';
import { Stack } from '../support/stack.ts';

type ErrorGroup = z.output<typeof openErrorGroupSchema>;

const header = 'id,name,mail,manager,since';
const properties = { since: { column: 'since', type: 'date' } };
const good = {
  'people.csv': csv(header, 'E1,Ada,a@x,,2020-01-31', 'E2,Ben,b@x,E1,2020-01-31', 'E3,Cyd,c@x,E1,2020-01-31'),
  'groups.csv': csv('id,title', 'G1,All', 'G2,Some'),
  'members.csv': csv('group,person', 'G1,E1', 'G1,E2', 'G2,E3'),
};

describe('what is wrong now', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await Stack.start();
  });
  afterAll(() => stack.stop());

  const errors = (query: string) => stack.all<OpenErrorBody>(`/v1/sync-errors?${query}`);
  /** `code key`, or `code table` where there is no key, sorted. */
  const brief = async (connector: string) =>
    (await errors(`connector=${connector}`))
      .map(({ code, key, table }) => `${code} ${key?.join() ?? table ?? ''}`.trim())
      .sort();
  const of = async (query: string): Promise<OpenErrorBody> => {
    const found = await errors(query);
    expect(found).toHaveLength(1);
    return found[0] as OpenErrorBody;
  };

  async function connector(name: string): Promise<void> {
    const settings = { delta: { directory: `${name}-delta`, commandColumn: 'command' } };
    await stack.put(peopleAndGroups({ name, thresholds: wide, properties, settings }), name);
    await stack.place(`${name}-delta`, {});
    await stack.place(name, good);
    expect(await stack.syncAndResume(name)).toMatchObject({ status: 'completed' });
    expect(await stack.get(`/v1/sync-errors?connector=${name}`)).toEqual({
      items: [],
      nextCursor: null,
      total: 0,
      notKept: 0,
    });
  }

  it('appears with the sync that sees it, keeps its first time, and goes when its object is synchronised', async () => {
    await connector('rows');
    const bad = (n: number) =>
      csv(header, 'E1,Ada,a@x,,2020-01-31', `E2,Ben ${String(n)},b@x,E1,31.1.2020`, 'E3,Cyd,c@x,E9,2020-01-31');
    await stack.place('rows', { 'people.csv': bad(1) });
    const first = await stack.sync('rows');
    expect(first.status).toBe('completed-with-errors');
    const seen = await of('connector=rows&code=format');
    expect(seen).toMatchObject({
      connector: 'rows',
      entityType: 'rows_Person',
      key: ['E2'],
      property: 'since',
      code: 'format',
      effect: 'row-rejected',
      occurrences: 1,
      table: 'people.csv',
      line: 3,
      syncId: first.id,
    });
    expect(seen.firstSeen).toBe(seen.lastSeen);
    const download = async (query: string) => {
      const { body, headers } = await stack.call('GET', `/v1/sync-errors.csv?${query}`);
      expect(headers.get('content-disposition')).toContain('open-errors.csv');
      return String(body).trim().split('\r\n');
    };
    const [titles, ...lines] = await download('connector=rows');
    expect(titles).toMatch(/connector,entityType,key,property,code,effect,message,/);
    expect(lines).toHaveLength((await errors('connector=rows')).length);
    const [, line, more] = await download('connector=rows&code=format');
    expect(line).toMatch(/^rows,rows_Person,E2,since,format,row-rejected,/);
    expect(line).toContain(`,${seen.lastSeen},read,${first.id}`);
    expect(more).toBeUndefined();
    expect(seen.message).not.toContain('31.1.2020');
    expect(await of('connector=rows&code=dangling-link')).toMatchObject({
      key: ['E3'],
      property: 'manager',
      effect: 'link-rejected',
    });

    await stack.place('rows', { 'people.csv': bad(2) });
    const second = await stack.sync('rows');
    const again = await of('connector=rows&key=E2');
    expect(again).toMatchObject({ firstSeen: seen.firstSeen, syncId: second.id });
    expect(again.lastSeen > seen.lastSeen).toBe(true);

    await stack.place('rows', { 'people.csv': good['people.csv'] });
    expect(await stack.sync('rows')).toMatchObject({ status: 'completed' });
    expect(await brief('rows')).toEqual([]);

    await stack.place('rows', { 'people.csv': bad(3) });
    await stack.sync('rows');
    const anew = await of('connector=rows&key=E2');
    expect(anew.firstSeen > again.lastSeen).toBe(true);
  });

  it('is grouped by code and property, with the first and the last time, and what clears it', async () => {
    await connector('grouped');
    const people = csv(header, 'E1,Ada,a@x,,x', 'E2,Ben,b@x,E1,x', 'E3,Cyd,c@x,E9,2020-01-31', ',No,n@x,,');
    await stack.place('grouped', { 'people.csv': people, 'members.csv': csv('group,person', 'G1,E8', 'G2,E3') });
    await stack.sync('grouped');
    await stack.place('grouped', { 'people.csv': null });
    const failed = await stack.sync('grouped');
    expect(failed.status).toBe('failed');
    const path = '/v1/sync-errors/groups?connector=grouped';
    const groups = await stack.all<ErrorGroup>(path);
    expect(groups.map(({ code, entityType, errors }) => [code, entityType, errors])).toEqual(
      [
        ['dangling-link', 'grouped_Group', 1],
        ['dangling-link', 'grouped_Person', 1],
        ['format', 'grouped_Person', 2],
        ['key-empty', 'grouped_Person', 1],
        [failed.error?.code, undefined, 1],
      ].sort(([a = ''], [b = '']) => (String(a) < String(b) ? -1 : Number(a !== b))),
    );
    const format = groups.find(({ code }) => code === 'format');
    expect(format).toMatchObject({ property: 'since', effects: ['row-rejected'], clearedBy: ['read'], occurrences: 2 });
    const whole = groups.find(({ entityType }) => entityType === undefined);
    expect(whole).toMatchObject({ effects: ['sync-failed'], clearedBy: ['complete-sync'] });
    // each group leads to its errors, and to no others
    for (const { code, entityType = '', property = '', errors: n, firstSeen, lastSeen } of groups) {
      const own = await errors(`connector=grouped&code=${code}&entityType=${entityType}&property=${property}`);
      expect(own.length).toBe(n);
      expect(own.map((each) => each.firstSeen).sort()[0]).toBe(firstSeen);
      expect(
        own
          .map((each) => each.lastSeen)
          .sort()
          .at(-1),
      ).toBe(lastSeen);
    }
    const first = await stack.get<{ items: ErrorGroup[]; nextCursor: string; total: number }>(`${path}&limit=2`);
    expect([first.items.length, first.total]).toEqual([2, 6]);
    const rest = await stack.get<{ items: ErrorGroup[]; nextCursor: null }>(
      `${path}&limit=3&cursor=${encodeURIComponent(first.nextCursor)}`,
    );
    expect([...first.items, ...rest.items]).toEqual(groups);
    expect(rest.nextCursor).toBeNull();
    expect(await stack.all<ErrorGroup>(`${path}&property=since`)).toEqual([format]);
    await stack.place('grouped', good);
    await stack.sync('grouped');
    expect(await stack.get(path)).toEqual({ items: [], nextCursor: null, total: 0, notKept: 0 });
  });

  it('goes for one key with a sync limited to that key, and for one entity type with a sync limited to that', async () => {
    await connector('keys');
    await stack.place('keys', {
      'people.csv': csv(header, 'E1,Ada,a@x,,x', 'E2,Ben,b@x,E1,x', 'E3,Cyd,c@x,E1,2020-01-31', ',No,n@x,,'),
      'members.csv': csv('group,person', 'G1,E1', 'G1,E8', 'G1,E9', 'G2,E3'),
    });
    await stack.sync('keys');
    const all = ['dangling-link G1', 'format E1', 'format E2', 'key-empty people.csv'];
    expect(await brief('keys')).toEqual(all);
    expect(await of('connector=keys&key=G1')).toMatchObject({ occurrences: 2, property: 'members' });
    await stack.place('keys', good);
    const dry = await stack.sync('keys', { dryRun: true });
    expect(dry).toMatchObject({ status: 'completed', applied: false });
    expect(await brief('keys')).toEqual(all);
    await stack.sync('keys', { scope: { keys: { keys_Person: [['E2']] } } });
    expect(await brief('keys')).toEqual(['dangling-link G1', 'format E1', 'key-empty people.csv']);
    await stack.sync('keys', { scope: { entityTypes: ['keys_Group'] } });
    expect(await brief('keys')).toEqual(['format E1', 'key-empty people.csv']);
    await stack.sync('keys');
    expect(await brief('keys')).toEqual([]);
  });

  it('leaves no trace of dry runs, and is there while a sync is held, after a reject and until it is mended', async () => {
    await connector('held');
    const bad = { 'people.csv': csv(header, 'E1,Ada,a@x,,x') };
    await stack.place('held', bad);
    expect(await stack.sync('held', { dryRun: true })).toMatchObject({ status: 'completed' });
    expect(await brief('held')).toEqual([]);
    await stack.put(
      peopleAndGroups({ name: 'held', thresholds: { ...wide, maximumDeletedLines: 1 }, properties }),
      'held',
    );
    const held = await stack.sync('held');
    expect(held.status).toBe('held');
    // two links lead to people who go
    const seen = ['dangling-link G1', 'dangling-link G2', 'format E1'];
    expect(await brief('held')).toEqual(seen);
    expect((await stack.decide(held, 'reject')).status).toBe('rejected');
    expect(await brief('held')).toEqual(seen);
    await stack.place('held', good);
    expect(await stack.sync('held')).toMatchObject({ status: 'completed' });
    expect(await brief('held')).toEqual([]);
  });

  it('does not come back from a held sync that had read before the one which mended it', async () => {
    await connector('late');
    await stack.put(
      peopleAndGroups({ name: 'late', thresholds: { ...wide, maximumInsertedLines: 1 }, properties }),
      'late',
    );
    const three = ['E6,Fay,f@x,,', 'E7,Gus,g@x,,', 'E8,Hal,h@x,,'];
    await stack.place('late', {
      'people.csv': good['people.csv'].replace('E2,Ben,b@x,E1,2020-01-31', 'E2,Ben,b@x,E1,x') + csv(...three),
    });
    const held = await stack.sync('late');
    expect(held.status).toBe('held');
    expect(await brief('late')).toEqual(['format E2']);
    await stack.place('late', { 'people.csv': good['people.csv'] + csv(...three) });
    expect(await stack.sync('late', { scope: { keys: { late_Person: [['E2']] } } })).toMatchObject({ applied: true });
    expect(await brief('late')).toEqual([]);
    expect((await stack.decide(held, 'resume')).applied).toBe(true);
    expect(await brief('late')).toEqual([]);
  });

  it('of a sync that failed goes with the next one that does as much, not with one that does less', async () => {
    await connector('fail');
    await stack.place('fail', { 'people.csv': null });
    const failed = await stack.sync('fail');
    expect(failed.status).toBe('failed');
    const seen = await of('connector=fail');
    expect(seen).toMatchObject({ code: 'missing-file', effect: 'sync-failed', syncId: failed.id, table: 'people.csv' });
    expect(seen).not.toHaveProperty('entityType');
    expect(seen).not.toHaveProperty('key');
    const again = await stack.sync('fail');
    expect(await of('connector=fail')).toMatchObject({ firstSeen: seen.firstSeen, syncId: again.id });
    expect(await stack.sync('fail', { scope: { entityTypes: ['fail_Group'] } })).toMatchObject({ status: 'completed' });
    expect(await stack.sync('fail', { mode: 'incremental' })).toMatchObject({ status: 'completed' });
    expect(await brief('fail')).toEqual(['missing-file people.csv']);
    await stack.place('fail', good);
    expect(await stack.sync('fail')).toMatchObject({ applied: true });
    expect(await brief('fail')).toEqual([]);
  });

  it('of a limited sync that failed goes with any that succeeds', async () => {
    await connector('part');
    await stack.place('part', { 'people.csv': null });
    const scope = { keys: { part_Person: [['E1']] } };
    expect(await stack.sync('part', { scope })).toMatchObject({ status: 'failed' });
    expect(await brief('part')).toEqual(['missing-file people.csv']);
    await stack.place('part', good);
    expect(await stack.sync('part', { scope: { keys: { part_Person: [['E2']] } } })).toMatchObject({ applied: true });
    expect(await brief('part')).toEqual([]);
  });

  it('goes with an incremental sync that has its object and property, and with the delete of its object', async () => {
    await connector('delta');
    await stack.place('delta-delta', {
      'people-1.csv': csv(
        'command,id,mail,manager,since',
        'update,E1,a@y,,x',
        'update,E2,b@y,E9,2020-01-31',
        'update,E3,c@y,,x',
        'update,E5,e@x,,2020-01-31',
      ),
      'members-1.csv': csv('command,group,person', 'insert,G2,E9'),
    });
    await stack.sync('delta', { mode: 'incremental' });
    const all = ['dangling-link E2', 'dangling-link G2', 'format E1', 'format E3', 'unknown-resource E5'];
    expect(await brief('delta')).toEqual(all);
    // says nothing of the day it began, or of the manager
    await stack.place('delta-delta', { 'people-2.csv': csv('command,id,mail', 'update,E1,a@z', 'update,E2,b@z') });
    expect(await stack.sync('delta', { mode: 'incremental' })).toMatchObject({ status: 'completed' });
    expect(await brief('delta')).toEqual(all);
    await stack.place('delta-delta', {
      // the stored day: read, and no change
      'people-3.csv': csv(
        'command,id,name,mail,manager,since',
        'update,E1,Ada,a@z,,2020-01-31',
        'update,E2,Ben,b@z,E3,2020-01-31',
        'insert,E5,Eve,e@x,,2020-01-31',
      ),
      'people-4.csv': csv('command,id', 'delete,E3'),
      'members-3.csv': csv('command,group,person', 'insert,G2,E1'),
    });
    await stack.syncAndResume('delta', { mode: 'incremental' });
    const left = await brief('delta');
    // the link to E9 is still missing: only a sync of everything can tell that it is not wanted
    expect(left).toContain('dangling-link G2');
    expect(left.filter((each) => !each.startsWith('dangling-link'))).toEqual([]);
    await stack.place('delta', good);
    await stack.sync('delta');
    expect(await brief('delta')).toEqual([]);
  });

  it('stays for an object whose row is rejected for another reason', async () => {
    await connector('mask');
    const person = (...lines: string[]) => ({
      'people.csv': csv(header, 'E1,Ada,a@x,,2020-01-31', 'E2,Ben,b@x,E1,2020-01-31', ...lines),
    });
    await stack.place('mask', person('E3,Cyd,c@x,E1,x'));
    await stack.sync('mask');
    await stack.place('mask', person('E3,Cyd,c@x,E1,2020-01-31', 'E3,Cid,c@x,E1,2020-01-31'));
    await stack.sync('mask');
    expect(await brief('mask')).toEqual(['duplicate-key E3', 'format E3']);
    expect(await of('connector=mask&code=duplicate-key')).toMatchObject({ occurrences: 2 });
    await stack.place('mask', good);
    await stack.sync('mask');
    expect(await brief('mask')).toEqual([]);
  });

  it('is kept where the table may have been cut short: what it lacks it does not speak for', async () => {
    await connector('short');
    await stack.place('short', { 'people.csv': csv(header, 'E1,Ada,a@x,,x', 'E2,Ben,b@x,E1,2020-01-31') });
    await stack.put(
      peopleAndGroups({ name: 'short', thresholds: { ...wide, maximumRejectedLines: 100 }, properties }),
      'short',
    );
    await stack.syncAndResume('short');
    expect(await brief('short')).toContain('format E1');
    await stack.place('short', { 'people.csv': `${header}\nE2,Ben,b@x,E1,2020-01-31` });
    const cut = await stack.syncAndResume('short');
    expect(cut.completeness['people.csv']?.certified).toBe(false);
    expect(await brief('short')).toContain('format E1');
  });

  it('goes with the entity type that a revision retires, and with the connector that is deleted', async () => {
    await stack.put(onePerson({ name: 'gone', thresholds: wide }), 'gone');
    await stack.place('gone', { 'people.csv': csv('id,name,mail', ',Ada,a@x', ',Ben,b@x') });
    await stack.syncAndResume('gone');
    expect(await of('connector=gone')).toMatchObject({ code: 'key-empty', occurrences: 2, line: 2 });
    const file = onePerson({ name: 'gone', thresholds: wide });
    const [type] = file.entityTypes;
    await stack.put({ ...file, entityTypes: [{ ...type, name: 'gone_Other' }] }, 'gone');
    expect(await brief('gone')).toEqual([]);
    await stack.syncAndResume('gone');
    expect(await brief('gone')).toEqual(['key-empty people.csv']);
    expect((await stack.call('DELETE', '/v1/connectors/gone')).status).toBe(204);
    expect(await brief('gone')).toEqual([]);
  });

  it('is listed in pages, last seen first, each error once, with the total', async () => {
    await connector('pages');
    const lines = Array.from({ length: 7 }, (_, i) => `X${String(i)},Name,m@x,,x`);
    await stack.place('pages', { 'people.csv': good['people.csv'] + csv(...lines) });
    await stack.sync('pages');
    await stack.place('pages', { 'members.csv': null });
    await stack.sync('pages');
    const keys: unknown[] = [];
    const times: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: { items: OpenErrorBody[]; nextCursor: string | null; total: number } = await stack.get(
        `/v1/sync-errors?connector=pages&limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`,
      );
      expect(page.total).toBe(8);
      keys.push(...page.items.map(({ key, code }) => key?.[0] ?? code));
      times.push(...page.items.map(({ lastSeen }) => lastSeen));
      cursor = page.nextCursor;
    }
    expect(keys[0]).toBe('missing-file');
    expect(new Set(keys).size).toBe(8);
    expect(times).toEqual([...times].sort().reverse());
    expect(await stack.call('GET', '/v1/sync-errors?cursor=nonsense')).toMatchObject({ status: 422 });
    expect(await stack.call('GET', '/v1/sync-errors?code=nonsense')).toMatchObject({ status: 422 });
    expect(await stack.call('GET', '/v1/sync-errors?colour=red')).toMatchObject({ status: 422 });
    expect(await errors('connector=nobody')).toEqual([]);
    expect(await errors('connector=pages&entityType=pages_Person&key=%5B%22X3%22%5D')).toHaveLength(1);
  });
});
