import type { DiscoveredTable } from '../package.ts';
import { textsOf, type Directory } from './directory.ts';
import { normalName } from '../entries/names.ts';
import { proposeCanaries } from './propose-canary.ts';
import { classesOf, discoverTable, namesEntries, readSchema, sampleOf } from './schema.ts';
import type { LdapSettings } from './settings.ts';
import { SyncError } from '../../domain/errors.ts';

/** The tables of the settings; where there are none, the object classes of the entries below the base. */
export async function discoverTables(directory: Directory, settings: LdapSettings): Promise<DiscoveredTable[]> {
  const schema = await readSchema(directory);
  const configured = Object.keys(settings.tables);
  const all = { ...settings, tables: { '': everything } };
  const names =
    configured.length > 0 ? configured : classesOf(schema, await sampleOf(directory, all, '', ['objectClass']));
  const found: DiscoveredTable[] = [];
  for (const name of names)
    try {
      const table = await discoverTable(directory, settings, name, schema);
      const canaries = await proposeCanaries(directory, settings, name);
      found.push({ ...table, proposed: { ...table.proposed, ...canaries } });
    } catch (error) {
      if (!(error instanceof SyncError) || error.code === 'connection') throw error;
      found.push({ table: name, columns: [], problem: `${error.code}: ${error.message}` });
    }
  return withLinks(directory, settings, found, (attribute) => namesEntries(schema, attribute));
}

const everything = { exclude: [], scope: 'sub', filter: '(objectClass=*)', canary: undefined } as const satisfies Omit<
  LdapSettings['tables'][string],
  'base' | 'exclude'
> & { exclude: string[] };

/** Says to which tables the names in an attribute lead, as far as samples show it. */
async function withLinks(
  directory: Directory,
  settings: LdapSettings,
  tables: DiscoveredTable[],
  isName: (attribute: string) => boolean,
): Promise<DiscoveredTable[]> {
  const homes = new Map<string, string>();
  const samples = new Map<string, Awaited<ReturnType<typeof sampleOf>>>();
  for (const { table, columns, problem } of tables) {
    if (problem !== undefined) continue;
    const links = columns.map(({ name }) => name).filter(isName);
    const entries = await sampleOf(directory, settings, table, links.length > 0 ? links : ['1.1']);
    samples.set(table, entries);
    for (const { dn } of entries) homes.set(normalName(dn), table);
  }
  return tables.map((each) => {
    const links = each.columns
      .filter(({ name }) => isName(name))
      .flatMap(({ name }) => {
        const targets = (samples.get(each.table) ?? []).flatMap((entry) => textsOf(entry, name));
        const found = new Set(targets.flatMap((target) => homes.get(normalName(target)) ?? []));
        return [...found].map((table) => ({ column: name, table, by: 'dn' }));
      });
    return links.length > 0 ? { ...each, links } : each;
  });
}
