import type { Machine } from '../machine.ts';
import type { ExportMeasured } from './exports.ts';

interface Run {
  machine: Machine;
  postgres: string;
  exports: readonly ExportMeasured[];
}

export function renderExports({ machine, postgres, exports }: Run): string {
  const { processor, cores, memory, system, load } = machine;
  const lines = [
    '# Exports',
    '',
    `${processor}, ${String(cores)} cores, ${String(memory)} GiB, ${system}, load ${String(load)} at the start. PostgreSQL ${postgres}, Node ${process.versions.node}.`,
    'An export reads a source and writes what it read to the export store. The client of the server writes the same columns to nowhere.',
    'Reader and server share the cores. Medians of seconds, in turns. Aim: twice the time of the client.',
    '',
    '| source | rows | export | client | seconds | of the client |',
    '| --- | ---: | ---: | --- | ---: | ---: |',
    ...exports.map(
      (each) =>
        `| ${each.what} | ${each.rows.toLocaleString('en-US')} | ${each.export.toFixed(2)} | ${each.client} | ${each.floor.toFixed(2)} | ${(each.export / each.floor).toFixed(2)} |`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}
