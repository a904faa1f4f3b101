import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { bodyOf } from '../client.ts';
import { reach } from '../reach.ts';
import { bodyOfRevert, runRevert, withRevertOptions, type RevertOptions } from '../start-revert.ts';

/** `revert`: undoes an applied sync, by a sync of its own. */
export function revertCommand(program: Command): void {
  withRevertOptions(
    program
      .command('revert <id>')
      .description('undo an applied sync, by a sync that is counted and held like any other'),
  ).action(async (id: string, options: RevertOptions, command: Command) => {
    const reached = await reach(command);
    await runRevert(reached, options, { to: `revert ${id}`, what: `the sync ${id}` }, async () =>
      bodyOf(
        await reached.api.POST('/v1/syncs/{id}/revert', {
          params: { path: { id }, header: { 'idempotency-key': randomUUID() } },
          body: bodyOfRevert(options),
        }),
      ),
    );
  });
}
