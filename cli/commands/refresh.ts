import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { bodyOf } from '../client.ts';
import { describeSync } from '../describe.ts';
import { print, printJson } from '../output.ts';
import { reach } from '../reach.ts';
import { watch } from '../watch.ts';
import { exitCodeOf } from './sync.ts';

export function refreshCommand(program: Command): void {
  program
    .command('refresh <id>')
    .description('read the source of a held sync again, and replace the held sync')
    .option('--watch', 'show its progress until it is held or has ended')
    .action(async (id: string, options: { watch?: boolean }, command: Command) => {
      const { api, json, hint } = await reach(command);
      const started = bodyOf(
        await api.POST('/v1/syncs/{id}/refresh', {
          params: { path: { id }, header: { 'idempotency-key': randomUUID() } },
        }),
      );
      const sync = options.watch ? await watch(api, started, json) : started;
      if (json) printJson(sync);
      else if (options.watch) print(describeSync(sync, hint));
      else print(`started ${sync.id}\nwatch it: ${hint(`syncs ${sync.id}`)}`);
      if (options.watch) process.exitCode = exitCodeOf(sync.status);
    });
}
