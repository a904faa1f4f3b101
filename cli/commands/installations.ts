import type { Command } from 'commander';
import { printJson, printTable, note } from '../output.ts';
import { readSettings, settingsPath } from '../settings.ts';

/** `installations`: those that the settings file names. */
export function installationsCommand(program: Command): void {
  program
    .command('installations')
    .description('the installations that the settings file of the command line names')
    .action(async (_options: unknown, command: Command) => {
      const { config, json } = command.optsWithGlobals<{ config?: string; json?: boolean }>();
      const settings = await readSettings(config ?? settingsPath(process.env), config !== undefined);
      for (const warning of settings.warnings) note(warning);
      const items = Object.entries(settings.installations).map(([name, { url }]) => ({
        name,
        url,
        default: name === settings.default,
      }));
      if (json) printJson({ file: settings.path, items });
      else
        printTable(
          ['installation', 'address', 'default'],
          items.map((each) => [each.name, each.url, each.default ? 'yes' : '']),
          `${settings.path} names no installation. docs/reference/cli.md shows its format.`,
        );
    });
}
