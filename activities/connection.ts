import { readFile } from 'node:fs/promises';
import type { ConnectionFile } from '../domain/connector-file.ts';
import { SyncError } from '../domain/errors.ts';
import type { Connection, ConnectorPackage } from '../connectors/package.ts';
import type { Dependencies } from './dependencies.ts';

/** The package of a connection, its settings validated, its secrets fetched from where the file says they are. */
export async function openConnection(
  packages: Dependencies['packages'],
  configured: ConnectionFile,
): Promise<{ adapter: ConnectorPackage; connection: Connection }> {
  const adapter = packages.get(configured.package);
  const settings = adapter.settings.safeParse(configured.settings);
  if (!settings.success)
    throw new SyncError('configuration', `The settings of the connection ${configured.name} do not fit its package.`);
  const secrets: Record<string, string> = {};
  for (const [name, reference] of Object.entries(configured.secrets))
    secrets[name] = await fetchSecret(configured.name, name, reference);
  return { adapter, connection: { name: configured.name, settings: settings.data, secrets } };
}

async function fetchSecret(connection: string, name: string, reference: string): Promise<string> {
  const missing = (what: string, cause?: unknown) =>
    new SyncError(
      'credentials',
      `The secret ${name} of the connection ${connection} cannot be read: ${what}.`,
      {},
      { cause },
    );
  if (reference.startsWith('env:')) {
    const variable = reference.slice('env:'.length);
    const value = process.env[variable];
    if (value === undefined) throw missing(`the variable ${variable} is not set for the worker`);
    return value;
  }
  const path = reference.slice('file:'.length);
  try {
    return (await readFile(path, 'utf8')).replace(/\r?\n$/, '');
  } catch (cause) {
    throw missing(`the file ${path} cannot be read by the worker`, cause);
  }
}
