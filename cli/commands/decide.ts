import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { bodyOf } from '../client.ts';
import { confirm } from '../confirm.ts';
import { describeSync } from '../describe.ts';
import { Failure } from '../failure.ts';
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
      .option('--reason <text>', action === 'resume' ? 'kept with the sync' : 'why: kept with the sync, must be given')
      .option('--yes', 'do not ask')
      .action(async (id: string, options: Options, command: Command) => {
        const { reason } = options;
        if (action === 'reject' && !/\S/.test(reason ?? ''))
          throw new Failure('reason-missing', 'To reject a sync, say why: add --reason "…".', [], 2);
        const { api, json, hint } = await reach(command);
        const held = bodyOf(await api.GET('/v1/syncs/{id}', { params: { path: { id } } }));
        if (held.status === 'held' && !options.yes)
          await confirm({
            to: `${action} it once the changes are reviewed`,
            summary: describeSync(held, hint),
            question: action === 'resume' ? 'Apply exactly these changes?' : 'Reject them?',
            refused: 'Nothing was decided.',
          });
        const params = { path: { id }, header: { 'idempotency-key': randomUUID() } };
        const digest = options.digest ?? held.digest ?? '';
        const sync = bodyOf(
          action === 'resume'
            ? await api.POST('/v1/syncs/{id}/resume', {
                params,
                body: { digest, ...(reason === undefined ? {} : { reason }) },
              })
            : await api.POST('/v1/syncs/{id}/reject', { params, body: { digest, reason: reason ?? '' } }),
        );
        if (json) printJson(sync);
        else print(`${action === 'resume' ? 'resumed' : 'rejected'} ${sync.id}: ${sync.status}`);
      });
  }
}
