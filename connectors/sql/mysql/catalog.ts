import type { DiscoveredColumn, DiscoveredTable } from '../../package.ts';
import type { Texts } from './cells.ts';

/** Tables and views of the database, with keys and links. */
export async function catalogOf(
  database: string,
  ask: Texts,
  literal: (value: string) => string,
): Promise<DiscoveredTable[]> {
  const here = `= ${literal(database)}`;
  const tables = await ask(
    `select table_name, cast(data_length as char) from information_schema.tables where table_schema ${here} order by table_name`,
  );
  const columns = await ask(
    `select table_name, column_name, data_type, is_nullable from information_schema.columns
     where table_schema ${here} order by table_name, ordinal_position`,
  );
  const keys = await ask(
    `select table_name, column_name, constraint_name, referenced_table_name, referenced_column_name
     from information_schema.key_column_usage
     where table_schema ${here} and (constraint_name = 'PRIMARY' or referenced_table_schema ${here})
     order by table_name, constraint_name, ordinal_position`,
  );
  return tables.map(([table, bytes]) => {
    const name = table ?? '';
    const own = keys.filter(([of]) => of === table);
    const key = own.filter(([, , constraint]) => constraint === 'PRIMARY').map(([, column]) => column ?? '');
    const links = own.flatMap(([, column, constraint, target, by]) =>
      target !== null && target !== undefined && own.filter(([, , other]) => other === constraint).length === 1
        ? [{ column: column ?? '', table: target, by: by ?? '' }]
        : [],
    );
    return {
      table: name,
      columns: columns
        .filter(([of]) => of === table)
        .map(([, column, type, nullable]) => ({
          name: column ?? '',
          type: typeOf(type ?? ''),
          multiValued: false,
          nullable: nullable === 'YES',
        })),
      ...(key.length > 0 ? { key } : {}),
      ...(links.length > 0 ? { links } : {}),
      ...(bytes === null || bytes === undefined ? {} : { bytes: Number(bytes) }),
      ...(name.includes('.') ? { problem: 'A name with a dot cannot be written as `from`. Use a query.' } : {}),
    };
  });
}

function typeOf(type: string): DiscoveredColumn['type'] {
  if (/^(tinyint|smallint|mediumint|int|bigint|decimal|float|double|year|bit)$/.test(type)) return 'number';
  if (type === 'datetime' || type === 'timestamp') return 'dateTime';
  if (type === 'date') return 'date';
  return /(blob|binary|geometry|point|polygon|linestring)/.test(type) ? 'binary' : 'string';
}
