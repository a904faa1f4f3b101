import type { Command } from 'commander';
import { bodyOf, type Sync } from '../client.ts';
import { expiry } from '../describe.ts';
import { describeChange } from '../describe-change.ts';
import { count, print, printJson, printTable } from '../output.ts';
import { reach } from '../reach.ts';

interface Options {
  entityType?: string;
  kind?: string;
  operation?: string;
  limit: string;
  all?: boolean;
}

export function changesCommand(program: Command): void {
  program
    .command('changes <id>')
    .description('the exact changes of a sync')
    .option('--entity-type <name>')
    .option('--kind <kind>', 'resource or link')
    .option('--operation <operation>', 'insert, update or delete')
    .option('--limit <n>', 'how many', '50')
    .option('--all', 'every change, page by page')
    .action(async (id: string, options: Options, command: Command) => {
      const { api, json } = await reach(command);
      const items = [];
      let cursor: string | null = null;
      do {
        const page: { items: Change[]; nextCursor: string | null } = bodyOf(
          await api.GET('/v1/syncs/{id}/changes', {
            params: {
              path: { id },
              query: {
                limit: (options.all ? '500' : options.limit) as never,
                ...(cursor === null ? {} : { cursor }),
                ...(options.entityType === undefined ? {} : { entityType: options.entityType }),
                ...(options.kind === undefined ? {} : { kind: options.kind as never }),
                ...(options.operation === undefined ? {} : { operation: options.operation as never }),
              },
            },
          }),
        );
        items.push(...page.items);
        cursor = page.nextCursor;
      } while (options.all && cursor !== null);
      if (json) {
        printJson({ items, nextCursor: cursor });
        return;
      }
      const sync = bodyOf(await api.GET('/v1/syncs/{id}', { params: { path: { id } } }));
      printTable(
        ['operation', 'entity type', 'key', 'change', 'state'],
        items.map((change) => [
          change.operation,
          change.entityType,
          change.key.join(','),
          describeChange(change),
          change.state,
        ]),
        items.length === 0 ? whyNone(sync) : '',
      );
      if (sync.status === 'held') for (const line of expiry(sync)) print(line);
      if (cursor !== null) print(`These are the first ${count(items.length)}. All of them: --all`);
    });
}

function whyNone(sync: Sync): string {
  return sync.changesRemovedAt === null
    ? 'The sync has no such changes.'
    : `The changes of this sync are no longer kept. They were removed at ${sync.changesRemovedAt}.`;
}

type Change = Parameters<typeof describeChange>[0] & { entityType: string; key: string[]; state: string };
