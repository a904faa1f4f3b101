import { z } from 'zod';
import type { ConnectionFile, ConnectorFile } from '../domain/connector-file.ts';
import { SyncError } from '../domain/errors.ts';
import { cannotTellChanges } from '../domain/incremental.ts';
import type { PollDefaults } from '../domain/poll.ts';
import { tablesInScope } from '../domain/scope.ts';
import { csvDescription } from './csv/index.ts';
import type { ConnectorPackage } from './package.ts';

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

const descriptions = [csvDescription];

/** What the API shows of the packages; settings as JSON Schema. */
export function describePackages() {
  return descriptions.map(({ settings, incrementalGap: _gap, scopeOf: _scope, ...rest }) => ({
    ...rest,
    settings: z.toJSONSchema(settings, { io: 'input' }),
  }));
}

/** The settings schema of a package, or undefined if there is no such package. */
export function settingsOf(name: string): z.ZodType | undefined {
  return descriptions.find((each) => each.name === name)?.settings;
}

/**
 * What keeps a connection with these settings from reporting changes, and so from being polled: a sentence for people,
 * undefined if nothing does.
 */
export function changesGap(name: string, settings: unknown): string | undefined {
  const found = descriptions.find((each) => each.name === name);
  const parsed = found?.settings.safeParse(settings);
  if (!found || !parsed?.success) return undefined;
  return found.incrementalGap(parsed.data);
}

/** The settings of a connection that decide which rows a table has; none if the package no longer exists. */
export function scopeOf(connection: ConnectionFile, _table: string): Record<string, unknown> {
  const found = descriptions.find((each) => each.name === connection.package);
  const parsed = found?.settings.safeParse(connection.settings);
  return found && parsed?.success ? found.scopeOf(parsed.data) : {};
}

/** How a package is polled unless a connection says otherwise. */
export function pollDefaultsOf(name: string): PollDefaults | undefined {
  return descriptions.find((each) => each.name === name)?.poll;
}

/** Whether a connector can be synchronised incrementally: some connection that it reads can report changes. */
export function hasIncremental(file: ConnectorFile): boolean {
  const gaps = cannotTellChanges(file, changesGap);
  return file.connections.some(({ name }) => !gaps.has(name) && tablesInScope(file, null, name).length > 0);
}
