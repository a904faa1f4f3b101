import { readFileSync, writeFileSync } from 'node:fs';
import { causeCodes } from '../../../domain/codes.ts';
import type { Recognition } from './recognition.ts';

const begin = '<!-- table -->';
const end = '<!-- end of table -->';

/** Puts recall and precision of each cause between the marks of a page. */
export function writeTable(page: string, all: readonly Recognition[], seed: number): void {
  const text = readFileSync(page, 'utf8');
  const [before = '', rest = ''] = text.split(begin);
  const [, after = ''] = rest.split(end);
  writeFileSync(page, `${before}${begin}\n\n${tableOf(all, seed)}\n\n${end}${after}`);
}

function tableOf(all: readonly Recognition[], seed: number): string {
  const trials = all.flatMap((each) => each.trials);
  const days = all.flatMap((each) => each.days);
  const quiet = days.filter(({ named }) => named.length === 0).length;
  const right = trials.filter(({ code, named }) => named[0] === code).length;
  const rows = causeCodes.flatMap((code) => {
    const own = trials.filter((trial) => trial.code === code);
    if (own.length === 0) return [];
    const first = own.filter(({ named }) => named[0] === code).length;
    const named =
      trials.filter((trial) => trial.named[0] === code).length + days.filter((day) => day.named[0] === code).length;
    const kinds = new Set(own.map((trial) => trial.accident)).size;
    return [[`\`${code}\``, String(kinds), String(own.length), percent(first, own.length), percent(first, named)]];
  });
  const header = ['cause', 'kinds of accident', 'accidents', 'recall', 'precision'];
  return [
    `Directories: ${all.map(({ directory }) => directory).join(', ')}; seed ${String(seed)}.`,
    '',
    ...[
      header,
      header.map(() => '---'),
      ...rows,
      ['all', '', String(trials.length), percent(right, trials.length), ''],
    ].map((cells) => `| ${cells.join(' | ')} |`),
    '',
    `Ordinary days: ${String(days.length)}, of which ${String(quiet)} (${percent(quiet, days.length)}) named no cause.`,
  ].join('\n');
}

const percent = (part: number, whole: number) =>
  whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1).replace('.0', '')} %`;
