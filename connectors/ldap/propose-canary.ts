import { parseFilter } from '../entries/filter.ts';
import { isWithin, normalName, splitName } from '../entries/names.ts';
import type { DiscoveredTable } from '../package.ts';
import type { Directory } from './directory.ts';
import { searchPages } from './pages.ts';
import { tableOf, type LdapSettings } from './settings.ts';

/** Entries that are looked at. A directory that has more shows its containers in these. */
const mostEntries = 50_000;
/** A container with fewer of the entries is not worth a canary of its own. */
const leastShare = 0.01;
const mostCanaries = 20;

/**
 * Canaries for a table that has none: the first entry of each container that holds over 1 % of the entries.
 * @returns undefined if the table has canaries, or no entries
 */
export async function proposeCanaries(
  directory: Directory,
  settings: LdapSettings,
  name: string,
): Promise<DiscoveredTable['proposed']> {
  const { bases, scope, filter, exclude, canary, configured } = tableOf(settings, name);
  if (canary !== undefined) return undefined;
  const containers = new Map<string, { first: string; entries: number }>();
  let seen = 0;
  for (const base of bases) {
    const search = { base, scope, filter: parseFilter(filter), attributes: ['1.1'], pageSize: settings.pageSize };
    for await (const { entries } of searchPages(directory, { ...search, table: name })) {
      for (const { dn } of entries) {
        if (exclude.length > 0 && exclude.some((branch) => isWithin(normalName(dn), branch))) continue;
        const container = splitName(dn).parent.toLowerCase();
        const known = containers.get(container);
        if (known) known.entries++;
        else containers.set(container, { first: dn, entries: 1 });
        seen++;
      }
      if (seen >= mostEntries) break;
    }
    if (seen >= mostEntries) break;
  }
  const chosen = [...containers.values()]
    .filter(({ entries }) => entries > seen * leastShare)
    .sort((a, b) => b.entries - a.entries)
    .slice(0, mostCanaries);
  if (chosen.length === 0) return undefined;
  return {
    // a table with settings is no longer found by the name of its object class
    settings: { ...(configured ? {} : { filter }), canary: chosen.map(({ first }) => ({ dn: first })) },
    reason:
      'Each container with over 1 % of the entries has a canary: an entry that must be seen, else nothing is deleted. Choose entries that stay.',
  };
}
