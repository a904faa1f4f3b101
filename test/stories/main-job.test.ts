import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Change } from '../../repository/changes-list.ts';
import type { Sync } from '../../domain/sync.ts';
import { Stack } from '../support/stack.ts';

const execute = promisify(execFile);
const example = join(import.meta.dirname, '..', '..', 'examples', 'community');
const read = (name: string) =>
  parse<Record<string, string>>(readFileSync(join(example, name)), { columns: true, bom: true });

interface Resource {
  key: string[];
  attributes: Record<string, unknown>;
}

describe('the main job on the example directory', () => {
  let stack: Stack;
  let sync: Sync;
  let listed: Change[];
  beforeAll(async () => {
    stack = await Stack.start();
    await stack.placeFolder('community', example);
    const saved = await stack.call(
      'PUT',
      '/v1/connectors/community',
      readFileSync(join(example, 'connector.yaml'), 'utf8'),
    );
    expect(saved.status).toBe(201);
  });
  afterAll(() => stack.stop());

  const count = async (type: string) => (await stack.all(`/v1/entity-types/${type}/resources`)).length;

  it('holds the first sync with everything counted and nothing written', async () => {
    sync = await stack.sync('community');
    expect(sync).toMatchObject({
      status: 'held',
      applied: false,
      phase: 'synchronize',
      waitingFor: { reason: 'approval' },
    });
    expect(sync.counters['Community_User']).toMatchObject({
      stored: 0,
      inserted: 144,
      updated: 0,
      deleted: 0,
      rejected: 0,
    });
    expect(sync.counters['Community_Group']).toMatchObject({
      stored: 0,
      inserted: 47,
      updated: 0,
      deleted: 0,
      rejected: 0,
    });
    expect(sync.holds.map((hold) => hold.code)).toContain('threshold-exceeded');
    expect(sync.causes.map((cause) => cause.code)).toContain('first-sync');
    expect(sync.thresholds.length).toBeGreaterThanOrEqual(12);
    expect(await count('Community_User')).toBe(0);
  });

  it('lists exactly the changes that it counted', async () => {
    listed = await stack.all<Change>(`/v1/syncs/${sync.id}/changes`);
    const users = listed.filter((change) => change.entityType === 'Community_User' && change.kind === 'resource');
    expect(users.map((change) => change.key[0]).sort()).toEqual(
      read('users.csv')
        .map((row) => row['user_id'])
        .sort(),
    );
    expect(listed.every((change) => change.state === 'proposed' && change.operation === 'insert')).toBe(true);
    const links = listed.filter((change) => change.kind === 'link');
    const counted = Object.values(sync.counters).flatMap((each) => Object.values(each.links));
    expect(links.length).toBe(counted.reduce((sum, each) => sum + each.inserted, 0));
    expect(links.length).toBeGreaterThan(100);
  });

  it('refuses a wrong digest, and none, and changes nothing', async () => {
    const wrong = await stack.call('POST', `/v1/syncs/${sync.id}/resume`, { digest: `sha256:${'0'.repeat(64)}` });
    expect(wrong).toMatchObject({ status: 412, body: { code: 'stale-digest', status: 412 } });
    expect((await stack.call('POST', `/v1/syncs/${sync.id}/resume`, {})).status).toBe(422);
    expect(await stack.get<Sync>(`/v1/syncs/${sync.id}`)).toEqual(sync);
    expect(await count('Community_User')).toBe(0);
  });

  it('refuses a stale or missing digest also where Temporal is signalled directly', async () => {
    const signal = (...input: string[]) =>
      execute(inject('temporalCli'), [
        ...['workflow', 'signal', '--address', inject('temporalAddress'), '--namespace', stack.namespace],
        ...['--workflow-id', 'sync:community', '--name', 'resume', ...input],
      ]);
    await signal('--input', JSON.stringify({ digest: 'sha256:stale' }));
    await signal('--input', '{}');
    await signal();
    const handle = stack.temporal.workflow.getHandle('sync:community');
    expect(await handle.query('standing')).toMatchObject({ status: 'held', digest: sync.digest });
    expect((await stack.get<Sync>(`/v1/syncs/${sync.id}`)).status).toBe('held');
  });

  it('shows a held sync to operators in Temporal: status, summary, no row data', async () => {
    const handle = stack.temporal.workflow.getHandle('sync:community');
    const found = await handle.describe();
    expect(found.memo).toMatchObject({ syncId: sync.id, connector: 'community', trigger: 'manual' });
    const attributes = Object.fromEntries(
      found.typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]),
    );
    expect(attributes).toMatchObject({
      Connector: 'community',
      SyncMode: 'complete',
      SyncStatus: 'held',
      SyncedBy: 'user:local',
    });
    expect(attributes['Changes']).toBe(listed.length);
    const { userMetadata } = await describeRaw(stack);
    expect(userMetadata).toContain('complete sync of community');
    const history = JSON.stringify(await handle.fetchHistory());
    for (const row of read('users.csv').slice(0, 20)) {
      for (const value of [row['user_id'], row['name'], row['email']])
        if (value) expect(history.includes(value)).toBe(false);
    }
  });

  it('applies exactly the listed changes when it is resumed with their digest', async () => {
    const done = await stack.decide(sync, 'resume');
    expect(done).toMatchObject({ status: 'completed', applied: true, digest: sync.digest });
    expect(done.decision).toMatchObject({
      action: 'resume',
      by: 'user:local',
      reason: 'reviewed',
      digest: sync.digest,
    });
    const after = await stack.all<Change>(`/v1/syncs/${sync.id}/changes`);
    expect(after).toEqual(listed.map((change) => ({ ...change, state: 'applied' })));
    const stored = await stack.all<Resource>('/v1/entity-types/Community_User/resources');
    expect(stored.length).toBe(144);
    expect(await count('Community_Group')).toBe(47);
    const proposed = new Map(
      listed.filter((c) => c.kind === 'resource').map((c) => [`${c.entityType} ${c.key.join()}`, c.after]),
    );
    for (const { key, attributes } of stored) expect(attributes).toEqual(proposed.get(`Community_User ${key.join()}`));
    const again = await stack.call('POST', `/v1/syncs/${sync.id}/resume`, { digest: sync.digest });
    expect(again).toMatchObject({ status: 409, body: { code: 'sync-not-held' } });
  });

  it('finds that nothing changed when the files are byte for byte the same', async () => {
    const again = await stack.sync('community');
    expect(again).toMatchObject({ status: 'completed', applied: true });
    expect(again.counters['Community_User']).toMatchObject({
      stored: 144,
      inserted: 0,
      updated: 0,
      deleted: 0,
      unchanged: 144,
    });
    expect(await stack.all(`/v1/syncs/${again.id}/changes`)).toEqual([]);
  });

  it('leaves the repository as it was when the change set is rejected', async () => {
    const users = readFileSync(join(example, 'users.csv'), 'utf8').trimEnd().split('\n');
    await stack.place('community', { 'users.csv': `${users.slice(0, 60).join('\n')}\n` });
    const before = await stack.all('/v1/entity-types/Community_User/resources');
    const held = await stack.sync('community');
    expect(held).toMatchObject({ status: 'held', counters: { Community_User: { deleted: 85 } } });
    const rejected = await stack.decide(held, 'reject');
    expect(rejected).toMatchObject({
      status: 'rejected',
      applied: false,
      decision: { action: 'reject', reason: 'reviewed' },
    });
    const changes = await stack.all<Change>(`/v1/syncs/${held.id}/changes`);
    expect(new Set(changes.map((change) => change.state))).toEqual(new Set(['refused']));
    expect(await stack.all('/v1/entity-types/Community_User/resources')).toEqual(before);
  });

  it('takes a decision that an operator signals to Temporal', async () => {
    const held = await stack.sync('community');
    expect(held.status).toBe('held');
    await execute(inject('temporalCli'), [
      ...['workflow', 'signal', '--address', inject('temporalAddress'), '--namespace', stack.namespace],
      ...['--workflow-id', 'sync:community', '--name', 'resume', '--input', JSON.stringify({ digest: held.digest })],
    ]);
    const done = await stack.settled(held.id, ['held', 'running']);
    expect(done).toMatchObject({ applied: true, decision: { action: 'resume', by: 'temporal', reason: null } });
    expect(await count('Community_User')).toBe(59);
  });
});

async function describeRaw(stack: Stack): Promise<{ userMetadata: string }> {
  const { executionConfig } = await stack.temporal.workflowService.describeWorkflowExecution({
    namespace: stack.namespace,
    execution: { workflowId: 'sync:community' },
  });
  const data = executionConfig?.userMetadata?.summary?.data;
  return { userMetadata: data ? Buffer.from(data).toString('utf8') : '' };
}
