import { WorkflowNotFoundError } from '@temporalio/client';
import { installationId } from '../repository/installation.ts';
import { findSync } from '../repository/syncs.ts';
import { ownerIn } from '../workflows/names.ts';
import type { Dependencies } from './dependencies.ts';
import { Problem } from './problems.ts';

const patience = 2_000;

const taken = (deps: Dependencies, workflowId: string, owner: string | undefined) =>
  new Problem(
    'workflow-id-taken',
    `The workflow ${workflowId} in the Temporal namespace ${deps.config.temporal.namespace} belongs to ` +
      `${owner === undefined ? 'another installation' : `the installation ${owner}`}, not to this one. Give this installation a ` +
      'name of its own: SYNCLINE_INSTALLATION, the same for its API and all its workers.',
  );

/**
 * Checked before a workflow is started: if another installation has these names, its workers would run the workflow against
 * its database.
 * @throws Problem `workflow-id-taken`
 */
export function requireOwnNames(deps: Dependencies): void {
  const owner = deps.takenBy();
  if (owner !== undefined) throw taken(deps, deps.names.reconcileWorkflowId, owner);
}

/**
 * Finds the installation of an open workflow. A workflow of an old version has no UUID: it is another installation's if the
 * database does not have its sync.
 * @throws Problem `workflow-id-taken` if it is another installation's
 */
export async function requireOwnWorkflow(deps: Dependencies, workflowId: string): Promise<void> {
  const memo = await openMemo(deps, workflowId);
  if (!memo) return;
  const owner = ownerIn(memo);
  if (owner === undefined) {
    const { syncId } = memo;
    if (typeof syncId === 'string' && !(await findSync(deps.db, syncId))) throw taken(deps, workflowId, owner);
  } else if (owner !== (await installationId(deps.db))) throw taken(deps, workflowId, owner);
}

/** What the open workflow of this id remembers. @returns undefined if there is no open workflow */
export async function openMemo(deps: Dependencies, workflowId: string): Promise<Record<string, unknown> | undefined> {
  try {
    const found = await deps.temporal.connection.withDeadline(Date.now() + patience, () =>
      deps.temporal.workflow.getHandle(workflowId).describe(),
    );
    return found.status.name === 'RUNNING' ? (found.memo ?? {}) : undefined;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}
