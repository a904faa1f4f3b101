import { ExactNumber, type Cell } from '../../../domain/cell.ts';
import type { Column } from '../database.ts';

type Shape = Pick<Column, 'type' | 'multiValued' | 'sqlType'>;
/** By object identifier. */
export type Types = ReadonlyMap<number, Shape>;

/**
 * What the catalog says of the types of columns. Domains are told as their base types. A list is an array whose text has braces and
 * commas: `int2vector` has neither, and an array of boxes has other delimiters, so these are texts.
 */
export async function typesOf(
  identifiers: readonly number[],
  ask: (text: string, values: unknown[]) => Promise<{ rows: unknown[][] }>,
): Promise<Types> {
  const { rows } = await ask(
    `select t.oid::int8, format_type(t.oid, null), t.typcategory, t.typname, e.typcategory, e.typname
     from pg_type t left join pg_type e
       on e.oid = t.typelem and t.typcategory = 'A' and t.typarray = 0 and e.typdelim = ','
     where t.oid = any($1::oid[])`,
    [`{${[...new Set(identifiers)].join()}}`],
  );
  return new Map(
    (rows as (string | null)[][]).map(([oid, sqlType, category, name, itemCategory, itemName]) => [
      Number(oid),
      {
        type: itemName == null ? typeOf(category ?? '', name ?? '') : typeOf(itemCategory ?? '', itemName),
        multiValued: itemName != null,
        sqlType: sqlType ?? 'text',
      },
    ]),
  );
}

function typeOf(category: string, name: string): Column['type'] {
  if (name === 'bytea') return 'binary';
  if (category === 'B') return 'boolean';
  if (name === 'date') return 'date';
  if (name === 'timestamp' || name === 'timestamptz') return 'dateTime';
  // money is written with its currency
  return category === 'N' && !name.startsWith('reg') && name !== 'money' ? 'number' : 'string';
}

/** Makes a cell of the text that the server writes. */
export function reader(column: Column): (text: string) => Cell {
  const one = itemReader(column);
  return column.multiValued ? (text) => parseArray(text, one) : one;
}

function itemReader({ type, sqlType }: Column): (text: string) => Cell {
  switch (type) {
    case 'boolean':
      return (text) => text === 't';
    case 'number':
      // NaN and Infinity are no numbers for anybody else
      return (text) => (/\d$/.test(text) ? new ExactNumber(text) : text);
    case 'binary':
      return (text) => Buffer.from(text.slice(2), 'hex');
    case 'dateTime':
      return sqlType.startsWith('timestamp with time zone') ? moment : localTime;
    case 'date':
    case 'string':
    case 'object':
      return sqlType.startsWith('character') && !sqlType.startsWith('character varying')
        ? (text) => text.replace(/ +$/, '')
        : (text) => text;
  }
}

const moment = (text: string) => text.replace(' ', 'T').replace(/\+00$/, 'Z');
const localTime = (text: string) => text.replace(' ', 'T');

/** An array as the server writes it: `{a,"b c",NULL,{…}}`, with bounds before it where they do not begin at 1. */
export function parseArray(text: string, item: (text: string) => Cell): Cell {
  let at = text.startsWith('[') ? text.indexOf('=') + 1 : 0;
  const list = (): Cell[] => {
    const items: Cell[] = [];
    at++;
    while (text[at] !== '}') {
      if (text[at] === ',') at++;
      if (text[at] === '{') items.push(list());
      else if (text[at] === '"') items.push(item(quoted()));
      else {
        const length = text.slice(at).search(/[,}]/);
        if (length < 0) throw new Error('the server has written an array without its end');
        const end = at + length;
        const plain = text.slice(at, end);
        items.push(plain === 'NULL' ? null : item(plain));
        at = end;
      }
    }
    at++;
    return items;
  };
  const quoted = (): string => {
    let value = '';
    for (at++; text[at] !== '"'; at++) {
      if (text[at] === '\\') at++;
      value += text[at] ?? '';
    }
    at++;
    return value;
  };
  return list();
}
