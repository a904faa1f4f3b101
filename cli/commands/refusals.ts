import type { Command } from 'commander';
import { bodyOf, problemOf } from '../client.ts';
import type { components } from '../generated/api.ts';
import { count, print, printJson, printTable, time } from '../output.ts';
import { reach } from '../reach.ts';

type Refusal = components['schemas']['Refusal'];

interface Options {
  connector?: string;
  entityType?: string;
  key?: string;
  ended?: boolean;
  limit: string;
}

/** `refusals` and `lift`: changes that people refused and that syncs suppress. */
export function refusalsCommand(program: Command): void {
  program
    .command('refusals')
    .description('changes that people refused: syncs leave them out until they change, are gone, or their time is over')
    .option('--connector <name>', 'only of this connector')
    .option('--entity-type <name>', 'only of this entity type')
    .option('--key <key>', 'only of this object: its key as in a path (parts joined by commas), or a JSON array')
    .option('--ended', 'those that have ended')
    .option('--limit <n>', 'how many', '50')
    .action(async (options: Options, command: Command) => {
      const { api, json, hint } = await reach(command);
      const { ended, ...given } = options;
      const query = { ...given, state: ended ? 'ended' : 'active' } as never;
      const page = bodyOf(await api.GET('/v1/refusals', { params: { query } }));
      if (json) {
        printJson(page);
        return;
      }
      printTable(
        ['id', 'connector', 'change', 'by', 'reason', ended ? 'ended' : 'until'],
        page.items.map((refusal) => [
          refusal.id,
          refusal.connector,
          describeRefusal(refusal),
          refusal.by,
          refusal.reason ?? '',
          ended ? `${time(refusal.endedAt)} ${refusal.endedBy ?? ''}` : time(refusal.expiresAt),
        ]),
        ended ? 'No refusal has ended.' : 'No change is refused.',
      );
      if (page.nextCursor !== null)
        print(`These are the newest ${count(page.items.length)}. Use filters, or raise --limit.`);
      if (page.items.length > 0 && !ended) print(`End one, so that its change is proposed again: ${hint('lift <id>')}`);
    });

  program
    .command('lift <id>')
    .description('end a refusal: the next whole sync is complete, and proposes the change again')
    .action(async (id: string, _options: object, command: Command) => {
      const { api, json } = await reach(command);
      const { error, response } = await api.DELETE('/v1/refusals/{id}', {
        params: { path: { id } },
      });
      if (!response.ok) throw problemOf(response.status, error);
      if (json) printJson({ id, endedBy: 'lifted' });
      else print(`lifted ${id}: the next whole sync is complete and proposes the change again`);
    });
}

function describeRefusal({ operation, entityType, key, label, property, target }: Refusal): string {
  const object = `${entityType} ${key.join(',')}${label === null ? '' : ` (${label})`}`;
  return property === undefined
    ? `${operation} ${object}`
    : `${operation} ${object} ${property} → ${target?.key.join(',') ?? ''}`;
}
