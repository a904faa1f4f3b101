import { readFile, realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import type { ConnectionFile } from '../domain/connector-file.ts';
import { SyncError } from '../domain/errors.ts';
import { readSecretReference } from '../domain/secret-reference.ts';
import type { Connection, ConnectorPackage } from '../connectors/package.ts';
import type { WritePackage } from '../connectors/write-package.ts';
import type { Dependencies } from './dependencies.ts';

/** The package of a connection, its settings validated, its secrets read from the places that the file names. */
export async function openConnection(
  { packages, secretFolders }: Pick<Dependencies, 'packages' | 'secretFolders'>,
  configured: Pick<ConnectionFile, 'name' | 'package' | 'settings' | 'secrets'>,
): Promise<{ adapter: ConnectorPackage; connection: Connection }> {
  const adapter = packages.get(configured.package);
  const settings = adapter.settings.safeParse(configured.settings);
  if (!settings.success)
    throw new SyncError('configuration', `The settings of the connection ${configured.name} do not fit its package.`);
  const secrets: Record<string, string> = {};
  for (const [name, reference] of Object.entries(configured.secrets))
    secrets[name] = await fetchSecret(secretFolders, configured.name, name, reference);
  return { adapter, connection: { name: configured.name, settings: settings.data, secrets } };
}

/** The write side of the package of a connection, as `openConnection` gives the read side. */
export async function openTarget(
  dependencies: Pick<Dependencies, 'packages' | 'secretFolders' | 'writers'>,
  configured: Pick<ConnectionFile, 'name' | 'package' | 'settings' | 'secrets'>,
): Promise<{ writes: WritePackage; connection: Connection }> {
  const writes = dependencies.writers.get(configured.package);
  if (!writes) throw new SyncError('configuration', `The package ${configured.package} writes nothing.`);
  return { writes, connection: (await openConnection(dependencies, configured)).connection };
}

/** Milliseconds after which a request that writes is given up. @throws SyncError if the package writes nothing */
export function requestTimeout(
  { packages, writers }: Pick<Dependencies, 'packages' | 'writers'>,
  configured: Pick<ConnectionFile, 'name' | 'package' | 'settings'>,
): number {
  const settings = packages.get(configured.package).settings.safeParse(configured.settings);
  const writes = writers.get(configured.package);
  if (!settings.success || !writes)
    throw new SyncError('configuration', `The connection ${configured.name} cannot be used to write.`);
  return writes.requestTimeout(settings.data);
}

/** Asks again whether the reference is allowed: the file may have been saved under other rules or by another version. */
async function fetchSecret(
  folders: readonly string[],
  connection: string,
  name: string,
  reference: string,
): Promise<string> {
  const missing = (what: string, cause?: unknown) =>
    new SyncError(
      'credentials',
      `The secret ${name} of the connection ${connection} cannot be read. ${what}`,
      {},
      { cause },
    );
  const found = readSecretReference(reference, folders);
  if (typeof found === 'string') throw missing(found);
  if ('variable' in found) {
    const value = process.env[found.variable];
    if (value === undefined) throw missing(`The variable ${found.variable} is not set for the worker.`);
    return value;
  }
  try {
    // mounted secrets are often links inside the folder; a link to a place outside is refused
    const real = await realpath(found.file);
    const roots = await Promise.all(folders.map((folder) => realpath(folder).catch(() => folder)));
    if (!roots.some((root) => real.startsWith(`${root}${sep}`)))
      throw missing(
        `The file ${found.file} is a symbolic link to a place outside the folders of SYNCLINE_SECRET_DIRS.`,
      );
    return (await readFile(real, 'utf8')).replace(/\r?\n$/, '');
  } catch (cause) {
    if (cause instanceof SyncError) throw cause;
    throw missing(`The worker cannot read the file ${found.file}.`, cause);
  }
}
