import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RowError } from '../../domain/sync.ts';
import { runCommand } from '../support/command-line.ts';
import { csv, onePerson, peopleAndGroups, wide } from '../support/connector.ts';
import { Stack } from '../support/stack.ts';

describe('incremental syncs over delta files', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await Stack.start();
    const settings = { delta: { directory: 'hr-delta', commandColumn: 'command' } };
    await stack.put(peopleAndGroups({ thresholds: wide, settings }), 'hr');
    await stack.place('hr', {
      'people.csv': csv('id,name,mail,manager', 'E1,Ada,ada@x,', 'E2,Ben,ben@x,E1', 'E3,Cyd,cyd@x,E1'),
      'groups.csv': csv('id,title', 'G1,All'),
      'members.csv': csv('group,person', 'G1,E1', 'G1,E2', 'G1,E3'),
    });
    await stack.place('hr-delta', {});
  });
  afterAll(() => stack.stop());

  const people = async () =>
    Object.fromEntries(
      (
        await stack.all<{ key: string[]; attributes: Record<string, unknown> }>('/v1/entity-types/hr_Person/resources')
      ).map(({ key, attributes }) => [key[0] ?? '', `${String(attributes['name'])} ${String(attributes['mail'])}`]),
    );
  const links = async (path: string) =>
    (await stack.get<{ items: { key: string[] }[] }>(path)).items.map((each) => each.key[0]);

  it('becomes a complete sync where there is no applied complete one yet', async () => {
    const sync = await stack.syncAndResume('hr', { mode: 'incremental' });
    expect(sync).toMatchObject({ requestedMode: 'incremental', mode: 'complete', status: 'completed' });
    expect(await people()).toEqual({ E1: 'Ada ada@x', E2: 'Ben ben@x', E3: 'Cyd cyd@x' });
  });

  it('takes each delta file once: inserts, changes of some columns, deletes with their links', async () => {
    await stack.place('hr-delta', {
      'people-001.csv': csv(
        'command,id,name,mail,manager',
        'insert,E4,Dan,dan@x,E2',
        'update,E2,Benno,ben@x,E1',
        'delete,E3,,,',
      ),
      'people-002.csv': csv('command,id,mail', 'update,E1,ada@y'),
      'members-001.csv': csv('command,group,person', 'insert,G1,E4'),
    });
    const sync = await stack.syncAndResume('hr', { mode: 'incremental' });
    expect(sync).toMatchObject({
      mode: 'incremental',
      status: 'completed',
      counters: { hr_Person: { inserted: 1, updated: 2, deleted: 1 } },
    });
    expect(await people()).toEqual({ E1: 'Ada ada@y', E2: 'Benno ben@x', E4: 'Dan dan@x' });
    expect(await links('/v1/entity-types/hr_Group/resources/G1/links/members')).toEqual(['E1', 'E2', 'E4']);
    expect(await links('/v1/entity-types/hr_Person/resources/E4/links/manager')).toEqual(['E2']);
    const again = await stack.sync('hr', { mode: 'incremental' });
    expect(again.counters['hr_Person']).toMatchObject({ inserted: 0, updated: 0, deleted: 0 });
  });

  it('withholds deletes of a file that may have been cut short, and takes it again once it is whole', async () => {
    await stack.place('hr-delta', { 'people-100.csv': 'command,id\ndelete,E1' });
    const cut = await stack.syncAndResume('hr', { mode: 'incremental' });
    expect(cut).toMatchObject({ status: 'completed-with-errors', deletesWithheld: 1 });
    expect(Object.keys(await people())).toContain('E1');
    await stack.place('hr-delta', { 'people-100.csv': csv('command,id', 'delete,E17') });
    expect(await stack.syncAndResume('hr', { mode: 'incremental' })).toMatchObject({ status: 'completed' });
    expect(Object.keys(await people())).toContain('E1');
  });

  it('takes a file once by single tasks as well, and for some entity types beside files of others', async () => {
    await stack.place('hr-delta', {
      'people-200.csv': csv('command,id,mail', 'update,E1,tasks@x'),
      'members-200.csv': csv('command,group,person', 'delete,G1,E1'),
    });
    const scope = { entityTypes: ['hr_Person'] };
    expect(await stack.sync('hr', { mode: 'incremental', scope })).toMatchObject({
      status: 'completed',
      counters: { hr_Person: { updated: 1 } },
    });
    for (const task of ['export', 'prepare', 'synchronize'])
      expect((await stack.syncAndResume('hr', { mode: 'incremental', tasks: [task] })).status).toBe('completed');
    const again = await stack.sync('hr', { mode: 'incremental', tasks: ['export', 'prepare'] });
    expect(again.progress.rowsPrepared).toBe(0);
  });

  it('rejects an unknown command and leaves what is stored alone', async () => {
    await stack.place('hr-delta', { 'people-003.csv': csv('command,id,name', 'vanish,E1,Ada', 'update,E9,Nobody') });
    const before = await people();
    const sync = await stack.syncAndResume('hr', { mode: 'incremental' });
    expect(sync.status).toBe('completed-with-errors');
    const errors = await stack.all<RowError>(`/v1/syncs/${sync.id}/errors`);
    expect(errors.map((error) => error.code).sort()).toEqual(['unknown-command', 'unknown-resource']);
    expect(await people()).toEqual(before);
  });

  it('refuses the incremental mode for a connector that has no source of changes, and says why', async () => {
    await stack.put(peopleAndGroups({ name: 'plain' }), 'plain');
    const answer = await stack.call('POST', '/v1/connectors/plain/syncs', { mode: 'incremental' });
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid', errors: [{ pointer: '/mode' }] } });
  });

  it('names a delta folder that is gone by the setting that has it', async () => {
    const settings = { delta: { directory: 'away-delta', commandColumn: 'command' } };
    await stack.put(onePerson({ name: 'away', thresholds: wide, settings }), 'away');
    await stack.place('away', { 'people.csv': csv('id,name,mail', 'E1,Ada,a@x') });
    await stack.place('away-delta', {});
    await stack.syncAndResume('away');
    await rm(join(stack.files, 'away-delta'), { recursive: true });
    const { error } = await stack.sync('away', { mode: 'incremental' });
    expect(error).toMatchObject({ code: 'missing-file' });
    expect(error?.message).toMatch(/no folder "away-delta".*setting delta\.directory/);
    // below the folder of the files it is found, too
    await mkdir(join(stack.files, 'away', 'away-delta'));
    expect(await stack.sync('away', { mode: 'incremental' })).toMatchObject({ status: 'completed' });
  });

  it('fails on a delta file that belongs to no table, and takes it once it is named rightly', async () => {
    await stack.place('hr-delta', { 'peple-004.csv': csv('command,id,name', 'update,E1,Adele') });
    const failed = await stack.sync('hr', { mode: 'incremental' });
    expect(failed).toMatchObject({ status: 'failed', error: { code: 'unknown-delta-file' } });
    await stack.place('hr-delta', {
      'peple-004.csv': null,
      'people-004.csv': csv('command,id,name', 'update,E1,Adele'),
    });
    await stack.syncAndResume('hr', { mode: 'incremental' });
    expect((await people())['E1']).toBe('Adele tasks@x');
  });

  it('that are held name no file that they have not read as the cause', async () => {
    const settings = { delta: { directory: 'few-delta', commandColumn: 'command' } };
    await stack.put(peopleAndGroups({ name: 'few', settings }), 'few');
    const all = Array.from({ length: 20 }, (_, n) => `E${String(n)}`);
    await stack.place('few', {
      'people.csv': csv('id,name,mail,manager', ...all.map((id) => `${id},Name,${id}@x,`)),
      'groups.csv': csv('id,title', 'G1,All', 'G2,Some'),
      'members.csv': csv('group,person', 'G1,E1'),
    });
    await stack.place('few-delta', {});
    await stack.syncAndResume('few');
    await stack.place('few-delta', {
      'people-001.csv': csv('command,id,name', ...all.slice(0, 5).map((id) => `update,${id},Other`)),
    });
    const held = await stack.sync('few', { mode: 'incremental' });
    expect(held).toMatchObject({ status: 'held', mode: 'incremental', causes: [] });
  });

  it('says that a complete sync is needed when a value that links match moves to another resource', async () => {
    const name = 'by';
    const settings = { delta: { directory: 'by-delta', commandColumn: 'command' } };
    const file = peopleAndGroups({ name, thresholds: wide, settings });
    const [person, ...rest] = file.entityTypes;
    const navigationProperties = { manager: { to: 'by_Person', column: 'manager', by: 'mail' } };
    await stack.put({ ...file, entityTypes: [{ ...person, navigationProperties }, ...rest] }, name);
    const write = (ada: string, ben: string) =>
      stack.place(name, {
        'people.csv': csv('id,name,mail,manager', `E1,Ada,${ada},`, `E2,Ben,${ben},`, 'E3,Cyd,c@x,lead@x'),
        'groups.csv': csv('id,title', 'G1,All'),
        'members.csv': csv('group,person', 'G1,E1'),
      });
    await write('lead@x', 'b@x');
    await stack.place('by-delta', {});
    await stack.syncAndResume(name);
    const needs = async () =>
      (await stack.get<{ items: { needsComplete: unknown }[] }>(`/v1/sync-status?connector=${name}`)).items[0]
        ?.needsComplete;
    expect(await needs()).toBeNull();
    await write('old@x', 'lead@x');
    await stack.place('by-delta', { 'people-1.csv': csv('command,id,mail', 'update,E1,old@x', 'update,E2,lead@x') });
    const { out } = await runCommand(['status', name], { SYNCLINE_URL: stack.api });
    expect(out).not.toContain('a complete sync');
    const sync = await stack.syncAndResume(name, { mode: 'incremental' });
    expect(sync.status).toBe('completed');
    expect(await stack.all<RowError>(`/v1/syncs/${sync.id}/errors`)).toMatchObject([
      { code: 'link-target-moved', effect: 'warning', entityType: 'by_Person', key: ['E3'], property: 'manager' },
    ]);
    expect(await needs()).toMatchObject({ code: 'link-target-moved', syncId: sync.id });
    const told = await runCommand(['status', name], { SYNCLINE_URL: stack.api });
    expect(told.out).toMatch(/needs +a complete sync, since .+ \(link-target-moved\): .+ sync by --watch/);
    await stack.syncAndResume(name, { scope: { entityTypes: ['by_Group'] } });
    expect(await needs()).toMatchObject({ syncId: sync.id });
    await stack.syncAndResume(name);
    expect(await links('/v1/entity-types/by_Person/resources/E3/links/manager')).toEqual(['E2']);
    expect(await needs()).toBeNull();
    // nobody has the value until a later sync
    await write('lead@x', 'new@x');
    await stack.place('by-delta', { 'people-2.csv': csv('command,id,mail', 'update,E2,new@x') });
    const first = await stack.syncAndResume(name, { mode: 'incremental' });
    expect(await needs()).toMatchObject({ syncId: first.id });
    await stack.place('by-delta', { 'people-3.csv': csv('command,id,mail', 'update,E1,lead@x') });
    await stack.syncAndResume(name, { mode: 'incremental' });
    await stack.syncAndResume(name);
    expect(await links('/v1/entity-types/by_Person/resources/E3/links/manager')).toEqual(['E1']);
    expect(await needs()).toBeNull();
  });
});
