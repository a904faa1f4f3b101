import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { bodyOf } from '../../client.ts';
import { Failure } from '../../failure.ts';
import { reach } from '../../reach.ts';
import { bodyOfRevert, runRevert, withRevertOptions, type RevertOptions } from '../../start-revert.ts';

interface Options extends RevertOptions {
  last?: string;
  to?: string;
}

/** `connectors revert`: undoes the newest syncs of a connector, by one sync. */
export function revertConnectorCommand(connectors: Command): void {
  withRevertOptions(
    connectors
      .command('revert <connector>')
      .description('undo the newest syncs of a connector, by one sync that is counted and held like any other')
      .option('--last <n>', 'the newest so many that changed something')
      .option('--to <id>', 'all that were applied after this sync'),
  ).action(async (name: string, options: Options, command: Command) => {
    const { last, to } = options;
    if ((last === undefined) === (to === undefined)) throw new Failure('usage', 'Give one of --last and --to.', [], 2);
    if (last !== undefined && !/^[1-9]\d{0,3}$/.test(last))
      throw new Failure('usage', '--last takes a number of syncs, from 1.', [], 2);
    const what =
      last === undefined
        ? `all syncs of ${name} after ${to ?? ''}`
        : last === '1'
          ? `the newest sync of ${name}`
          : `the newest ${last} syncs of ${name}`;
    const reached = await reach(command);
    await runRevert(reached, options, { to: `revert ${what}`, what }, async () =>
      bodyOf(
        await reached.api.POST('/v1/connectors/{name}/revert', {
          params: { path: { name }, header: { 'idempotency-key': randomUUID() } },
          body: { ...bodyOfRevert(options), ...(last === undefined ? { to: to ?? '' } : { last: Number(last) }) },
        }),
      ),
    );
  });
}
