import { z } from 'zod';
import type { ConnectorFile } from '../../../domain/connector-file.ts';
import { isStructured } from '../../../connectors/registry.ts';
import { findColumn } from '../../../domain/column-path.ts';
import { compileMapping } from '../../../domain/mapping.ts';
import { missingColumn } from '../../../domain/columns.ts';
import type { Fault } from '../../../domain/fault.ts';
import { lockConnector } from '../../../repository/connectors.ts';
import { activate } from '../../activate.ts';
import { inspect } from '../../inspect.ts';
import { Problem } from '../../problems.ts';
import { readConnectorFile } from '../../read-connector-file.ts';
import { requireConnector, requireFile } from '../../require-connector.ts';
import { route } from '../../route.ts';
import { discoverySchema } from '../../schemas/connector.ts';
import { startMapping } from '../../start-mapping.ts';
import { fileInUse, wakePolls } from '../../wake-polls.ts';
import { shownFile } from '../../../domain/directory/directory-file.ts';
import { filtersThatChanged } from '../../filters-that-changed.ts';

const difference = z.object({ added: z.array(z.string()), retired: z.array(z.string()) });

export const reloadRoute = route({
  method: 'post',
  path: '/v1/connectors/{name}/reload',
  tag: 'connectors',
  summary: 'Check the newest revision against the live source and use it',
  params: { name: z.string() },
  answers: {
    200: {
      description: 'What changed',
      schema: z.object({
        name: z.string(),
        revision: z.int(),
        previousRevision: z.int().nullable(),
        changes: z.object({ entityTypes: difference, properties: difference, navigationProperties: difference }),
        filters: z
          .array(
            z.object({
              scope: z.string().describe('`<Type>` or `<Type>.<navigation property>`'),
              parts: z
                .array(z.string())
                .describe('The parts that differ: `where`, `table`, columns, `settings.<name>`'),
              since: z.int().describe('The revision with which everything was last compared'),
            }),
          )
          .describe(
            'Filters that were changed since everything was last compared: the first sync that would delete because of them is held',
          ),
      }),
    },
  },
  problems: [404, 409, 422, 503],
  async handle({ deps, params, by }) {
    const connector = await requireConnector(deps.db, params.name);
    const stored = await requireFile(deps.db, connector, connector.newestRevision);
    // entity types of other connectors may have changed since the file was saved
    const file = await readConnectorFile(deps, shownFile(stored));
    const errors = compareWithSource(file, z.array(discoverySchema).parse(await inspect(deps, 'schema', file)));
    if (errors.length > 0)
      throw new Problem(
        'invalid',
        `The source does not fit the file. The file is not used. ${errors[0]?.detail ?? ''}`,
        {
          errors,
        },
      );
    const { filters, ...changes } = await deps.db.transaction(async (tx) => {
      const locked = await lockConnector(tx, params.name, connector.displayName);
      const catalog = await activate(tx, locked, connector.newestRevision, file);
      return { ...catalog, filters: await filtersThatChanged(tx, locked.id, file) };
    });
    await wakePolls(deps, params.name, await fileInUse(deps.db, connector));
    await startMapping(deps, by);
    return {
      status: 200,
      body: {
        name: params.name,
        revision: connector.newestRevision,
        previousRevision: connector.activeRevision,
        changes,
        filters,
      },
    };
  },
});

/** Tables and columns that the file needs and the source lacks. */
function compareWithSource(file: ConnectorFile, found: z.output<typeof discoverySchema>[]): Fault[] {
  return compileMapping(file, {
    today: new Date(),
    elsewhere: () => undefined,
    structured: isStructured,
  }).tables.flatMap((table) => {
    const index = file.connections.findIndex((each) => each.name === table.connection);
    const at = (detail: string): Fault => ({ pointer: `/connections/${String(index)}`, detail });
    const connection = found.find((each) => each.connection === table.connection);
    if (!connection) return [at(`There is no result for the connection ${table.connection}.`)];
    if (connection.ok === false) return [at(`${table.connection}: ${connection.message ?? ''}`)];
    const source = connection.tables.find((each) => each.table === table.table);
    if (!source) return [at(`${table.connection} has no table ${table.table}.`)];
    if (source.problem !== undefined) return [at(`${table.table}: ${source.problem}`)];
    const columns = source.columns.map((each) => each.name);
    const places = new Map(columns.map((name, i) => [name, i]));
    return table.requiredColumns
      .filter(({ column }) => !places.has(column) && !(table.structured && findColumn(places, column)))
      .map(({ column, neededBy }) => at(missingColumn(table.table, column, neededBy, columns).message));
  });
}
