import { floorNames, floorTitles } from './floors.ts';
import { faultsOf, type Results } from './results.ts';
import { reportPeers } from './report-peers.ts';
import { reportProduct } from './report-product.ts';
import { median } from './statistics.ts';
import { renderTable, seconds, thousands, times } from './table.ts';

/** The results in Markdown, which is also what the terminal shows. */
export function report(results: Results): string {
  const { machine, versions, rows } = results;
  const faults = faultsOf(results);
  const settings = Object.entries(results.postgresSettings).map(([name, value]) => `${name} ${value}`);
  return [
    `# Size ${results.size}: ${thousands(rows.users)} users, ${thousands(rows.memberships)} memberships`,
    [
      `${results.date}, ${machine.processor}, ${String(machine.cores)} cores, ${String(machine.memory)} GiB, ${machine.system}, load before the start ${String(machine.load)}.`,
      `Syncline ${versions.syncline}${versions.commit === undefined ? '' : ` (${versions.commit})`}, Node ${versions.node}, PostgreSQL ${versions.postgres}, Temporal ${versions.temporal}.`,
      `PostgreSQL: ${settings.join(', ')}.`,
      `Files: ${thousands(rows.users)} users of 25 columns, ${thousands(rows['org-units'])} org units, ${thousands(rows.groups)} groups, ${thousands(rows.memberships)} memberships; ${thousands(results.bytes / 1e6)} MB.`,
      `All of it took ${(results.seconds / 60).toFixed(1)} minutes. Times are medians in seconds; every single one is in the JSON file beside this one.`,
    ].join('\n'),
    '## Floors',
    reportFloors(results),
    reportProduct(results),
    reportPeers(results),
    ...(results.concurrency.length > 0 ? ['## Several connectors at once', reportConcurrency(results)] : []),
    ...(results.linked.length > 0 ? ['## A directory that leads to another connector', reportLinked(results)] : []),
    ...(results.items.length > 0 ? ['## Single resources', reportItems(results)] : []),
    faults.length === 0
      ? 'Every sync found exactly the changes that the files have.'
      : `## What went wrong\n\n${faults.map((fault) => `- ${fault}`).join('\n')}`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function reportFloors({ floors }: Results): string {
  const unit = median(floors.copy);
  return renderTable(
    ['what', 'seconds', 'of R', 'runs'],
    floorNames.map((name) => {
      const value = median(floors[name]);
      return [floorTitles[name], seconds(value), times(value / unit), String(floors[name].length)];
    }),
  );
}

function reportLinked({ linked, floors }: Results): string {
  const unit = median(floors.copy);
  const alone = (scenario: string) => median(linked.find((each) => each.scenario === scenario)?.seconds ?? []);
  return renderTable(
    ['complete sync of the directory', 'before it, the other changed', 'seconds', 'of R', 'of alone', 'compared whole'],
    linked.map(({ scenario, hour, seconds: runs, whole }) => {
      const value = median(runs);
      return [
        linkedTitles[scenario],
        hourTitles[hour],
        seconds(value),
        times(value / unit),
        times(value / alone(scenario)),
        `${String(whole)} of ${String(runs.length)}`,
      ];
    }),
  );
}

const linkedTitles = { equal: 'byte-equal files', reordered: 'rows in another order', changed: '1 % changed' };
const hourTitles = {
  nothing: 'nothing',
  attributes: '500 titles',
  everything: '500 titles, 20 matched values, 20 joiners, 20 leavers',
};

function reportItems({ items }: Results): string {
  return renderTable(
    ['source', 'median', 'slowest', 'events', 'catalog rows each', 'at once', 'seconds', 'a second'],
    items.map(({ source, seconds: runs, events, catalogRows, burst, burstSeconds }) => [
      itemsTitles[source],
      `${(median(runs) * 1000).toFixed(0)} ms`,
      `${(Math.max(...runs) * 1000).toFixed(0)} ms`,
      thousands(median(events)),
      thousands(catalogRows),
      thousands(burst),
      seconds(burstSeconds),
      thousands(burst / burstSeconds),
    ]),
  );
}

const itemsTitles = { targeted: 'a database, asked for the key', files: 'CSV files' };

function reportConcurrency({ concurrency }: Results): string {
  return renderTable(
    ['complete syncs with 1 % changed', 'workers', 'rows each', 'seconds', 'rows/s', 'of one alone', 'worker peak'],
    concurrency.map(({ connectors, workers, rows, seconds: runs, workerMemory }) => {
      const value = median(runs);
      const rate = (connectors * rows) / value;
      const alone = rows / median(concurrency[0]?.seconds ?? []);
      const memory = Math.max(...workerMemory.map((each) => each ?? NaN));
      return [
        String(connectors),
        String(workers),
        thousands(rows),
        seconds(value),
        thousands(rate),
        times(rate / alone),
        `${thousands(memory)} MB`,
      ];
    }),
  );
}
