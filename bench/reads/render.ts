import { loadavg } from 'node:os';
import type { Machine } from '../machine.ts';
import type { DeltasMeasured } from './deltas.ts';
import type { Wanted, World } from './make.ts';
import type { Measured } from './measure.ts';
import type { ReadersMeasured } from './readers.ts';

interface Run {
  machine: Machine;
  postgres: string;
  wanted: Wanted;
  world: World;
  measured: readonly Measured[];
  readers: readonly ReadersMeasured[];
  deltas: DeltasMeasured;
}

const ms = (value: number) => (value < 100 ? value.toFixed(1) : value.toFixed(0));
const count = (value: number) => value.toLocaleString('en-US');

export function render({ machine, postgres, wanted, world, measured, readers, deltas }: Run): string {
  const { processor, cores, memory, system, load } = machine;
  const lines = [
    '# Reads',
    '',
    `${processor}, ${String(cores)} cores, ${String(memory)} GiB, ${system}, load ${String(load)} at the start and ${(loadavg()[0] ?? 0).toFixed(2)} at the end. PostgreSQL ${postgres}, Node ${process.versions.node}.`,
    `${count(world.rows)} users with 23 properties, ${count(wanted.connectors)} connectors. Reader, API, worker and Postgres share the cores.`,
    'Times are in milliseconds, over HTTP until the last byte. The floor is the time of the same rows straight from Postgres in the same run: compare ratios.',
    '',
    '| read | aim | median | worst | floor | of the floor | kB |',
    '| --- | --- | ---: | ---: | ---: | ---: | ---: |',
    ...measured.map(({ what, aim, median, worst, floor, bytes }) => {
      const ratio = floor === undefined ? '' : (median / floor).toFixed(2);
      const below = floor === undefined ? '' : ms(floor);
      return `| ${what} | ${aim} | ${ms(median)} | ${ms(worst)} | ${below} | ${ratio} | ${count(Math.round(bytes / 1000))} |`;
    }),
    '',
    '| many at once | requests | errors | median | 99 % within | worst |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...readers.map(
      (each) =>
        `| ${each.what} | ${count(each.requests)} | ${String(each.errors)} | ${ms(each.median)} | ${ms(each.p99)} | ${ms(each.worst)} |`,
    ),
    '',
    `A poll over a folder of ${count(deltas.files)} delta files that were taken: ${ms(deltas.known)} ms if they are known by their stamps (aim: 50 ms), ${ms(deltas.hashed)} ms if each is read.`,
  ];
  return `${lines.join('\n')}\n`;
}
