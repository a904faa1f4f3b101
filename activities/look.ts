import type { ConnectionFile } from '../domain/connector-file.ts';
import { SyncError } from '../domain/errors.ts';
import { openConnection } from './connection.ts';
import type { Dependencies } from './dependencies.ts';

/** Looks at one connection: `test` says whether it works, `schema` which tables and columns it has. */
export async function look(
  opens: Pick<Dependencies, 'packages' | 'secretFolders'>,
  {
    kind,
    connection: configured,
  }: {
    kind: 'test' | 'schema';
    connection: Pick<ConnectionFile, 'name' | 'package' | 'settings' | 'secrets'>;
  },
): Promise<{ connection: string } & Record<string, unknown>> {
  const { name } = configured;
  try {
    const { adapter, connection } = await openConnection(opens, configured);
    return kind === 'test'
      ? { connection: name, ...(await adapter.test(connection)) }
      : { connection: name, tables: await adapter.discover(connection) };
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    const problem = { connection: name, ok: false, code: error.code, message: error.message };
    return kind === 'test' ? problem : { ...problem, tables: [] };
  }
}
