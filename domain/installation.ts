/** An installation is one database with its API and workers. Several of them can share a Temporal namespace. */

/** The first words of workflow ids. */
export const workflowKinds = [
  'sync',
  'sync-items',
  'revert',
  'refresh',
  'items',
  'inspect',
  'job',
  'poll',
  'events',
  'provision',
  'orders',
  'force-sync',
  'reconcile',
  'clean-up',
] as const;

/** @returns what is wrong with the name of an installation, for people, or undefined; the empty name is one, too */
export function installationFault(name: string): string | undefined {
  if (name === '') return undefined;
  if (!/^[a-z][a-z0-9-]{0,30}$/.test(name))
    return 'must be a lower-case letter, then at most 30 lower-case letters, digits and hyphens: for example staging';
  // "sync:reconcile" would be the sync of a connector, or the reconcile workflow of an installation
  if (workflowKinds.some((kind) => kind === name))
    return `must be another name: workflow ids of every installation begin with the word ${name}`;
  return undefined;
}
