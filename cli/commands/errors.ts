import type { Command } from 'commander';
import { bodyOf, type Api } from '../client.ts';
import { Failure } from '../failure.ts';
import { amount, count, print, printJson, printTable, time } from '../output.ts';
import { reach, type Reach } from '../reach.ts';

interface Options {
  connector?: string;
  entityType?: string;
  key?: string;
  code?: string;
  limit: string;
}

const filters = ['connector', 'entityType', 'key', 'code'] as const;

export function errorsCommand(program: Command): void {
  program
    .command('errors [id]')
    .description('open errors; or the errors and warnings of one sync')
    .option('--connector <name>', 'only of this connector')
    .option('--entity-type <name>', 'only of this entity type')
    .option('--key <key>', 'only of this object: its key as in a path (parts joined by commas), or a JSON array')
    .option('--code <code>', 'only of this code')
    .option('--limit <n>', 'how many', '50')
    .action(async (id: string | undefined, options: Options, command: Command) => {
      const { api, json, hint } = await reach(command);
      if (id === undefined) await showOpenErrors(api, options, json);
      else await showErrorsOf(api, id, options, { hint, json });
    });
}

/** The query parameters; the API checks their values. */
const queryOf = (options: Options, names: readonly (typeof filters)[number][]) =>
  Object.fromEntries(
    [...names, 'limit' as const].flatMap((name) => {
      const value = options[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );

async function showOpenErrors(api: Api, options: Options, json: boolean): Promise<void> {
  const page = bodyOf(await api.GET('/v1/sync-errors', { params: { query: queryOf(options, filters) } }));
  // a misspelled name must not look like a connector without errors
  if (page.items.length === 0) await requireNames(api, options);
  if (json) {
    printJson(page);
    return;
  }
  printTable(
    ['last seen', 'since', 'connector', 'object', 'code', 'what'],
    page.items.map((error) => [
      time(error.lastSeen),
      time(error.firstSeen),
      error.connector,
      objectOf(error),
      error.code,
      error.message + (error.occurrences > 1 ? ` (${count(error.occurrences)} times)` : ''),
    ]),
    filters.some((name) => options[name] !== undefined) ? 'No such open errors.' : 'No open errors.',
  );
  if (page.nextCursor !== null)
    print(
      `These are the ${count(page.items.length)} last seen of ${count(page.total)}. Use filters, or raise --limit.`,
    );
  if (page.notKept > 0)
    print(
      `${page.notKept === 1 ? '1 more error was' : `${amount(page.notKept, 'more error')} were`} counted but not kept.`,
    );
}

/** @throws Failure if there is no such connector or entity type */
async function requireNames(api: Api, { connector, entityType }: Options): Promise<void> {
  if (connector !== undefined)
    bodyOf(await api.GET('/v1/connectors/{name}', { params: { path: { name: connector } } }));
  if (entityType !== undefined)
    bodyOf(await api.GET('/v1/entity-types/{name}', { params: { path: { name: entityType } } }));
}

/**
 * The object or the place of an error: `hr_Person E1 manager`, `hr_Person in people.csv, line 7`, or a table or file.
 */
function objectOf(error: {
  entityType?: string | undefined;
  key?: string[] | undefined;
  property?: string | undefined;
  table?: string | undefined;
  position?: string | undefined;
}): string {
  const { entityType, key, property, table, position } = error;
  const place = table === undefined ? '' : `${table}${position === undefined ? '' : `, ${position}`}`;
  if (entityType === undefined) return place === '' ? 'the sync' : `the sync, ${place}`;
  return key === undefined ? `${entityType} in ${place}` : [entityType, key.join(','), property ?? ''].join(' ').trim();
}

async function showErrorsOf(
  api: Api,
  id: string,
  options: Options,
  { hint, json }: Pick<Reach, 'hint' | 'json'>,
): Promise<void> {
  if (options.connector !== undefined)
    throw new Failure('invalid', 'Give the id of a sync or --connector, not both.', [], 2);
  const page = bodyOf(
    await api.GET('/v1/syncs/{id}/errors', {
      params: { path: { id }, query: queryOf(options, ['entityType', 'key', 'code']) },
    }),
  );
  if (json) {
    printJson(page);
    return;
  }
  printTable(
    ['table', 'place', 'key', 'property', 'code', 'effect', 'message'],
    page.items.map((error) => [
      error.table,
      error.position ?? '',
      error.key?.join(',') ?? '',
      error.property ?? error.column ?? '',
      error.code,
      error.effect,
      error.message,
    ]),
    filters.some((name) => options[name] !== undefined)
      ? 'The sync has no such errors.'
      : 'The sync has no errors: every row and link was used.',
  );
  if (page.nextCursor !== null)
    print(
      `These are the first ${count(page.items.length)}. Raise --limit, or download all: ${hint(`export errors ${id}`)}`,
    );
}
