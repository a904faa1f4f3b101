import { ExactNumber, type Cell } from '../../../domain/cell.ts';
import type { Column } from '../database.ts';

const base = (sqlType: string) => sqlType.replace(/\(.*/, '').toLowerCase();

export function columnOf(name: string, sqlType: string): Column {
  return { name, type: typeOf(base(sqlType)), multiValued: false, sqlType };
}

function typeOf(type: string): Column['type'] {
  if (/^(tinyint|smallint|int|bigint|decimal|numeric|money|smallmoney|float|real)$/.test(type)) return 'number';
  if (/^(datetime|datetime2|smalldatetime|datetimeoffset)$/.test(type)) return 'dateTime';
  if (type === 'date') return 'date';
  if (type === 'bit') return 'boolean';
  return /^(binary|varbinary|image|timestamp|rowversion)$/.test(type) ? 'binary' : 'string';
}

/** The driver makes floats of decimals and cuts times, so the server itself writes each cell as a text. */
export function shownAs(column: string, { type, sqlType }: Column): string {
  switch (base(sqlType)) {
    case 'money':
    case 'smallmoney':
      return `convert(nvarchar(50), ${column}, 2)`;
    case 'float':
    case 'real':
      return `convert(nvarchar(50), ${column}, 3)`;
    case 'datetimeoffset':
      return `convert(nvarchar(50), ${column}, 127)`;
    case 'date':
      return `convert(nvarchar(50), ${column}, 23)`;
    case 'char':
    case 'nchar':
      return `rtrim(${column})`;
  }
  if (type === 'dateTime') return `convert(nvarchar(50), ${column}, 126)`;
  return type === 'binary' ? column : `convert(nvarchar(max), ${column})`;
}

/** Makes a cell of what `shownAs` gives. */
export function reader({ type }: Column): (value: unknown) => Cell {
  if (type === 'binary') return (value) => Buffer.from(value as Uint8Array);
  if (type === 'number') return (value) => new ExactNumber(String(value).trim());
  return type === 'boolean' ? (value) => value === '1' : String;
}
