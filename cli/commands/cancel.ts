import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { bodyOf } from '../client.ts';
import { print, printJson } from '../output.ts';
import { reach } from '../reach.ts';
import { watch } from '../watch.ts';

/** `cancel`: stops a running sync; all of its changes are applied, or none. */
export function cancelCommand(program: Command): void {
  program
    .command('cancel <id>')
    .description('stop a running sync; all of its changes are applied, or none. To end a held sync, reject it')
    .option('--no-wait', 'do not wait until it has ended')
    .action(async (id: string, options: { wait: boolean }, command: Command) => {
      const { api, json } = await reach(command);
      const asked = bodyOf(
        await api.POST('/v1/syncs/{id}/cancel', {
          params: { path: { id }, header: { 'idempotency-key': randomUUID() } },
        }),
      );
      const sync = options.wait ? await watch(api, asked, json) : asked;
      if (json) printJson(sync);
      else if (!options.wait) print(`requested the end of ${sync.id}`);
      else
        print(
          sync.status === 'cancelled'
            ? `cancelled ${sync.id}: nothing was applied`
            : `${sync.id} ended before it could be cancelled: ${sync.status}${sync.applied ? ', applied' : ''}`,
        );
      if (options.wait && sync.status !== 'cancelled') process.exitCode = 1;
    });
}
