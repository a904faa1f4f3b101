import { z } from 'zod';
import type { Surroundings } from '../domain/check-connector-file.ts';
import type { ConnectionFile, ConnectorFile } from '../domain/connector-file.ts';
import { SyncError } from '../domain/errors.ts';
import { cannotTellChanges } from '../domain/incremental.ts';
import { connectorJsonSchema } from '../domain/json-schema.ts';
import type { PollDefaults } from '../domain/poll.ts';
import type { ProfileFile } from '../domain/provisioning/profile-schema.ts';
import { tablesInScope } from '../domain/scope.ts';
import { csvDescription } from './csv/description.ts';
import { httpDescription } from './http/index.ts';
import { ldapDescription } from './ldap/index.ts';
import { ldapWriteDescription } from './ldap/write/index.ts';
import { ldifDescription } from './ldif/index.ts';
import type { Outbound } from './outbound/index.ts';
import type { ConnectorPackage, PackageDescription } from './package.ts';
import { scimDescription } from './scim/index.ts';
import { scimWriteDescription } from './scim/write/index.ts';
import type { WriteDescription } from './write-package.ts';
import { sqlDescription } from './sql/description.ts';
import { xlsxDescription } from './xlsx/description.ts';
import { workdayDescription } from './workday/index.ts';

/** The packages of this version, by name. */
export function createRegistry(packages: readonly ConnectorPackage[]): { get(name: string): ConnectorPackage } {
  const byName = new Map(packages.map((each) => [each.name, each]));
  return {
    get(name) {
      const found = byName.get(name);
      if (!found) throw new SyncError('configuration', `There is no package ${name} in this version.`);
      return found;
    },
  };
}

// the settings that a description is asked about have passed its own schema
const descriptions = [
  csvDescription,
  ldapDescription,
  ldifDescription,
  sqlDescription,
  xlsxDescription,
  scimDescription,
  httpDescription,
  workdayDescription,
] as readonly PackageDescription[];

/** What the API shows of the packages; settings as JSON Schema. */
export function describePackages() {
  return descriptions.map((each) => {
    const { name, displayName, description, capabilities, inbound, outbound, syncFrequency, resume, cells } = each;
    return {
      name,
      displayName,
      description,
      settings: z.toJSONSchema(each.settings, { io: 'input' }),
      capabilities,
      inbound,
      outbound,
      syncFrequency,
      resume,
      cells,
      ...(each.poll ? { poll: each.poll } : {}),
      limits: each.limits,
    };
  });
}

/** The JSON Schema of a connector file, with the settings of each package. */
export const fileSchema = (): Record<string, unknown> => connectorJsonSchema(describePackages());

/** The settings schema of a package, or undefined if there is no such package. */
export function settingsOf(name: string): z.ZodType | undefined {
  return descriptions.find((each) => each.name === name)?.settings;
}

/** What is wrong with a connection whose settings fit the schema of its package. */
export const faultsOfConnections =
  (here: Outbound | undefined): NonNullable<Surroundings['connectionFaults']> =>
  (name, settings, secrets) =>
    descriptions.find((each) => each.name === name)?.connectionFaults?.({ settings, secrets }, here) ?? [];

/** Whether the cells of a package have types. */
export const isStructured = (name: string): boolean =>
  descriptions.find((each) => each.name === name)?.cells === 'structured';

/**
 * What keeps a connection with these settings, or one of its tables, from reporting changes, and so from being polled: a sentence for people,
 * undefined if nothing does.
 */
export function changesGap(name: string, settings: unknown, table?: string): string | undefined {
  const found = descriptions.find((each) => each.name === name);
  const parsed = found?.settings.safeParse(settings);
  if (!found || !parsed?.success) return undefined;
  return found.incrementalGap(parsed.data, table);
}

/** Why changes of a table do not tell what is gone: it cannot report changes, or no deletes. A sentence for people, undefined if they do. */
export function deletesGap({ package: name, settings }: ConnectionFile, table: string): string | undefined {
  const found = descriptions.find((each) => each.name === name);
  const parsed = found?.settings.safeParse(settings);
  if (!found || !parsed?.success) return undefined;
  return found.incrementalGap(parsed.data, table) ?? found.deletesGap?.(parsed.data, table);
}

/** The settings of a connection that decide which rows a table has; none if the package no longer exists. */
export function scopeOf(connection: ConnectionFile, table: string): Record<string, unknown> {
  const found = descriptions.find((each) => each.name === connection.package);
  const parsed = found?.settings.safeParse(connection.settings);
  return found && parsed?.success ? found.scopeOf(parsed.data, table) : {};
}

/** The settings of a package that only say how and when a source is read. */
export const readingSettings = (name: string): readonly string[] =>
  descriptions.find((each) => each.name === name)?.readingSettings ?? [];

/** How a package is polled unless a connection says otherwise. */
export function pollDefaultsOf(name: string): PollDefaults | undefined {
  const found = descriptions.find((each) => each.name === name);
  return found?.poll && { ...found.poll, complete: !found.capabilities.incremental };
}

/** Whether polls of a package are complete syncs, since none of its settings make it tell changes. */
export const pollsCompletely = (name: string): boolean => pollDefaultsOf(name)?.complete === true;

/** Whether a connector can be synchronised incrementally: some connection that it reads can report changes. */
export function hasIncremental(file: ConnectorFile): boolean {
  const gaps = cannotTellChanges(file, changesGap);
  return file.connections.some(({ name }) => !gaps.has(name) && tablesInScope(file, null, name).length > 0);
}

// the settings that a description is asked about have passed its own schema
const writers = [scimWriteDescription, ldapWriteDescription] as readonly WriteDescription[];

/** What keeps a profile from being written by the package of a connection; undefined: the package writes nothing. */
export function profileFaults(
  connection: Pick<ConnectionFile, 'package' | 'settings'>,
  { kind, attributes, match }: ProfileFile,
): { path: PropertyKey[]; detail: string }[] | undefined {
  const found = writers.find(({ name }) => name === connection.package);
  if (!found) return undefined;
  const settings = settingsOf(connection.package)?.safeParse(connection.settings);
  // faults of the settings are reported with the connection
  if (!settings?.success) return [];
  const shape = {
    kind,
    attributes: Object.keys(attributes),
    match: match.flatMap((rule) => Object.values(rule)),
  };
  return found
    .checkProfile(settings.data, shape)
    .map(({ attribute, detail }) => ({ path: attribute === undefined ? [] : ['attributes', attribute], detail }));
}
