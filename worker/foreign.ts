import type { Client } from '@temporalio/client';
import { findConnector } from '../repository/connectors.ts';
import type { Queryable } from '../repository/database.ts';
import { findSync } from '../repository/syncs.ts';
import { ownerIn, type Names } from '../workflows/names.ts';

/** An open workflow of another installation. */
export interface ForeignWork {
  workflowId: string;
  /** The UUID of the other installation; undefined for an older version, which did not record it. */
  owner: string | undefined;
}

/**
 * Looks for open workflows of another installation on the queue of workflows that a worker is about to serve. A workflow
 * without a UUID belongs to another installation if this database does not know its sync or its connector.
 */
export async function findForeignWork(
  client: Client,
  db: Queryable,
  { names, id }: { names: Names; id: string },
): Promise<ForeignWork | undefined> {
  const query = `ExecutionStatus = 'Running' AND TaskQueue = '${names.taskQueues.sync}'`;
  for await (const { workflowId, type, memo } of client.workflow.list({ query })) {
    const owner = ownerIn(memo);
    const foreign = owner === undefined ? !(await isKnown(db, type, memo)) : owner !== id;
    if (foreign) return { workflowId, owner };
  }
  return undefined;
}

async function isKnown(db: Queryable, type: string, memo: Record<string, unknown> | undefined): Promise<boolean> {
  const { syncId, connector } = memo ?? {};
  if (type === 'syncConnector' && typeof syncId === 'string') return (await findSync(db, syncId)) !== undefined;
  if (type === 'pollConnection' && typeof connector === 'string')
    return (await findConnector(db, connector)) !== undefined;
  return true;
}

/** A message for people: why the worker does not start, and what to do. */
export function tellForeign(
  { workflowId, owner }: ForeignWork,
  { names, id, namespace }: { names: Names; id: string; namespace: string },
): string {
  const whose = owner === undefined ? 'another installation' : `the installation ${owner}`;
  const end = `temporal workflow terminate --namespace ${namespace} --query "ExecutionStatus = 'Running' AND TaskQueue = '${names.taskQueues.sync}'"`;
  const same =
    owner === undefined
      ? ''
      : `  If this database belongs to that installation and has lost its id: update syncline.installation set id = '${owner}'.`;
  return (
    `The Temporal namespace ${namespace} has open workflows of ${whose}, for example ${workflowId}, on the task queue ` +
    `${names.taskQueues.sync}. This worker would serve that task queue too. This database belongs to the installation ${id}. ` +
    `The worker does not start, because it would run steps of the other installation against this database. Give this ` +
    `installation a name of its own in SYNCLINE_INSTALLATION, the same for its API and all its workers.${same} If the ` +
    `other installation no longer exists, end its workflows: ${end}`
  );
}
