import type { FieldPacket } from 'mysql2';
import { ExactNumber, type Cell } from '../../../domain/cell.ts';
import type { Column } from '../database.ts';

/** The rows of a select that has few, as texts. */
export type Texts = (sql: string) => Promise<(string | null)[][]>;

/** Types of the protocol, by number. */
const numbers = new Map(
  Object.entries({
    0: 'decimal',
    1: 'tinyint',
    2: 'smallint',
    3: 'int',
    4: 'float',
    5: 'double',
    8: 'bigint',
    9: 'mediumint',
    13: 'year',
    246: 'decimal',
  }).map(([type, name]) => [Number(type), name]),
);
const names: Record<number, string> = { 7: 'timestamp', 10: 'date', 11: 'time', 12: 'datetime', 14: 'date', 16: 'bit' };
const bit = 16;
const json = 245;
const geometry = 255;
/** The character set of what is no text. */
const binary = 63;
const blobs: ReadonlySet<number> = new Set([15, 249, 250, 251, 252, 253, 254]);

export function columnOf(field: FieldPacket): Column {
  const { name } = field;
  const type = field.columnType ?? field.type ?? 253;
  const characterSet = field.characterSet ?? 0;
  const sqlType = numbers.get(type) ?? names[type] ?? 'text';
  const shape = (of: Column['type']): Column => ({ name, type: of, multiValued: false, sqlType });
  if (numbers.has(type) || type === bit) return shape('number');
  if (sqlType === 'timestamp' || sqlType === 'datetime') return shape('dateTime');
  if (sqlType === 'date') return shape('date');
  return shape(
    type === geometry || (blobs.has(type) && type !== json && characterSet === binary) ? 'binary' : 'string',
  );
}

/** Makes a cell of the text that the server writes. */
export function reader({ type, sqlType }: Column): (bytes: Buffer) => Cell {
  switch (sqlType) {
    case 'bit':
      return (bytes) => new ExactNumber(BigInt(`0x${bytes.toString('hex') || '0'}`).toString());
    case 'timestamp':
      // the session is in UTC
      return (bytes) => `${bytes.toString('latin1').replace(' ', 'T')}Z`;
    case 'datetime':
      return (bytes) => bytes.toString('latin1').replace(' ', 'T');
  }
  if (type === 'number') return (bytes) => new ExactNumber(bytes.toString('latin1'));
  // the buffer of the network is used again
  return type === 'binary' ? (bytes) => Buffer.from(bytes) : (bytes) => bytes.toString('utf8');
}
