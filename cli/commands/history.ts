import type { Command } from 'commander';
import { bodyOf } from '../client.ts';
import { describeChange } from '../describe-change.ts';
import { count, print, printJson, printTable, time } from '../output.ts';
import { reach } from '../reach.ts';

/** `history`: every applied change of one resource, also of one that is gone. */
export function historyCommand(program: Command): void {
  program
    .command('history <entityType> <key...>')
    .description('every applied change of a resource, newest first; also of one that was deleted')
    .option('--limit <n>', 'how many', '50')
    .action(async (name: string, key: string[], options: { limit: string }, command: Command) => {
      const { api, json, hint } = await reach(command);
      const page = bodyOf(
        await api.GET('/v1/entity-types/{name}/resources/{key}/history', {
          // the parts of the key, each encoded and joined by commas
          params: { path: { name, key: key as unknown as string }, query: { limit: options.limit as never } },
        }),
      );
      if (json) {
        printJson(page);
        return;
      }
      printTable(
        ['at', 'operation', 'change', 'by', 'why', 'sync'],
        page.items.map(({ sync, ...change }) => [
          time(sync.at),
          change.operation,
          describeChange(change),
          sync.decision?.by ?? sync.syncedBy,
          sync.decision?.reason ?? sync.trigger,
          sync.id,
        ]),
        'Its changes are no longer kept.',
      );
      if (page.nextCursor !== null) print(`These are the newest ${count(page.items.length)}; raise --limit for more.`);
      else if (page.items.length > 0) print(`All changes of a sync: ${hint('changes ID')}`);
    });
}
