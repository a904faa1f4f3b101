import type { Command } from 'commander';
import { bodyOf, commonOptions, connect, type Api } from '../client.ts';
import { count, print, printJson, printTable } from '../output.ts';

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
      const { url, json } = commonOptions(command);
      const api = connect(url);
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
        ) as never;
        items.push(...page.items);
        cursor = page.nextCursor;
      } while (options.all && cursor !== null);
      if (json) {
        printJson({ items, nextCursor: cursor });
        return;
      }
      printTable(
        ['operation', 'entity type', 'key', 'change', 'state'],
        items.map((change) => [change.operation, change.entityType, change.key.join(','), told(change), change.state]),
        items.length === 0 ? await whyNone(api, id) : '',
      );
      if (cursor !== null) print(`These are the first ${count(items.length)}. All of them: --all`);
    });
}

async function whyNone(api: Api, id: string): Promise<string> {
  const sync = bodyOf(await api.GET('/v1/syncs/{id}', { params: { path: { id } } }));
  return sync.changesRemovedAt === null
    ? 'The sync has no changes here.'
    : `The changes of this sync were kept long enough and removed at ${sync.changesRemovedAt}.`;
}

interface Change {
  entityType: string;
  kind: string;
  operation: string;
  key: string[];
  property?: string;
  target?: { entityType: string; key: string[] };
  before: unknown;
  after: unknown;
  state: string;
}

function told(change: Change): string {
  if (change.kind === 'link') return `${change.property ?? ''} → ${change.target?.key.join(',') ?? ''}`;
  const before = (change.before ?? {}) as Record<string, unknown>;
  const after = (change.after ?? {}) as Record<string, unknown>;
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const shown = names.slice(0, 4).map((name) => {
    if (change.operation === 'update') return `${name}: ${short(before[name])} → ${short(after[name])}`;
    return `${name}: ${short(change.operation === 'insert' ? after[name] : before[name])}`;
  });
  return shown.join('; ') + (names.length > 4 ? `; and ${String(names.length - 4)} more` : '');
}

function short(value: unknown): string {
  if (value === null || value === undefined) return '(none)';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
