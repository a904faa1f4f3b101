import { SyncError } from '../../../domain/errors.ts';
import type { DiscoveredTable } from '../../package.ts';
import type { Column } from '../database.ts';

/** Tables, views and materialised views that the user may read, with keys and links. */
export async function catalogOf(
  ask: (text: string, values?: unknown[]) => Promise<{ rows: unknown[][] }>,
  columns: (select: string) => Promise<Column[]>,
  quote: (name: string) => string,
): Promise<DiscoveredTable[]> {
  const { rows } = await ask(tables);
  const found: DiscoveredTable[] = [];
  for (const [schema, name, shown, bytes, required, key, links] of rows as string[][]) {
    const table = shown ?? '';
    if ([schema, name].some((part) => part?.includes('.'))) {
      found.push({ table, columns: [], problem: 'A name with a dot cannot be written as `from`. Use a query.' });
      continue;
    }
    await ask('savepoint one_table');
    let of;
    try {
      of = await columns(`select * from ${quote(schema ?? '')}.${quote(name ?? '')}`);
    } catch (error) {
      if (!(error instanceof SyncError) || error.code === 'connection') throw error;
      await ask('rollback to savepoint one_table');
      found.push({ table, columns: [], problem: `${error.code}: ${error.message}` });
      continue;
    }
    const notNull = new Set(JSON.parse(required ?? '[]') as string[]);
    const keys = JSON.parse(key ?? '[]') as string[];
    found.push({
      table,
      columns: of.map(({ name: column, type, multiValued }) => ({
        name: column,
        type,
        multiValued,
        nullable: !notNull.has(column),
      })),
      ...(keys.length > 0 ? { key: keys } : {}),
      ...linksOf(JSON.parse(links ?? '[]') as { column: string; table: string; by: string }[]),
      bytes: Number(bytes),
    });
  }
  return found;
}

const linksOf = (links: { column: string; table: string; by: string }[]): Pick<DiscoveredTable, 'links'> =>
  links.length > 0 ? { links } : {};

/** Names of the search path are shown without their schema. */
const tables = `
  with seen as (
    select c.oid, n.nspname, c.relname,
      case when pg_table_is_visible(c.oid) then c.relname::text else n.nspname || '.' || c.relname end as shown
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
      and not c.relispartition and has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select')
  )
  select nspname, relname, shown, pg_total_relation_size(oid)::text,
    (select json_agg(attname)::text from pg_attribute where attrelid = seen.oid and attnum > 0 and attnotnull and not attisdropped),
    (select json_agg(a.attname order by k.at)::text
     from pg_constraint p, unnest(p.conkey) with ordinality k (num, at), pg_attribute a
     where p.conrelid = seen.oid and p.contype = 'p' and a.attrelid = seen.oid and a.attnum = k.num),
    (select json_agg(json_build_object('column', a.attname, 'table', target.shown, 'by', b.attname) order by a.attname)::text
     from pg_constraint f, pg_attribute a, pg_attribute b, seen target
     where f.conrelid = seen.oid and f.contype = 'f' and cardinality(f.conkey) = 1 and target.oid = f.confrelid
       and a.attrelid = seen.oid and a.attnum = f.conkey[1] and b.attrelid = f.confrelid and b.attnum = f.confkey[1])
  from seen order by shown`;
