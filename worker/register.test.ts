import { Client, Connection } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { namesOf } from '../workflows/names.ts';
import { workflowRegister } from './register.ts';

let connection: Connection;
beforeAll(async () => {
  connection = await Connection.connect({ address: inject('temporalAddress') });
});
afterAll(() => connection.close());

it('takes a workflow for ended that Temporal still lists as open, and goes on', async () => {
  const client = new Client({ connection });
  const register = workflowRegister(client, { names: namesOf('test'), id: randomUUID() });
  const workflowId = `register-${randomUUID()}`;
  const { firstExecutionRunId } = await client.workflow.start('nothing', { taskQueue: workflowId, workflowId });
  await register.terminate(workflowId, firstExecutionRunId, 'first');
  await register.terminate(workflowId, firstExecutionRunId, 'again');
  const { status } = await client.workflow.getHandle(workflowId).describe();
  expect(status.name).toBe('TERMINATED');
});
