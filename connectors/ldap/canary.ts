import { SyncError } from '../../domain/errors.ts';
import type { Certificate } from '../package.ts';
import { isOwn } from '../entries/columns.ts';
import type { Entry } from '../entries/entry.ts';
import { identityOfValue } from './identities.ts';
import { isWithin, normalName } from '../entries/names.ts';
import { isExcluded, type TableRead } from './table-read.ts';

/**
 * Entries that must be seen. A directory leaves out what the reader may not see, and calls the answer complete. So deletes
 * need entries of which people know that they are there.
 */

/** Watches a complete read for the canaries. */
export class CanaryWatch {
  readonly #read: TableRead;
  readonly #waiting: Map<string, { at: number; attributes: readonly string[] }>;

  constructor(read: TableRead) {
    this.#read = read;
    const { canary } = read.table;
    const entries = Array.isArray(canary) ? canary : [];
    this.#waiting = new Map(entries.map(({ dn, attributes }, at) => [normalName(dn), { at, attributes }]));
  }

  see(entry: Entry): void {
    if (this.#waiting.size === 0) return;
    const name = normalName(entry.dn);
    const canary = this.#waiting.get(name);
    if (!canary) return;
    checkValues(this.#read, canary.at, canary.attributes, entry);
    this.#waiting.delete(name);
  }

  /** @throws SyncError if a canary was not seen */
  end(): void {
    for (const { at } of this.#waiting.values()) throw missing(this.#read, at, 'The search did not give the entry');
  }
}

/**
 * Looks for each canary with the filter of the table, on the connection of the read.
 * @param told the identities that the directory said are there, if it did
 * @throws SyncError if one is not seen
 */
export async function lookForCanaries(
  read: TableRead,
  { alsoNeeded = [], told }: { alsoNeeded?: readonly string[]; told?: (identity: string) => boolean } = {},
): Promise<void> {
  const { directory, table, filter, columns, identity } = read;
  if (!Array.isArray(table.canary)) return;
  for (const [at, { dn, attributes }] of table.canary.entries()) {
    const name = normalName(dn);
    const inside = table.bases.some((base) =>
      table.scope === 'one' ? isChild(name, normalName(base)) : isWithin(name, normalName(base)),
    );
    if (!inside) throw missing(read, at, 'The entry is not below the base of the table');
    const wanted = [...columns.needed, ...attributes, ...alsoNeeded].filter((each) => !isOwn(each));
    let entry: Entry | undefined;
    try {
      const search = { base: dn, scope: 'base', filter, attributes: [identity, ...wanted] } as const;
      entry = (await directory.search({ ...search, table: table.name })).entries[0];
    } catch (error) {
      if (!(error instanceof SyncError) || error.code !== 'base-missing') throw error;
    }
    if (!entry || isExcluded(read, entry)) throw missing(read, at, 'The search did not give the entry');
    checkValues(read, at, [...attributes, ...alsoNeeded], entry);
    const id = identityOfValue(identity, entry.attributes.get(identity.toLowerCase())?.[0]);
    if (told && (id === undefined || !told(id)))
      throw missing(read, at, 'The directory does not name the entry among those that are there. It is the entry');
  }
}

export const isChild = (name: string, base: string) =>
  isWithin(name, base) && name !== base && !/(?<!\\)(?:\\\\)*,/.test(name.slice(0, name.length - base.length - 1));

function checkValues({ columns, ...read }: TableRead, at: number, attributes: readonly string[], entry: Entry): void {
  for (const name of [...columns.needed, ...attributes])
    if (!isOwn(name) && !hasValue(entry, name))
      throw missing({ columns, ...read }, at, `The entry shows no value of ${name}`);
}

function hasValue({ attributes }: Entry, name: string): boolean {
  const lower = name.toLowerCase();
  return (attributes.get(lower) ?? attributes.get(`${lower};binary`) ?? []).some(({ length }) => length > 0);
}

const missing = ({ table }: TableRead, at: number, what: string) =>
  new SyncError(
    'canary-missing',
    `${what} of settings.tables.${table.name}.canary[${String(at)}]. The reader may have lost the right to see entries, or the entry was renamed or deleted. Nothing was changed. Give the reader the right to read, or name another entry.`,
    { table: table.name },
  );

/** What a read proves that came to its end and saw its canaries. */
export function certificateOf({ table, directory }: TableRead, references: number): Certificate {
  if (references > 0)
    return {
      certified: false,
      code: 'referral',
      reason: `The directory referred to another server ${String(references)} times while ${table.name} was read. References are not followed, so entries may be missing. Read ${directory.root.url} below another base, or read the server that has the entries.`,
    };
  if (table.canary === undefined)
    return {
      certified: false,
      code: 'no-canary',
      reason: `settings.tables.${table.name} has no canary: an entry that proves that the reader sees everything. Name one, or say canary: none.`,
    };
  return { certified: true };
}
