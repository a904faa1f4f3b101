import { z } from 'zod';
import { isStructured } from '../../../connectors/registry.ts';
import type { Guess, Table } from '../../../domain/propose/discovered.ts';
import { proposeTypes } from '../../../domain/propose/types.ts';
import { writeFile } from '../../../domain/propose/write-file.ts';
import { toPointer } from '../../../domain/fault.ts';
import type { Dependencies } from '../../dependencies.ts';
import { inspect } from '../../inspect.ts';
import { invalid, Problem } from '../../problems.ts';
import { readConnectorFile } from '../../read-connector-file.ts';
import { route } from '../../route.ts';
import { discoverySchema } from '../../schemas/connector.ts';

/** Stands where types are not known yet; nothing is read of it. */
const placeholder = {
  name: 'Placeholder',
  source: { connection: 'source', table: 'placeholder' },
  key: ['id'],
  properties: { id: { column: 'id' } },
};

/** Of a schema of thousands of tables, a first file has some. */
const mostTables = 50;

export const proposeRoute = route({
  method: 'post',
  path: '/v1/connectors/propose',
  tag: 'connectors',
  summary: 'A first connector file for a system: its tables are discovered, and types guessed from them',
  description: 'Nothing is saved. Secrets are named by reference, as in a file.',
  body: z.strictObject({
    name: z.string().min(1).max(63).describe('Of the connector'),
    package: z.string(),
    settings: z.record(z.string(), z.unknown()).default({}),
    secrets: z.record(z.string(), z.unknown()).default({}),
    tables: z
      .array(z.string())
      .min(1)
      .optional()
      .describe(`Default: all that are found, at most ${String(mostTables)}`),
  }),
  answers: {
    200: {
      description: 'A file, and why it says what it says',
      schema: z.object({
        file: z.string().describe('A connector file as YAML. Each guess is a comment above what was guessed'),
        guesses: z.array(z.object({ pointer: z.string().describe('JSON Pointer into the file'), reason: z.string() })),
        connections: z.array(discoverySchema),
      }),
    },
  },
  problems: [409, 422, 503],
  async handle({ deps, body }) {
    const { name, settings, secrets, tables: wanted } = body;
    const connection = {
      ...{ name: 'source', package: body.package, settings },
      ...(Object.keys(secrets).length > 0 ? { secrets } : {}),
    };
    const base = { apiVersion: 'syncline/v1', kind: 'Connector', name };
    const found = await discover(deps, { ...base, connections: [connection], entityTypes: [placeholder] });
    const all = found[0]?.tables ?? [];
    const absent = wanted?.filter((each) => !all.some(({ table }) => table === each)) ?? [];
    if (absent.length > 0) throw invalid('/tables', missing(absent, all));
    const tables = all.filter(({ table }) => wanted?.includes(table) ?? true);
    const unread = tables.flatMap(({ table, problem }) => (problem === undefined ? [] : [`${table}: ${problem}`]));
    if (unread.length > 0 && (wanted || unread.length === tables.length))
      throw invalid('/tables', `A table cannot be read. ${unread.slice(0, 5).join(' ')}`);
    const readable = tables.filter(({ problem }) => problem === undefined).slice(0, mostTables);
    const types = proposeTypes(name, readable, isStructured(body.package));
    const completed = withProposed(settings, readable);
    const guesses = [...completed.guesses, ...types.guesses];
    const connections = [{ ...connection, settings: completed.settings }];
    const file = writeFile({ ...base, connections, entityTypes: types.entityTypes }, guesses);
    return { status: 200, body: { file, guesses, connections: found } };
  },
});

/** @throws Problem with pointers into the body of the request, or with what the system answers */
async function discover(
  deps: Dependencies,
  draft: Record<string, unknown>,
): Promise<z.infer<typeof discoverySchema>[]> {
  let file;
  try {
    file = await readConnectorFile(deps, draft);
  } catch (error) {
    if (!(error instanceof Problem) || !error.errors) throw error;
    const errors = error.errors.map(({ pointer, detail }) => ({
      pointer: pointer.replace(/^\/connections\/0(?=\/)/, ''),
      detail,
    }));
    const [first] = errors;
    throw new Problem(error.code, first ? `${first.pointer}: ${first.detail}` : error.message, { errors });
  }
  const found = z.array(discoverySchema).parse(await inspect(deps, 'schema', file, { unsaved: true }));
  const failed = found.find(({ ok }) => ok === false);
  if (failed) throw invalid('/settings', failed.message ?? 'The system cannot be read.');
  return found;
}

const missing = (absent: readonly string[], all: readonly { table: string }[]) => {
  const names = all.slice(0, 20).map(({ table }) => table);
  const list =
    names.length === 0 ? 'It has none.' : `It has ${names.join(', ')}${all.length > names.length ? ', …' : ''}.`;
  return `The system has no table ${absent.join(', ')}. ${list}`;
};

/** The settings with what the package proposes for the tables. */
function withProposed(settings: Record<string, unknown>, tables: readonly Table[]) {
  const sections = { ...((settings['tables'] ?? {}) as Record<string, object>) };
  const guesses: Guess[] = [];
  for (const { table, proposed } of tables) {
    if (!proposed?.settings) continue;
    sections[table] = { ...proposed.settings, ...(Object.hasOwn(sections, table) ? sections[table] : {}) };
    guesses.push({
      pointer: toPointer(['connections', '0', 'settings', 'tables', table]),
      reason: proposed.reason ?? 'The package proposes it.',
    });
  }
  return { settings: guesses.length === 0 ? settings : { ...settings, tables: sections }, guesses };
}
