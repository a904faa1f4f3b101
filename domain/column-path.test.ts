import { describe, expect, it } from 'vitest';
import type { Cell } from './cell.ts';
import { findColumn, parsePath } from './column-path.ts';

const columns = ['name', 'emails', 'a.b', 'urn:x:User', '__proto__'];
const places = new Map(columns.map((name, i) => [name, i]));
const object = (members: Record<string, Cell>): Cell => new Map(Object.entries(members));
const row: Cell[] = [
  object({ given: 'Ada', last: null }),
  [object({ value: 'a@x.org' }), object({ value: ['b@x.org', 'c@x.org'] }), object({}), 'text'],
  'exact',
  object({ 'number.of': '7' }),
  object({ x: 'data' }),
];
const read = (column: string) => findColumn(places, column)?.(row);

describe('a column', () => {
  it('of exactly this name wins over a path', () => {
    expect(read('a.b')).toBe('exact');
    expect(read('name')).toBe(row[0]);
  });

  it('may be a path into a cell: a member, of each item, a name in quotes', () => {
    expect(read('name.given')).toBe('Ada');
    expect(read('emails[].value')).toEqual(['a@x.org', 'b@x.org', 'c@x.org', null, null]);
    expect(read('["urn:x:User"]["number.of"]')).toBe('7');
    expect(read('__proto__.x')).toBe('data');
  });

  it('has no value where the path leads nowhere', () => {
    expect(read('name.last')).toBeNull();
    expect(read('name.none.deeper')).toBeNull();
    expect(read('a.b.c')).toBeUndefined();
    expect(read('name.constructor')).toBeNull();
  });

  it('is missing if the table has no such first step', () => {
    for (const column of ['phone', 'phone.number', 'name..given', '.name', 'name[', 'name]x', '[].name', ''])
      expect(findColumn(places, column), column).toBeUndefined();
    expect(parsePath('emails[]value')).toBeUndefined();
  });
});
