import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { bodyOf } from '../../client.ts';
import { confirm } from '../../confirm.ts';
import { describeSync } from '../../describe.ts';
import { print, printJson } from '../../output.ts';
import { reach } from '../../reach.ts';
import { watch } from '../../watch.ts';
import { exitCodeOf } from '../sync.ts';

export function purgeCommand(connectors: Command): void {
  connectors
    .command('purge <connector>')
    .description('remove retired data, by a sync that is counted and held like any other')
    .option('--yes', 'do not ask')
    .option('--no-wait', 'do not wait until the sync has ended')
    .action(async (name: string, options: { yes?: boolean; wait: boolean }, command: Command) => {
      const { api, json, hint } = await reach(command);
      if (!options.yes)
        await confirm({
          to: `purge ${name}`,
          summary: `The purge of ${name} deletes all retired resources, values and links. It is counted first, and held if it exceeds a limit.`,
          question: 'Start it?',
          refused: 'Nothing was started.',
        });
      const started = bodyOf(
        await api.POST('/v1/connectors/{name}/purge', {
          params: { path: { name }, header: { 'idempotency-key': randomUUID() } },
        }),
      );
      const sync = options.wait ? await watch(api, started, json) : started;
      if (json) printJson(sync);
      else if (options.wait) print(describeSync(sync, hint));
      else print(`started ${sync.id}\nwatch it: ${hint(`syncs ${sync.id}`)}`);
      if (options.wait) process.exitCode = exitCodeOf(sync.status);
    });
}
