import { Command, CommanderError, Option } from 'commander';
import { applyCommand } from './commands/apply.ts';
import { breakersCommand } from './commands/breakers.ts';
import { changesCommand } from './commands/changes.ts';
import { decideCommand } from './commands/decide.ts';
import { errorsCommand } from './commands/errors.ts';
import { jobsCommand } from './commands/jobs.ts';
import { logsCommand } from './commands/logs.ts';
import { itemCommand, managedCommand } from './commands/item.ts';
import { resourcesCommand } from './commands/resources.ts';
import { severalCommands } from './commands/several.ts';
import { statusCommand } from './commands/status.ts';
import { syncCommand } from './commands/sync.ts';
import { syncsCommand } from './commands/syncs.ts';
import { Failure } from './failure.ts';
import { fail } from './output.ts';

const defaultUrl = 'http://127.0.0.1:8080';

/** The command line. Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 held (a sync waits for a person). */
export async function main(argv: string[]): Promise<void> {
  const json = argv.includes('--json');
  const program = new Command('syncline')
    .description('Starts, reviews and decides identity syncs over the API of a running Syncline.')
    .addOption(new Option('--url <url>', 'address of the API').default(defaultUrl).env('SYNCLINE_URL'))
    .option('--json', 'print JSON instead of tables')
    .showHelpAfterError('(./syncline --help lists the commands)')
    .configureHelp({ showGlobalOptions: true })
    // programs get what is wrong as JSON, below
    .configureOutput(json ? { writeErr: () => undefined } : {})
    .exitOverride();
  for (const add of [
    applyCommand,
    syncCommand,
    itemCommand,
    severalCommands,
    managedCommand,
    syncsCommand,
    changesCommand,
    statusCommand,
    errorsCommand,
    logsCommand,
    decideCommand,
    resourcesCommand,
    jobsCommand,
    breakersCommand,
  ])
    add(program);
  // whoever reads along (head, less) may stop reading
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
  try {
    await program.parseAsync(argv);
  } catch (error) {
    if (error instanceof Failure) {
      fail(error, json);
      process.exitCode = error.exitCode;
    } else if (error instanceof CommanderError) {
      // without JSON commander has printed what was wrong, or the help
      process.exitCode = error.exitCode === 0 ? 0 : 2;
      if (json && error.exitCode !== 0) fail(new Failure('usage', usageText(error)), json);
    } else throw error;
  }
}

const usageText = ({ code, message }: CommanderError) =>
  code === 'commander.help' ? 'Name a command; ./syncline --help lists them.' : message.replace(/^error: /, '');
