import { workflowInfo } from '@temporalio/workflow';
import { installationOfQueue, namesOf } from './names.ts';

/** The names of the installation that a workflow belongs to: the worker that runs it polls a queue of that installation. */
export const names = namesOf(installationOfQueue(workflowInfo().taskQueue));
