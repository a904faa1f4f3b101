import type { ConnectorFile, EntityTypeFile } from './connector-file.ts';
import { sourceText } from './format/inverse.ts';
import { foldKey } from './key.ts';
import { inScope, linksInScope } from './scope.ts';
import type { SyncScope } from './sync.ts';

/** What a sync that is limited to keys wants of a table, as its source writes it. */
export interface SourceKeys {
  /** The columns that the values belong to. */
  by: string[];
  asked: AskedKey[];
  /** The values are of sources of links: a key has any number of rows, and those that are not among the answers are gone. */
  links: boolean;
}

export interface AskedKey {
  /** One for each column of `by`. */
  values: string[];
  /** The source writes the key in no other way, so a source that has nothing under the values does not have the key. */
  only: boolean;
  /** Whose they are, and the key in its stored form. `link`: a navigation property that reads the table. */
  of: { entityType: string; key: string[]; link?: string }[];
}

/** Beyond that, one read of the table is less work for its source than so many requests. */
const mostKeys = 100;

/**
 * The keys to ask a table for, in place of all its rows.
 * @returns undefined if the sync is not limited to keys, or if the table has to be read whole: a key has no inverse, or several
 *   readers of the table know its rows by different columns
 */
export function keysToAsk(
  file: ConnectorFile,
  scope: SyncScope | null,
  connection: string,
  table: string,
): SourceKeys | undefined {
  if (!scope?.keys) return undefined;
  const asked = new Map<string, AskedKey>();
  const columns = new Set<string>();
  let links = false;
  for (const type of file.entityTypes.filter((each) => inScope(scope, each.name)))
    for (const { by, link } of readersOf(type, scope, connection, table)) {
      if (by === undefined) return undefined;
      columns.add(JSON.stringify(by));
      links ||= link !== undefined;
      for (const key of scope.keys[type.name] ?? []) {
        const found = valuesOf(type, key, link !== undefined);
        if (!found) return undefined;
        const id = JSON.stringify(found.values);
        const of = { entityType: type.name, key: stored(type, key), ...(link === undefined ? {} : { link }) };
        const same = asked.get(id);
        if (same) asked.set(id, { ...same, only: same.only && found.only, of: [...same.of, of] });
        else asked.set(id, { ...found, of: [of] });
      }
    }
  const [by, ...others] = columns;
  if (by === undefined || others.length > 0 || asked.size === 0 || asked.size > mostKeys) return undefined;
  return { by: JSON.parse(by) as string[], asked: [...asked.values()], links };
}

const stored = ({ key: names, properties }: EntityTypeFile, key: readonly string[]): string[] =>
  key.map((part, i) => (properties[names[i] ?? '']?.caseInsensitive ? foldKey(part) : part));

/** How an entity type and its links know the rows of a table; `by` is undefined where an expression gives the key. */
function* readersOf(
  type: EntityTypeFile,
  scope: SyncScope,
  connection: string,
  table: string,
): Generator<{ by: string[] | undefined; link?: string }> {
  const { source } = type;
  if (source.connection === connection && source.table === table) {
    const by = type.key.flatMap((name) => type.properties[name]?.column ?? []);
    yield { by: by.length === type.key.length ? by : undefined };
  }
  for (const [link, navigation] of linksInScope(scope, type))
    if (navigation.table === table && (navigation.connection ?? source.connection) === connection)
      yield { by: navigation.sourceColumn === undefined ? undefined : [navigation.sourceColumn], link };
}

/**
 * A key as the source writes it. Rows of links that are written in another way would be missed, and their links deleted: so
 * their key must be written in one way only.
 */
function valuesOf(
  { key: names, properties }: EntityTypeFile,
  key: readonly string[],
  ofLinks: boolean,
): Pick<AskedKey, 'values' | 'only'> | undefined {
  if (ofLinks && names.length !== 1) return undefined;
  const values: string[] = [];
  let only = true;
  for (const [i, name] of names.entries()) {
    const property = properties[name];
    const found = property && sourceText(property, key[i] ?? '');
    // a cell of a link may also have the stored form: then this is another way to write it
    if (!found || (ofLinks && (!found.only || found.text !== key[i]))) return undefined;
    values.push(found.text);
    only &&= found.only;
  }
  return { values, only };
}
