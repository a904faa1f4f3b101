import type { Command } from 'commander';
import { bodyOf, commonOptions, connect } from '../client.ts';
import { count, print, printJson, printTable } from '../output.ts';

export function errorsCommand(program: Command): void {
  program
    .command('errors <id>')
    .description('rows and links that a sync could not use, and what it warns of')
    .option('--limit <n>', 'how many', '50')
    .action(async (id: string, options: { limit: string }, command: Command) => {
      const { url, json } = commonOptions(command);
      const page = bodyOf(
        await connect(url).GET('/v1/syncs/{id}/errors', {
          params: { path: { id }, query: { limit: options.limit as never } },
        }),
      );
      if (json) {
        printJson(page);
        return;
      }
      printTable(
        ['table', 'line', 'key', 'property', 'code', 'effect', 'message'],
        page.items.map((error) => [
          error.table,
          error.line ?? '',
          error.key?.join(',') ?? '',
          error.property ?? error.column ?? '',
          error.code,
          error.effect,
          error.message,
        ]),
        'Every row and link of the sync could be used.',
      );
      if (page.nextCursor !== null)
        print(
          `These are the first ${count(page.items.length)}. Raise --limit, or download all: ${url}/v1/syncs/${id}/errors.csv`,
        );
    });
}
