import type { Machine } from '../machine.ts';
import type { AtOnce } from './measure.ts';

interface Run {
  machine: Machine;
  postgres: string;
  connectors: number;
  people: number;
  alone: number;
  curve: readonly AtOnce[];
}

const seconds = (value: number) => value.toFixed(1);

export function render({ machine, postgres, connectors, people, alone, curve }: Run): string {
  const { processor, cores, memory, system, load } = machine;
  const lines = [
    '# Many connectors at once',
    '',
    `${processor}, ${String(cores)} cores, ${String(memory)} GiB, ${system}, load ${String(load)} at the start. PostgreSQL ${postgres}, Node ${process.versions.node}.`,
    `${String(connectors)} connectors with ${people.toLocaleString('en-US')} people each, of which 1 % have changed. A tenth of the syncs is urgent, half is normal, four tenths can wait.`,
    `One after another they take ${seconds(alone)} s, which is ${seconds(alone / cores)} s for each core. Aim: all are recorded within 5 s, the urgent ones first, and the last has ended within ${seconds((2 * alone) / cores)} s.`,
    '',
    '| workers | recorded (s) | answered (s) | ended (s) | of one after another on each core | urgent | normal | low |',
    '| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...curve.map(
      ({ workers, recorded, answered, ended, endedBy }) =>
        `| ${String(workers)} | ${seconds(recorded)} | ${seconds(answered)} | ${seconds(ended)} | ${((ended * cores) / alone).toFixed(2)} | ${seconds(endedBy.high)} | ${seconds(endedBy.normal)} | ${seconds(endedBy.low)} |`,
    ),
    '',
    'The last three columns have the seconds after which half of the syncs of a priority had ended.',
    '',
  ];
  return lines.join('\n');
}
