import { z } from 'zod';
import { decodeCell } from '../../domain/cell.ts';
import { SyncError } from '../../domain/errors.ts';
import type {
  Checkpoint,
  Connection,
  ConnectorPackage,
  DiscoveredColumn,
  PackageDescription,
  ReadEvent,
  ReadRequest,
} from '../../connectors/package.ts';

// 1. The settings, as JSON Schema shows them. A secret is no setting.
const settings = z.strictObject({ url: z.url({ protocol: /^https?$/ }).describe('Address of the roster') });
type Settings = z.infer<typeof settings>;

// 2. What the API shows without a worker that reaches the system.
export const rosterDescription = {
  name: 'roster',
  displayName: 'Roster',
  description: 'Reads tables of a roster over HTTP.',
  settings,
  capabilities: { complete: true, incremental: true, targeted: false, events: false, write: false, groups: true },
  inbound: true,
  outbound: false,
  syncFrequency: 'every few minutes',
  resume: 'page',
  cells: 'structured',
  poll: { interval: '5m', failures: 5, reset: '1h' },
  limits: { requestsPerSecond: 10 },
  incrementalGap: () => undefined,
  // another address has other rows
  scopeOf: ({ url }: Settings) => ({ url }),
} as const satisfies PackageDescription<Settings>;

const pageSchema = z.object({
  rows: z.array(z.array(z.unknown())),
  gone: z.array(z.string()),
  next: z.string().nullable(),
  end: z.boolean(),
});
const placeSchema = z.object({ at: z.int(), after: z.string().nullable(), end: z.boolean() });
type Place = z.output<typeof placeSchema>;
const tablesSchema = z.object({
  tables: z.record(z.string(), z.array(z.custom<DiscoveredColumn>())),
  at: z.int(),
});

// 3. The package itself.
export const rosterPackage: ConnectorPackage<Settings> = {
  ...rosterDescription,

  async test(connection) {
    try {
      const { tables } = await ask(connection, 'tables', tablesSchema);
      return { ok: true, message: `The roster has ${String(Object.keys(tables).length)} tables.` };
    } catch (error) {
      if (error instanceof SyncError) return { ok: false, code: error.code, message: error.message };
      throw error;
    }
  },

  async discover(connection) {
    const { tables } = await ask(connection, 'tables', tablesSchema);
    return Object.entries(tables).map(([table, columns]) => ({ table, columns }));
  },

  // The place to go on from, before a complete read begins: what comes later is read again.
  async note(connection, request) {
    return checkpointAt((await ask(connection, 'tables', tablesSchema, request)).at);
  },

  async *read(connection, request): AsyncGenerator<ReadEvent> {
    const { tables, at } = await ask(connection, 'tables', tablesSchema, request);
    const columns = tables[request.table]?.map(({ name }) => name);
    if (!columns)
      throw new SyncError('missing-file', `The roster has no table ${request.table}.`, { table: request.table });
    yield { kind: 'segment', source: request.table, columns, known: columns };
    // a retry goes on where the attempt before was, and keeps the moment when that one began
    let place: Place =
      request.resumeAfter === undefined
        ? { at, after: '', end: false }
        : placeSchema.parse(JSON.parse(request.resumeAfter));
    while (place.after !== null) {
      const page = await ask(connection, pathOf(request, place.after), pageSchema, request);
      // only the last batch of a page goes on with the next page: a retry reads the others again
      const again = JSON.stringify(place);
      place = { at: place.at, after: page.next, end: page.end };
      const resume = JSON.stringify(place);
      const gone = page.gone.map((id) => ({ cells: columns.map((column) => (column === 'id' ? id : null)) }));
      const records = page.rows.map((cells) => ({ cells: cells.map(decodeCell) }));
      if (gone.length > 0) yield { kind: 'tombstones', records: gone, resume: records.length > 0 ? again : resume };
      if (records.length > 0) yield { kind: 'structured', records, resume };
    }
    yield {
      kind: 'end',
      certificate: place.end
        ? { certified: true }
        : { certified: false, code: 'not-final', reason: 'The last page does not say that it is the last one.' },
      // of before the first page: what changed meanwhile comes again
      ...(request.mode === 'incremental' ? { checkpoint: checkpointAt(place.at) } : {}),
    };
  },
};

const checkpointAt = (at: number): Checkpoint => ({ value: String(at), name: `change ${String(at)}` });

const pathOf = ({ table, since }: ReadRequest, after: string) =>
  `rows/${encodeURIComponent(table)}?after=${encodeURIComponent(after)}&since=${since?.value ?? '0'}`;

// 4. Every error has a code, and says nothing of what a row or a secret holds.
async function ask<Answer>(
  connection: Connection<Settings>,
  path: string,
  schema: z.ZodType<Answer>,
  request: Pick<ReadRequest, 'pacer' | 'signal'> = {},
): Promise<Answer> {
  const { pacer, signal } = request;
  signal?.throwIfAborted();
  const { settings, secrets } = connection;
  let response;
  let body: unknown;
  try {
    const headers = { authorization: `Bearer ${secrets['token'] ?? ''}` };
    response = await fetch(`${settings.url}/${path}`, { headers, ...(signal ? { signal } : {}) });
    body = await response.json();
  } catch (cause) {
    signal?.throwIfAborted();
    throw new SyncError('connection', 'The roster did not answer, or not to the end.', {}, { cause });
  }
  if (response.status === 429) {
    if (!pacer) throw new SyncError('throttled', 'The roster has had too many requests. Try again later.');
    await pacer.busy(Number(response.headers.get('retry-after') ?? 1));
    return ask(connection, path, schema, request);
  }
  if (response.status === 401) throw new SyncError('credentials', 'The roster refuses the token.');
  const parsed = schema.safeParse(body);
  if (!response.ok || !parsed.success)
    throw new SyncError('connection', `The roster answered with status ${String(response.status)}, in another form.`);
  return parsed.data;
}
