import { Option, type Command } from 'commander';
import type { Sync } from './client.ts';
import { confirm } from './confirm.ts';
import { describeSync } from './describe.ts';
import { exitCodeOf } from './commands/sync.ts';
import { print, printJson } from './output.ts';
import type { Reach } from './reach.ts';
import { watch } from './watch.ts';

export interface RevertOptions {
  reason: string;
  then?: 'hold' | 'refuse' | 'nothing';
  dryRun?: boolean;
  yes?: boolean;
  wait: boolean;
}

/** The options that the revert of a sync and that of a connector share. */
export const withRevertOptions = (command: Command): Command =>
  command
    .requiredOption('--reason <text>', 'why: kept with the revert')
    .addOption(
      new Option('--then <what>', 'what happens to syncs that would make again what is undone; default: hold').choices([
        'hold',
        'refuse',
        'nothing',
      ]),
    )
    .option('--dry-run', 'show what would be undone; nothing is applied')
    .option('--yes', 'do not ask')
    .option('--no-wait', 'do not wait until it is applied or held');

export const bodyOfRevert = ({ reason, then, dryRun }: RevertOptions) => ({
  reason,
  ...(then === undefined ? {} : { then }),
  ...(dryRun ? { dryRun } : {}),
});

/** Asks, starts the revert, and tells how it ended or that it is held. */
export async function runRevert(
  { api, json, hint }: Reach,
  options: RevertOptions,
  wish: { to: string; what: string },
  start: () => Promise<Sync>,
): Promise<void> {
  if (!options.yes && !options.dryRun)
    await confirm({
      to: wish.to,
      summary: `This undoes ${wish.what}. What others have changed since stays. The revert is counted first, and held if it exceeds a limit.`,
      question: 'Start it?',
      refused: 'Nothing was started.',
    });
  const started = await start();
  const sync = options.wait ? await watch(api, started, json) : started;
  if (json) printJson(sync);
  else if (options.wait) print(describeSync(sync, hint));
  else print(`started ${sync.id}\nwatch it: ${hint(`syncs ${sync.id}`)}`);
  if (options.wait) process.exitCode = exitCodeOf(sync.status);
}
