import { peerSteps, type PeerResult, type PeerStep } from './measure-peer.ts';
import type { Results } from './results.ts';
import { scenarioTitles, type SyncScenario } from './scenarios.ts';
import { median } from './statistics.ts';
import { megabytes, renderTable, seconds, thousands, times } from './table.ts';

const stepTitles: Record<PeerStep, string> = {
  first: 'first load',
  again: 'same files again',
  changed: '1 % changed',
};

/** Which scenarios of the product do the work of a peer's step. */
const comparisons: [SyncScenario, PeerStep][] = [
  ['first', 'first'],
  ['equal', 'again'],
  ['reordered', 'again'],
  ['changed', 'changed'],
];

/** What others took for the same files, and how the product compares. */
export function reportPeers(results: Results): string {
  const { peers, peersLeftOut } = results;
  const leftOut = Object.entries(peersLeftOut).map(([name, why]) => `- ${name} was not measured: ${why}`);
  const failed = peers.flatMap(({ title, error }) =>
    error === undefined ? [] : [`- ${title} failed: ${error.replaceAll('\n', ' / ')}`],
  );
  const done = peers.filter(({ steps }) => steps.first.length > 0);
  if (done.length + failed.length + leftOut.length === 0) return '';
  return [
    '## Others, on the same files and the same Postgres',
    done.length > 0 ? measurements(results, done) : '',
    done.map(({ title, use }) => `- ${title}: ${use}`).join('\n'),
    comparison(results, done),
    [...failed, ...leftOut].join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function measurements(results: Results, done: PeerResult[]): string {
  const unit = median(results.floors.copy);
  return renderTable(
    ['who', ...peerSteps.map((step) => stepTitles[step]), 'first of R', 'peak', 'runs', 'deletes found'],
    [
      ...ours(results),
      ...done.map(({ title, steps, leftBehind, error }) => {
        const of = (step: PeerStep) => median(steps[step].map((run) => run.seconds));
        const peaks = peerSteps.flatMap((step) => steps[step].flatMap(({ memory }) => memory ?? []));
        return [
          title,
          ...peerSteps.map((step) => seconds(of(step))),
          times(of('first') / unit),
          megabytes(peaks.length > 0 ? Math.max(...peaks) : undefined),
          String(steps.first.length),
          steps.changed.length > 0 && error === undefined ? describeDeletes(leftBehind) : '–',
        ];
      }),
    ],
  );
}

/** The product in the same columns. */
function ours({ product, floors }: Results): string[][] {
  const { first, equal, changed } = product;
  if (!first || !equal || !changed) return [];
  const of = (runs: { seconds: number }[]) => median(runs.map((run) => run.seconds));
  const peaks = [first, equal, changed].flat().flatMap(({ workerMemory }) => workerMemory ?? []);
  return [
    [
      'Syncline',
      ...[first, equal, changed].map((runs) => seconds(of(runs))),
      times(of(first) / median(floors.copy)),
      megabytes(peaks.length > 0 ? Math.max(...peaks) : undefined),
      String(first.length),
      changed.some(({ faults }) => faults.length > 0) ? 'no' : 'yes',
    ],
  ];
}

function describeDeletes(left: PeerResult['leftBehind']): string {
  if (!left) return '–';
  if (left.users === 0 && left.memberships === 0) return 'yes';
  return `no: ${thousands(left.users)} users, ${thousands(left.memberships)} memberships stay`;
}

function comparison({ product }: Results, done: PeerResult[]): string {
  const rows = comparisons.flatMap(([scenario, step]) => {
    const runs = product[scenario];
    if (runs === undefined) return [];
    const ours = median(runs.map((run) => run.seconds));
    return [
      [
        `${scenarioTitles[scenario]} / ${stepTitles[step]}`,
        ...done.map(({ steps }) => times(ours / median(steps[step].map((run) => run.seconds)))),
      ],
    ];
  });
  if (rows.length === 0 || done.length === 0) return '';
  return `The product's time divided by theirs (below 1 the product is faster):\n\n${renderTable(['scenario / step', ...done.map(({ name }) => name)], rows)}`;
}
