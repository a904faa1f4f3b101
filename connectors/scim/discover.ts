import { SyncError } from '../../domain/errors.ts';
import type { Connection, ConnectionTest, DiscoveredTable } from '../package.ts';
import { membersOf } from '../web/columns.ts';
import { openWeb, type WebPackageOptions } from '../web/open.ts';
import { listPage } from './messages.ts';
import { ScimService } from './service.ts';
import type { ScimSettings } from './settings.ts';

/** Endpoints of every service, for services that do not describe themselves. */
const usual = ['Users', 'Groups'];

export async function discoverScim(
  options: WebPackageOptions,
  connection: Connection<ScimSettings>,
): Promise<DiscoveredTable[]> {
  const client = await openWeb(options, connection);
  try {
    const service = new ScimService(client, connection.settings);
    const described = await service.describe();
    return described?.map(({ onRequest: _, ...table }) => table) ?? (await guess(service));
  } finally {
    await client.close();
  }
}

/** Columns of the first entries: their types are not known. */
async function guess(service: ScimService): Promise<DiscoveredTable[]> {
  const tables: DiscoveredTable[] = [];
  for (const table of usual) {
    const url = service.url(table, { startIndex: '1', count: '100' });
    const answer = await service.get(url, [404]);
    if (answer.status >= 300) continue;
    const objects = listPage(url, answer).items.map(({ cell }) => cell);
    const columns = [...membersOf(objects)].map((name) => {
      const values = objects.map((each) => each.get(name) ?? null);
      return {
        name,
        type: values.some((value) => value instanceof Map || Array.isArray(value))
          ? ('object' as const)
          : ('string' as const),
        multiValued: values.some(Array.isArray),
        nullable: name !== 'id',
      };
    });
    tables.push({ table, columns, key: ['id'], identity: 'id' });
  }
  return tables;
}

/** Asks for the description of the service, and for one entry of each table. */
export async function testScim(
  options: WebPackageOptions,
  connection: Connection<ScimSettings>,
): Promise<ConnectionTest> {
  const checks: NonNullable<ConnectionTest['checks']> = [];
  try {
    const client = await openWeb(options, connection);
    try {
      const service = new ScimService(client, connection.settings);
      const by = await service.paging();
      checks.push({ name: 'reached', ok: true, message: `The service answers. Its lists are paged by ${by}.` });
      const described = await service.describe();
      checks.push({
        name: 'described',
        ok: true,
        message: described
          ? `The service describes ${String(described.length)} tables.`
          : 'The service does not describe itself. Columns are guessed from its entries.',
      });
      const sought = described?.map(({ table }) => table) ?? usual;
      const found = await count(service, by, sought);
      if (found.length === 0)
        throw new SyncError(
          'missing-table',
          `The service answers, and has nothing at ${sought.join(' and ')} below baseUrl. Correct baseUrl: often it ends with /scim/v2.`,
        );
      const tables = found.flatMap(({ table, entries }) => (entries === undefined ? [] : [{ table, entries }]));
      return { ok: true, message: `The service has ${found.map(({ table }) => table).join(', ')}.`, checks, tables };
    } finally {
      await client.close();
    }
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    const { code, message } = error;
    return { ok: false, code, message, checks: [...checks, { name: 'read', ok: false, code, message }] };
  }
}

async function count(
  service: ScimService,
  by: 'index' | 'cursor',
  tables: readonly string[],
): Promise<{ table: string; entries: number | undefined }[]> {
  const found = [];
  for (const table of tables) {
    const url = service.url(table, { ...(by === 'cursor' ? { cursor: '' } : { startIndex: '1' }), count: '1' });
    const answer = await service.get(url, [404, 501]);
    if (answer.status >= 300) continue;
    found.push({ table, entries: listPage(url, answer).total });
  }
  return found;
}
