import type { Control, Filter } from 'ldapts';
import { readFirst } from '../../../domain/format/distinguished-name.ts';
import type { Entry } from '../../entries/entry.ts';
import { allOf, anyOf, equals } from '../../entries/filter.ts';
import { normalName } from '../../entries/names.ts';
import { WriteError } from '../../write-package.ts';
import { assertion, oids } from '../controls.ts';
import type { Directory } from '../directory.ts';
import { RefusedError } from '../errors.ts';
import { hasIdentity, identityOfId, identityOfValue, idOfIdentity } from '../identities.ts';
import { scopeControls, searchPages } from '../pages.ts';
import { identityOf } from '../table-read.ts';

/** Entries by what orders know them by. */

/** So many are asked for at once. */
export const piece = 100;

export const idOf = (directory: Directory, entry: Entry): string | undefined => {
  const kind = identityOf(directory);
  const identity = identityOfValue(kind, entry.attributes.get(kind.toLowerCase())?.[0]);
  return identity === undefined ? undefined : idOfIdentity(kind, identity);
};

/** Entries that a filter accepts. A server that refers to another one has not said that there are none. */
export async function findEntries(
  directory: Directory,
  base: string,
  filter: Filter,
  attributes: readonly string[],
  most: number,
): Promise<Entry[]> {
  const entries: Entry[] = [];
  let references = 0;
  try {
    const found = await directory.search({
      base,
      scope: 'sub',
      filter,
      attributes: [identityOf(directory), ...attributes],
      controls: scopeControls(directory),
      sizeLimit: most,
      onEntry: (entry) => entries.push(entry()),
    });
    ({ references } = found);
  } catch (error) {
    // more than that are not asked for
    if (!(error instanceof RefusedError) || error.code !== 'size-limit' || entries.length === 0) throw error;
  }
  if (entries.length === 0 && references > 0)
    throw new WriteError('transient', 'The directory refers to another server, which may have the entry.');
  return entries;
}

/** The entry of an id; undefined if the directory says that there is none. */
export async function entryOfId(
  directory: Directory,
  base: string,
  id: string,
  attributes: readonly string[],
): Promise<Entry | undefined> {
  const identity = identityOfId(id);
  if (identity === undefined) return undefined;
  const [found] = await findEntries(directory, base, hasIdentity(identityOf(directory), identity), attributes, 2);
  return found;
}

/** The entry of a name; undefined if there is none. */
export async function entryOfName(
  directory: Directory,
  dn: string,
  attributes: readonly string[],
  filter?: Filter,
): Promise<Entry | undefined> {
  try {
    const { entries } = await directory.search({
      base: dn,
      scope: 'base',
      attributes: [identityOf(directory), ...attributes],
      ...(filter ? { filter } : {}),
    });
    return entries[0];
  } catch (error) {
    if (error instanceof RefusedError && error.code === 'base-missing') return undefined;
    throw error;
  }
}

/** Names of entries by their ids, one search for all of them; those that are gone are left out. */
export async function namesOfIds(
  directory: Directory,
  base: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const kind = identityOf(directory);
  const filters = ids.flatMap((id) => {
    const identity = identityOfId(id);
    return identity === undefined ? [] : [hasIdentity(kind, identity)];
  });
  const names = new Map<string, string>();
  if (filters.length === 0) return names;
  for (const entry of await findEntries(directory, base, anyOf(filters), [], filters.length)) {
    const id = idOf(directory, entry);
    if (id !== undefined) names.set(id, entry.dn);
  }
  return names;
}

/** Ids of entries by their names, by searches for the first parts of these: few directories can be asked for names. */
export async function idsOfNames(directory: Directory, base: string, names: readonly string[]): Promise<string[]> {
  const wanted = new Set(names.map(normalName));
  const filters = names.flatMap((name) => relativeFilter(name) ?? []);
  if (filters.length === 0) return [];
  const search = {
    base,
    scope: 'sub',
    filter: anyOf(filters),
    attributes: [identityOf(directory)],
    table: '',
  } as const;
  const ids: string[] = [];
  for await (const { entries } of searchPages(directory, { ...search, pageSize: 500 }))
    for (const entry of entries) {
      const id = wanted.has(normalName(entry.dn)) ? idOf(directory, entry) : undefined;
      if (id !== undefined) ids.push(id);
    }
  return ids;
}

function relativeFilter(name: string): Filter | undefined {
  try {
    const { first } = readFirst(name);
    const filters = first.flatMap(({ type, value }) => (value === undefined ? [] : [equals(type, value)]));
    return filters.length === first.length ? allOf(...filters) : undefined;
  } catch {
    // the optional number behind a uniqueMember, or what is no name
    return undefined;
  }
}

/**
 * The name under which a change is sent, so that it never meets another entry that has this name by now: Active Directory takes
 * the identity in its place, others are asked to compare it.
 */
export function aimedAt(directory: Directory, entry: Entry): { dn: string; controls: Control[] } {
  const kind = identityOf(directory);
  const identity = identityOfValue(kind, entry.attributes.get(kind.toLowerCase())?.[0]);
  if (identity === undefined) return { dn: entry.dn, controls: [] };
  if (kind === 'objectGUID') return { dn: `<GUID=${identity}>`, controls: [] };
  const compares = directory.root.controls.has(oids.assertion);
  return { dn: entry.dn, controls: compares ? [assertion(hasIdentity(kind, identity))] : [] };
}
