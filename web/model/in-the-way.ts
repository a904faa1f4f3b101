import type { components } from '../generated/api.ts';

type Sync = Pick<components['schemas']['Sync'], 'status' | 'scope' | 'trigger'>;

/** Whether a sync has the place of its connector: those of single resources and reverts run beside others. */
export const hasThePlace = ({ status, scope, trigger }: Sync): boolean =>
  ['queued', 'running', 'held'].includes(status) && scope?.keys === undefined && trigger !== 'revert';
