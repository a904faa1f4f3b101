import type { DiscoveredTable } from '../../package.ts';
import { columnOf } from './cells.ts';

/** Tables and views of the database, with keys. */
export async function catalogOf(ask: (sql: string) => Promise<unknown[][]>): Promise<DiscoveredTable[]> {
  const columns = await ask(
    `select s.name, o.name, c.name, t.name, c.is_nullable,
       (select ic.key_ordinal from sys.indexes i join sys.index_columns ic on ic.object_id = i.object_id and ic.index_id = i.index_id
        where i.object_id = o.object_id and i.is_primary_key = 1 and ic.column_id = c.column_id)
     from sys.objects o join sys.schemas s on s.schema_id = o.schema_id join sys.columns c on c.object_id = o.object_id
       join sys.types t on t.user_type_id = c.system_type_id
     where o.type in ('U', 'V') and o.is_ms_shipped = 0 order by s.name, o.name, c.column_id`,
  );
  const tables = new Map<string, { table: DiscoveredTable; key: [number, string][] }>();
  for (const [schema, object, column, type, nullable, ordinal] of columns) {
    const name = schema === 'dbo' ? String(object) : `${String(schema)}.${String(object)}`;
    const found = tables.get(name) ?? { table: { table: name, columns: [] }, key: [] };
    tables.set(name, found);
    const { type: shown } = columnOf('', String(type));
    found.table.columns.push({ name: String(column), type: shown, multiValued: false, nullable: nullable === true });
    if (ordinal !== null) found.key.push([Number(ordinal), String(column)]);
  }
  return [...tables.values()].map(({ table, key }) => ({
    ...table,
    ...(key.length > 0 ? { key: key.sort(([a], [b]) => a - b).map(([, column]) => column) } : {}),
    ...(table.table.split('.').length > 2
      ? { problem: 'A name with a dot cannot be written as `from`. Use a query.' }
      : {}),
  }));
}
