import type { Command } from 'commander';
import { bodyOf } from '../client.ts';
import { amount, count, print, printJson, printTable, time } from '../output.ts';
import { reach } from '../reach.ts';

/** Limits that fit what the syncs of a connector have done. */
export function adviceCommand(program: Command): void {
  program
    .command('advice <connector>')
    .description('which limits would fit: what the limits in force would have held, and a suggestion')
    .option('--days <n>', 'how far back to look', '30')
    .action(async (connector: string, { days }: { days: string }, command: Command) => {
      const { api, json } = await reach(command);
      const advice = bodyOf(
        await api.GET('/v1/connectors/{name}/thresholds/advice', {
          params: { path: { name: connector }, query: { days: days as never } },
        }),
      );
      if (json) {
        printJson(advice);
        return;
      }
      print(`${amount(advice.syncs, 'applied sync')} of ${connector} in ${amount(advice.days, 'day')}`);
      printTable(
        ['applied', 'limit', 'actual', 'allowed', 'approved by', 'sync'],
        advice.current.held.map((held) => [
          time(held.at),
          held.name,
          count(held.actual),
          count(held.limitLines),
          held.approvedBy ?? '',
          held.syncId,
        ]),
        'The limits in force would have held none of them.',
      );
      if (advice.suggestion)
        print(['', ...advice.suggestion.arithmetic, '', advice.suggestion.file.trimEnd()].join('\n'));
      else print(advice.why ?? '');
    });
}
