import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { bodyOf } from '../client.ts';
import { confirm } from '../confirm.ts';
import { describeSync } from '../describe.ts';
import { print, printJson } from '../output.ts';
import { reach } from '../reach.ts';

interface Options {
  digest?: string;
  reason?: string;
  yes?: boolean;
}

/** `resume` and `reject`: the digest is that of the change set that was just shown, or the one that is given. */
export function decideCommand(program: Command): void {
  for (const action of ['resume', 'reject'] as const) {
    program
      .command(`${action} <id>`)
      .description(
        action === 'resume' ? 'apply exactly the changes of a held sync' : 'refuse a held sync: nothing is applied',
      )
      .option('--digest <digest>', 'digest of the change set that was reviewed')
      .option('--reason <text>', 'kept with the sync')
      .option('--yes', 'do not ask')
      .action(async (id: string, options: Options, command: Command) => {
        const { api, json, hint } = await reach(command);
        const held = bodyOf(await api.GET('/v1/syncs/{id}', { params: { path: { id } } }));
        if (held.status === 'held' && !options.yes)
          await confirm({
            to: `${action} it, once the changes are reviewed,`,
            summary: describeSync(held, hint),
            question: action === 'resume' ? 'Apply exactly these changes?' : 'Reject them?',
            refused: 'Nothing was decided.',
          });
        const call = {
          params: { path: { id }, header: { 'idempotency-key': randomUUID() } },
          body: {
            digest: options.digest ?? held.digest ?? '',
            ...(options.reason === undefined ? {} : { reason: options.reason }),
          },
        };
        const sync = bodyOf(
          action === 'resume'
            ? await api.POST('/v1/syncs/{id}/resume', call)
            : await api.POST('/v1/syncs/{id}/reject', call),
        );
        if (json) printJson(sync);
        else print(`${action === 'resume' ? 'resumed' : 'rejected'} ${sync.id}: ${sync.status}`);
      });
  }
}
