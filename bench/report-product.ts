import { phases } from './history.ts';
import { readNames, readTitles } from './measure-reads.ts';
import type { Results } from './results.ts';
import { scenarioTitles, syncScenarios } from './scenarios.ts';
import { median } from './statistics.ts';
import { megabytes, renderTable, seconds, thousands, times } from './table.ts';

/** What the product took, where the time went, and what it needed. */
export function reportProduct(results: Results): string {
  const measured = measuredScenarios(results);
  return [
    ...(measured.length > 0
      ? [
          '## Whole syncs, from the request over the API to their end',
          durations(results),
          '### Where the time goes',
          'Medians of the time in which a worker was at each phase; the rest is between the phases.',
          breakdown(results),
          '### What a sync needs',
          `The worker has ${megabytes(results.restingMemory)} before its first sync. Rows written are those that Postgres counts in the tables of resources and of links.`,
          needs(results),
        ]
      : []),
    reads(results),
    overhead(results),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function measuredScenarios({ product }: Results) {
  return syncScenarios.flatMap((name) => {
    const runs = product[name];
    return runs === undefined ? [] : [{ name, title: scenarioTitles[name], runs }];
  });
}

function durations(results: Results): string {
  const unit = median(results.floors.copy);
  return renderTable(
    ['scenario', 'seconds', 'of R', 'runs'],
    measuredScenarios(results).flatMap(({ title, runs }) => {
      const row = (name: string, values: number[]) => {
        const value = median(values);
        return [name, seconds(value), times(value / unit), values.map(seconds).join(' ')];
      };
      const untilHeld = runs.flatMap((run) => (run.untilHeld === undefined ? [] : [run.untilHeld]));
      const whole = row(
        title,
        runs.map((run) => run.seconds),
      );
      if (untilHeld.length !== runs.length) return [whole];
      return [
        whole,
        row('– until it is held', untilHeld),
        row(
          '– from resume to completed',
          runs.map((run) => run.seconds - (run.untilHeld ?? 0)),
        ),
      ];
    }),
  );
}

function breakdown(results: Results): string {
  const dataPath = ['export', 'prepare', 'compare', 'apply'] as const;
  return renderTable(
    ['scenario', ...phases, 'rest', 'data path'],
    measuredScenarios(results).map(({ title, runs }) => [
      title,
      ...phases.map((phase) => seconds(median(runs.map(({ history }) => history.phases[phase])))),
      seconds(
        median(runs.map((run) => run.seconds - phases.reduce((sum, phase) => sum + run.history.phases[phase], 0))),
      ),
      seconds(median(runs.map(({ history }) => dataPath.reduce((sum, phase) => sum + history.phases[phase], 0)))),
    ]),
  );
}

function needs(results: Results): string {
  return renderTable(
    ['scenario', 'worker peak', 'Temporal events', 'history bytes', 'resource rows written', 'link rows written'],
    measuredScenarios(results).map(({ title, runs }) => {
      const peaks = runs.flatMap(({ workerMemory }) => (workerMemory === undefined ? [] : [workerMemory]));
      const writes = runs.find((run) => run.writes !== undefined)?.writes;
      const sum = (counts: { inserted: number; updated: number; deleted: number } | undefined) =>
        counts === undefined ? '–' : thousands(counts.inserted + counts.updated + counts.deleted);
      return [
        title,
        megabytes(peaks.length > 0 ? Math.max(...peaks) : undefined),
        thousands(Math.max(...runs.map(({ history }) => history.events))),
        thousands(Math.max(...runs.map(({ history }) => history.bytes))),
        sum(writes?.resources),
        sum(writes?.links),
      ];
    }),
  );
}

function reads({ reads: rounds }: Results): string {
  if (rounds.length === 0) return '';
  return [
    '### Reads, after all that',
    'Over the API, medians of all rounds. The first sync is the one before the 1 % and the delta files.',
    renderTable(
      ['read', 'seconds', 'shortest', 'longest', 'times'],
      readNames.map((name) => {
        const all = rounds.flatMap((round) => round.seconds[name]);
        return [
          readTitles[name],
          milliseconds(median(all)),
          milliseconds(Math.min(...all)),
          milliseconds(Math.max(...all)),
          String(all.length),
        ];
      }),
    ),
  ].join('\n\n');
}

/** A page takes a few thousandths of a second. */
const milliseconds = (n: number) => (n < 1 ? n.toFixed(4) : seconds(n));

function overhead({ overhead: runs }: Results): string {
  if (runs.length === 0) return '';
  const all = runs.map((run) => run.seconds);
  const work = median(runs.map(({ history }) => phases.reduce((sum, phase) => sum + history.phases[phase], 0)));
  return `A sync with nothing to do (200 users, files as before) takes ${seconds(median(all))} s, from ${seconds(Math.min(...all))} to ${seconds(Math.max(...all))} in ${String(all.length)} runs; in ${seconds(work)} s of it a worker was at it.`;
}
