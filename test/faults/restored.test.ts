import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sync } from '../../domain/sync.ts';
import { sleep } from '../support/api-client.ts';
import { csv, onePerson, wide } from '../support/connector.ts';
import { Faults } from '../support/faults.ts';
import { Stack } from '../support/stack.ts';

const people = csv('id,name,mail', '1,Ann,a@x', '2,Bob,b@x');

describe('a sync whose tables and workflow tell different things', () => {
  let faults: Faults;
  let stack: Stack;
  let database: pg.Client;
  beforeAll(async () => {
    faults = await Faults.create();
    stack = await Stack.start(faults.environment);
    database = new pg.Client({ connectionString: stack.databaseUrl });
    await database.connect();
  });
  afterAll(async () => {
    await database.end();
    await stack.stop();
    await faults.remove();
  });

  async function given(name: string, thresholds?: Record<string, number>): Promise<void> {
    await stack.put(onePerson({ name, ...(thresholds ? { thresholds } : {}) }), name);
    await stack.place(name, { 'people.csv': people });
  }
  const stored = async (name: string) => (await stack.all(`/v1/entity-types/${name}_Person/resources`)).length;
  const now = ({ id }: Sync) => stack.get<Sync>(`/v1/syncs/${id}`);
  /** The same files are no base of "nothing changed": they are compared, and held as before. */
  async function expectUnapplied(name: string): Promise<void> {
    expect(await stored(name)).toBe(0);
    const next = await stack.sync(name);
    expect(next.digest).not.toBeNull();
    expect(next.counters[`${name}_Person`]).toMatchObject({ stored: 0, inserted: 2 });
  }

  it('has nothing applied by an apply that hung before its first statement until the sync had failed', async () => {
    await given('late', { ...wide, maximumInsertedLines: 1, maxPercentageInsertedLines: 1000 });
    const held = await stack.sync('late');
    expect(held.status).toBe('held');
    await faults.arm('apply/begun');
    const decided = await stack.call('POST', `/v1/syncs/${held.id}/resume`, { digest: held.digest });
    expect(decided.status).toBe(200);
    await faults.reached('apply/begun');
    await stack.temporal.workflow.getHandle(held.workflowId).terminate('lost');
    const failed = await stack.settled(held.id, ['held', 'running']);
    expect(failed).toMatchObject({ status: 'failed', applied: false, error: { code: 'workflow-lost' } });
    await faults.release('apply/begun');
    await sleep(2_000);
    expect(await now(held)).toEqual(failed);
    await expectUnapplied('late');
  });

  it('is not applied where it was restored to the middle of prepare and is resumed by a bare signal', async () => {
    await given('back');
    const held = await stack.sync('back');
    await database.query(
      `update syncline.sync set status = 'running', phase = 'prepare', digest = null, change_count = null, holds = '[]',
         counters = '{}', diff_basis = null, waiting_for = null where id = $1`,
      [held.id],
    );
    await stack.temporal.workflow.getHandle(held.workflowId).signal('resume', { digest: held.digest });
    const failed = await stack.settled(held.id, ['held', 'running']);
    expect(failed).toMatchObject({ status: 'failed', applied: false, error: { code: 'change-set-altered' } });
    await expectUnapplied('back');
  });

  it('is not applied where its workflow is reset after it has ended, and ends as the tables say', async () => {
    await given('reset');
    const held = await stack.sync('reset');
    const { runId } = await stack.temporal.workflow.getHandle(held.workflowId).describe();
    expect(await stack.decide(held, 'reject')).toMatchObject({ status: 'rejected' });
    const history = await stack.temporal.workflow.getHandle(held.workflowId, runId).fetchHistory();
    const point = history.events?.find((event) => event.workflowTaskCompletedEventAttributes)?.eventId;
    const reset = await stack.temporal.workflowService.resetWorkflowExecution({
      namespace: stack.namespace,
      workflowExecution: { workflowId: held.workflowId, runId },
      workflowTaskFinishEventId: point ?? null,
      requestId: crypto.randomUUID(),
      reason: 'test',
    });
    const again = stack.temporal.workflow.getHandle(held.workflowId, reset.runId);
    expect(await again.result()).toEqual({ status: 'rejected' });
    expect(await now(held)).toMatchObject({ status: 'rejected', applied: false });
    await expectUnapplied('reset');
  });
});
