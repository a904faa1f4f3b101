import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { bodyOf, commonOptions, connect } from '../client.ts';
import { describeSync } from '../describe.ts';
import { Failure } from '../failure.ts';
import { print, printJson } from '../output.ts';

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
        const { url, json } = commonOptions(command);
        const api = connect(url);
        const held = bodyOf(await api.GET('/v1/syncs/{id}', { params: { path: { id } } }));
        if (held.status === 'held' && !options.yes) await confirm(action, describeSync(held));
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

async function confirm(action: 'resume' | 'reject', summary: string): Promise<void> {
  if (!process.stdin.isTTY)
    throw new Failure(
      'unconfirmed',
      `To ${action} without a terminal to ask on, review the changes and add --yes.`,
      [],
      2,
    );
  process.stderr.write(`${summary}\n\n`);
  const ask = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await ask.question(
    action === 'resume' ? 'Apply exactly these changes? (yes/no) ' : 'Reject them? (yes/no) ',
  );
  ask.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new Failure('unconfirmed', 'Nothing was decided.');
}
