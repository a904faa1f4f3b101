import tab from '@bomb.sh/tab/commander';
import { Command, CommanderError } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { adviceCommand } from './commands/advice.ts';
import { applyCommand } from './commands/apply.ts';
import { breakersCommand } from './commands/breakers.ts';
import { cancelCommand } from './commands/cancel.ts';
import { changesCommand } from './commands/changes.ts';
import { connectorsCommand } from './commands/connectors/index.ts';
import { decideCommand } from './commands/decide.ts';
import { errorsCommand } from './commands/errors.ts';
import { exportCommand } from './commands/export.ts';
import { historyCommand } from './commands/history.ts';
import { installationsCommand } from './commands/installations.ts';
import { jobsCommand } from './commands/jobs.ts';
import { logsCommand } from './commands/logs.ts';
import { itemCommand, managedCommand } from './commands/item.ts';
import { previewCommand } from './commands/preview.ts';
import { refreshCommand } from './commands/refresh.ts';
import { refusalsCommand } from './commands/refusals.ts';
import { resourcesCommand } from './commands/resources.ts';
import { revertCommand } from './commands/revert.ts';
import { reviewCommand } from './commands/review.ts';
import { searchCommand } from './commands/search.ts';
import { severalCommands } from './commands/several.ts';
import { statusCommand } from './commands/status.ts';
import { syncCommand } from './commands/sync.ts';
import { syncsCommand } from './commands/syncs.ts';
import { validateCommand } from './commands/validate.ts';
import { Failure } from './failure.ts';
import { fail } from './output.ts';
import { repeated } from './repeated.ts';

/** The command line. Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 held (a sync waits for a person). */
export async function main(argv: string[]): Promise<void> {
  const json = argv.includes('--json');
  const program = new Command('syncline')
    .description('Starts, reviews and decides identity syncs over the API of a running Syncline.')
    .version(packageJson.version, '--version', 'print the version')
    .option('--url <url>', 'address of the API; default: SYNCLINE_URL, then http://127.0.0.1:8080')
    .option('--installation <name>', 'name of an installation in the settings file')
    .option(
      '--config <file>',
      'the settings file; default: syncline/config.yaml in the configuration folder of the user',
    )
    .option(
      '--header <header>',
      'send this header, written as "Name: value"; the value may be env:NAME or file:PATH; may be repeated',
      repeated,
    )
    .option('--timeout <duration>', 'how long an answer may take, for example 30s; default: 2m')
    .option('--json', 'print JSON instead of tables')
    .showHelpAfterError('(./syncline --help lists the commands)')
    .configureHelp({ showGlobalOptions: true })
    // programs get the error as JSON, below
    .configureOutput(json ? { writeErr: () => undefined } : {})
    .exitOverride();
  for (const add of [
    connectorsCommand,
    validateCommand,
    applyCommand,
    previewCommand,
    adviceCommand,
    syncCommand,
    itemCommand,
    severalCommands,
    managedCommand,
    syncsCommand,
    changesCommand,
    statusCommand,
    errorsCommand,
    logsCommand,
    reviewCommand,
    decideCommand,
    refreshCommand,
    refusalsCommand,
    cancelCommand,
    revertCommand,
    resourcesCommand,
    searchCommand,
    historyCommand,
    exportCommand,
    jobsCommand,
    breakersCommand,
    installationsCommand,
  ])
    add(program);
  // completion <shell> prints the script; the hidden `complete` answers it
  tab(program, { completionCommandName: 'completion' });
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
