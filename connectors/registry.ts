import { z } from 'zod';
import { SyncError } from '../domain/errors.ts';
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

/** What the API tells of the packages; settings as JSON Schema. */
export function describePackages() {
  return descriptions.map(({ settings, ...rest }) => ({
    ...rest,
    settings: z.toJSONSchema(settings, { io: 'input' }),
  }));
}

/** The settings schema of a package, or undefined where there is no such package. */
export function settingsOf(name: string): z.ZodType | undefined {
  return descriptions.find((each) => each.name === name)?.settings;
}
