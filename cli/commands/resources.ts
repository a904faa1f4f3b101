import type { Command } from 'commander';
import { bodyOf } from '../client.ts';
import { count, print, printJson, printTable } from '../output.ts';
import { reach } from '../reach.ts';

interface Options {
  q?: string;
  managed?: boolean;
  unmanaged?: boolean;
  limit: string;
}

export function resourcesCommand(program: Command): void {
  program
    .command('resources [entityType] [key...]')
    .description('entity types, the resources of an entity type, or one resource with its links')
    .option('-q, --q <text>', 'only resources that have this text in a value')
    .option('--managed', 'only managed resources')
    .option('--unmanaged', 'only unmanaged resources')
    .option('--limit <n>', 'how many', '50')
    .action(async (entityType: string | undefined, key: string[], options: Options, command: Command) => {
      const { api, json, hint } = await reach(command);
      if (entityType === undefined) {
        const page = bodyOf(
          await api.GET('/v1/entity-types', { params: { query: { limit: options.limit as never } } }),
        );
        if (json) printJson(page);
        else
          printTable(
            ['entity type', 'connector', 'resources'],
            page.items.map((type) => [type.name, type.connector, count(type.counts.resources)]),
            `There are no entity types yet. Load a connector file: ${hint('apply -f FILE')}`,
          );
        if (!json && page.nextCursor !== null)
          print(`These are the first ${count(page.items.length)}; raise --limit for more.`);
        return;
      }
      if (key.length > 0) {
        // the parts of the key, each encoded and joined by commas
        const path = { name: entityType, key: key as unknown as string };
        const found = bodyOf(await api.GET('/v1/entity-types/{name}/resources/{key}', { params: { path } }));
        if (json) {
          printJson(found);
          return;
        }
        print(
          `${found.entityType} ${found.key.join(',')}: ${found.label}${found.managed === false ? ' (unmanaged)' : ''}`,
        );
        printTable(
          ['property', 'value'],
          Object.entries(found.attributes).map(([name, value]) => [
            name,
            typeof value === 'string' ? value : JSON.stringify(value),
          ]),
          'It has no values.',
        );
        for (const [name, links] of Object.entries({ ...found.links, ...found.referencedBy }))
          print(`${name} (${count(links.total)}): ${links.items.map((each) => each.label).join(', ')}`);
        return;
      }
      const page = bodyOf(
        await api.GET('/v1/entity-types/{name}/resources', {
          params: {
            path: { name: entityType },
            query: {
              limit: options.limit as never,
              ...(options.q === undefined ? {} : { q: options.q }),
              ...managedOf(options),
            },
          },
        }),
      );
      if (json) {
        printJson(page);
        return;
      }
      printTable(
        ['key', 'label'],
        page.items.map((each) => [each.key.join(','), each.label]),
        'There are no such resources.',
      );
      if (page.nextCursor !== null)
        print(`These are the first ${count(page.items.length)}; search with -q, or raise --limit.`);
    });
}

function managedOf({ managed, unmanaged }: Options) {
  if (managed === unmanaged) return {};
  return { managed: managed ? ('true' as const) : ('false' as const) };
}
