import type { Command } from 'commander';
import { bodyOf } from '../client.ts';
import { count, print, printJson, printTable } from '../output.ts';
import { reach } from '../reach.ts';

export function searchCommand(program: Command): void {
  program
    .command('search <text>')
    .description('resources of every entity type that have a text in a value')
    .option('--limit <n>', 'how many', '50')
    .action(async (text: string, options: { limit: string }, command: Command) => {
      const { api, json } = await reach(command);
      const page = bodyOf(
        await api.GET('/v1/search', { params: { query: { q: text, limit: options.limit as never } } }),
      );
      if (json) {
        printJson(page);
        return;
      }
      printTable(
        ['entity type', 'key', 'label'],
        page.items.map((each) => [each.entityType, each.key.join(','), each.label]),
        'No resource has this text.',
      );
      if (page.nextCursor !== null)
        print(`These are the first ${count(page.items.length)}; search for more of the text, or raise --limit.`);
    });
}
