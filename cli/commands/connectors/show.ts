import type { Command } from 'commander';
import { bodyOf } from '../../client.ts';
import { print, printJson, time } from '../../output.ts';
import { reach } from '../../reach.ts';
import { sortedYaml } from '../../sorted-yaml.ts';

export function showCommand(connectors: Command): void {
  connectors
    .command('show <connector>')
    .description('one connector: its state and its file')
    .option('--revision <n>', 'the file of this revision instead of the newest')
    .option('--file', 'only the file, as YAML')
    .action(async (name: string, options: { revision?: string; file?: boolean }, command: Command) => {
      const { api, json, hint } = await reach(command);
      const query = options.revision === undefined ? {} : { revision: options.revision as never };
      const found = bodyOf(await api.GET('/v1/connectors/{name}', { params: { path: { name }, query } }));
      if (json) {
        printJson(options.file ? found.file : found);
        return;
      }
      const file = sortedYaml(found.file);
      if (options.file) {
        print(file.trimEnd());
        return;
      }
      const { runningSync, lastSync, quarantine } = found;
      print(`${found.name}: ${found.displayName}${found.active ? '' : ', deactivated: jobs skip it'}`);
      print(`  revision     ${String(found.revision)}, ${usedIs(found.revision, found.activeRevision)}`);
      print(`  modes        ${found.modes.join(', ')}`);
      if (lastSync)
        print(
          `  last sync    ${time(lastSync.createdAt)}, ${lastSync.mode}, ${lastSync.status}: ${hint(`syncs ${lastSync.id}`)}`,
        );
      else print(`  last sync    never: ${hint(`sync ${name} --watch`)}`);
      if (runningSync)
        print(`  now          ${runningSync.mode} sync ${runningSync.status}: ${hint(`syncs ${runningSync.id}`)}`);
      if (quarantine) print(`  quarantine   ${quarantine.reason}`);
      print(`\nThe file, revision ${String(found.fileRevision)}:\n\n${file.trimEnd()}`);
    });
}

const usedIs = (newest: number, used: number | null) =>
  used === newest ? 'in use' : used === null ? 'not in use yet' : `${String(used)} is in use`;
