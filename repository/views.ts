import { entityTypesOf, type CatalogProperty, type EntityTypeRow } from './catalog.ts';
import { row, type Queryable } from './database.ts';

/** Where the views of entity types are. */
const place = 'syncline_views';

/**
 * A view of each entity type for people who query: `syncline_views.hr_person` for `HR_Person`, a typed column for each
 * property. Names are in lower case with underscores, so that they need no quotes. Values that do not have the type of their
 * property (it was changed, and no sync has run since) are null.
 */
export async function refreshViews(tx: Queryable, connector: number): Promise<void> {
  for (const type of await entityTypesOf(tx, connector)) {
    if (type.retired || type.joins) continue;
    for (const view of await viewsOf(tx, type)) await refresh(tx, view, definition(type));
  }
}

async function refresh(tx: Queryable, view: string, as: string): Promise<void> {
  await tx.raw('savepoint refresh_view');
  try {
    await tx.raw(`create or replace view ${view} as ${as}`);
  } catch {
    // its columns changed: the view is made again, unless a view of somebody else depends on it
    await tx.raw('rollback to savepoint refresh_view');
    try {
      await tx.raw(`drop view if exists ${view}`);
      await tx.raw(`create view ${view} as ${as}`);
    } catch {
      await tx.raw('rollback to savepoint refresh_view');
    }
  }
  await tx.raw('release savepoint refresh_view');
}

/** Drops the views of a connector that is deleted, and everything that depends on them. */
export async function dropViews(tx: Queryable, types: readonly number[]): Promise<void> {
  for (const type of types)
    for (const view of placed(await savedNames(tx, type))) await tx.raw(`drop view if exists ${view} cascade`);
}

interface ViewNames {
  view: string | null;
  /** In the schema syncline, of entity types from before there was a schema for views. */
  old: string | null;
}

async function savedNames(tx: Queryable, type: number): Promise<ViewNames> {
  const saved = await row<ViewNames>(
    tx,
    'select view_name as view, old_view_name as old from syncline.entity_type where id = ?',
    [type],
  );
  return saved ?? { view: null, old: null };
}

/** The names that the views were created with. A later revision does not rename them. */
async function viewsOf(tx: Queryable, type: EntityTypeRow): Promise<string[]> {
  const saved = await savedNames(tx, type.id);
  if (saved.view !== null) return placed(saved);
  const plain = snakeCase(type.name);
  const taken = await row(
    tx,
    `select 1 from syncline.entity_type where view_name = ? union all
     select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = ? and c.relname = ?`,
    [plain, place, plain],
  );
  // Postgres cuts names at 63 bytes; a number makes ours unlike any other
  const view = taken || Buffer.byteLength(plain) > 63 ? `${plain.slice(0, 40)}_${String(type.id)}` : plain;
  await tx.raw('update syncline.entity_type set view_name = ? where id = ?', [view, type.id]);
  return placed({ ...saved, view });
}

const placed = ({ view, old }: ViewNames): string[] => [
  ...(view === null ? [] : [`${place}.${quoted(view)}`]),
  ...(old === null ? [] : [`syncline.${quoted(old)}`]),
];

function definition(type: EntityTypeRow): string {
  const properties = type.properties.filter((property) => !property.retired);
  const keysFirst = [
    ...type.keyProperties.flatMap((name) => properties.filter((property) => property.name === name)),
    ...properties.filter((property) => !type.keyProperties.includes(property.name)),
  ];
  const used = new Set<string>();
  const columns = keysFirst.map((property) => `${typed(property)} as ${quoted(columnName(property.name, used))}`);
  return `select ${columns.join(', ')} from syncline.resource where entity_type = ${String(type.id)}`;
}

function columnName(property: string, used: Set<string>): string {
  let name = snakeCase(property);
  // nearly equal names (userId, user_id) stay apart
  if (Buffer.byteLength(name) > 63 || used.has(name)) name = `${name.slice(0, 40)}_${String(used.size + 1)}`;
  used.add(name);
  return name;
}

export const snakeCase = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase();

/** What gives a stored text its type, null if it has not: see the migration 0013. */
const casts: Record<CatalogProperty['type'], (text: string) => string> = {
  string: (text) => text,
  integer: (text) => `syncline.numeric_or_null(${text})`,
  decimal: (text) => `syncline.numeric_or_null(${text})`,
  boolean: (text) => `syncline.boolean_or_null(${text})`,
  date: (text) => `syncline.date_or_null(${text})`,
  dateTime: (text) => `syncline.time_or_null(${text})`,
  binary: (text) => `syncline.bytes_or_null(${text})`,
};

function typed({ name, type, multiValued }: CatalogProperty): string {
  if (!multiValued) return casts[type](`(attributes ->> ${literal(name)})`);
  const list = `case when jsonb_typeof(attributes -> ${literal(name)}) = 'array' then attributes -> ${literal(name)} end`;
  return `(select array_agg(${casts[type]('v')}) from jsonb_array_elements_text(${list}) v)`;
}

const quoted = (name: string) => `"${name.replaceAll('"', '""').replaceAll('?', '\\?')}"`;
const literal = (text: string) => `'${text.replaceAll("'", "''").replaceAll('?', '\\?')}'`;
