import type { Command } from 'commander';
import { bodyOf } from '../../client.ts';
import { confirm } from '../../confirm.ts';
import { print, printJson } from '../../output.ts';
import { reach } from '../../reach.ts';

export function deleteCommand(connectors: Command): void {
  connectors
    .command('delete <connector>')
    .description('delete a connector that has no resources left, with its revisions and its syncs')
    .option('--yes', 'do not ask')
    .action(async (name: string, options: { yes?: boolean }, command: Command) => {
      const { api, json } = await reach(command);
      const found = bodyOf(await api.GET('/v1/connectors/{name}', { params: { path: { name } } }));
      if (!options.yes)
        await confirm({
          to: `delete the connector ${name}`,
          summary: `${name}: ${found.displayName}, revision ${String(found.revision)}. Its revisions, syncs and change lists are deleted too.`,
          question: 'Delete it? This cannot be undone.',
          refused: 'Nothing was deleted.',
        });
      const { response, error } = await api.DELETE('/v1/connectors/{name}', {
        // only the revision that was shown is deleted, not one that somebody saved meanwhile
        params: { path: { name }, header: { 'if-match': `"${String(found.revision)}"` } },
      });
      if (!response.ok) bodyOf({ error, response });
      if (json) printJson({ deleted: name });
      else print(`deleted ${name}`);
    });
}
