import type { Command } from 'commander';
import { bodyOf } from '../client.ts';
import { describeSync } from '../describe.ts';
import { count, print, printJson, printTable, time } from '../output.ts';
import { reach } from '../reach.ts';

interface Options {
  connector?: string;
  status?: string;
  limit: string;
}

export function syncsCommand(program: Command): void {
  program
    .command('syncs [id]')
    .description('list syncs, newest first, or show one')
    .option('--connector <name>')
    .option('--status <status>')
    .option('--limit <n>', 'how many', '20')
    .action(async (id: string | undefined, options: Options, command: Command) => {
      const { api, json, hint } = await reach(command);
      if (id !== undefined) {
        const sync = bodyOf(await api.GET('/v1/syncs/{id}', { params: { path: { id } } }));
        if (json) printJson(sync);
        else print(describeSync(sync, hint));
        return;
      }
      const page = bodyOf(
        await api.GET('/v1/syncs', {
          params: {
            query: {
              limit: options.limit as never,
              ...(options.connector === undefined ? {} : { connector: options.connector }),
              ...(options.status === undefined ? {} : { status: options.status as never }),
            },
          },
        }),
      );
      if (json) {
        printJson(page);
        return;
      }
      printTable(
        ['started', 'connector', 'mode', 'status', 'inserted', 'updated', 'deleted', 'expires', 'id'],
        page.items.map((sync) => {
          const of = (operation: 'inserted' | 'updated' | 'deleted') =>
            count(Object.values(sync.counters).reduce((sum, each) => sum + each[operation], 0));
          return [
            time(sync.startedAt ?? sync.createdAt),
            sync.connector,
            sync.mode,
            sync.status,
            of('inserted'),
            of('updated'),
            of('deleted'),
            time(sync.waitingFor?.expiresAt ?? null),
            sync.id,
          ];
        }),
        `No sync has run yet. Start one: ${hint('sync CONNECTOR --watch')}`,
      );
    });
}
