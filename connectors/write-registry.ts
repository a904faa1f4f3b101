import type { WritePackage } from './write-package.ts';

/** The packages of this version that write, by name. */
export function createWriters(packages: readonly WritePackage[]): { get(name: string): WritePackage | undefined } {
  const byName = new Map(packages.map((each) => [each.name, each]));
  return { get: (name) => byName.get(name) };
}
