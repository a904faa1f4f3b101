/** What is measured of the product, in the order in which a round goes through it; each builds on those before it. */
export const syncScenarios = ['first', 'equal', 'reordered', 'changed', 'links', 'users'] as const;
export type SyncScenario = (typeof syncScenarios)[number];

/** What can be asked for; `incremental` is both scenarios of delta files, `reads` are lists and histories after the syncs. */
export const scenarioNames = ['first', 'equal', 'reordered', 'changed', 'incremental', 'reads', 'overhead'] as const;
export type ScenarioName = (typeof scenarioNames)[number];

export const scenarioTitles: Record<SyncScenario, string> = {
  first: 'first complete',
  equal: 'complete, byte-equal files',
  reordered: 'complete, rows in another order',
  changed: 'complete, 1 % changed',
  links: 'incremental, 1,000 links',
  users: 'incremental, 1,000 users',
};

export const deltaChanges = 1_000;

/** Which syncs a choice of scenarios needs; the first complete one is where all others start from. */
export function syncsFor(chosen: readonly ScenarioName[]): SyncScenario[] {
  const incremental = chosen.includes('incremental');
  return syncScenarios.filter((name) => {
    if (name === 'first') return chosen.some((each) => each !== 'overhead');
    if (name === 'links' || name === 'users') return incremental;
    // delta files are made over the second snapshot, and without it nothing has a past
    return chosen.includes(name) || (name === 'changed' && (incremental || chosen.includes('reads')));
  });
}
