import type { Command } from 'commander';
import { bodyOf } from '../../client.ts';
import { count, print, printJson, printTable, time } from '../../output.ts';
import { reach } from '../../reach.ts';

export function revisionsCommand(connectors: Command): void {
  connectors
    .command('revisions <connector>')
    .description('revisions of the file, newest first')
    .option('--limit <n>', 'how many', '20')
    .action(async (name: string, options: { limit: string }, command: Command) => {
      const { api, json, hint } = await reach(command);
      const page = bodyOf(
        await api.GET('/v1/connectors/{name}/revisions', {
          params: { path: { name }, query: { limit: options.limit as never } },
        }),
      );
      if (json) {
        printJson(page);
        return;
      }
      printTable(
        ['revision', 'in use', 'saved', 'by'],
        page.items.map((each) => [each.revision, each.active ? 'yes' : '', time(each.createdAt), each.createdBy]),
        'It has no revision yet.',
      );
      if (page.nextCursor !== null) print(`These are the newest ${count(page.items.length)}; raise --limit for more.`);
      else if (page.items.length > 1)
        print(`Changes of a revision: ${hint(`connectors diff ${name} --from REVISION`)}`);
    });
}
