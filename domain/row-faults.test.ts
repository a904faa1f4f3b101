import { describe, expect, it } from 'vitest';
import { bindColumns } from './bind-columns.ts';
import { compileMapping, type EntityOutcome, type LinkOutcome } from './mapping.ts';
import { checkShape } from './parse-connector-file.ts';
import { longestKey, longestText } from './storable.ts';

interface Shape {
  key?: string[];
  properties: Record<string, unknown>;
  navigationProperties?: Record<string, unknown>;
}

/** A table t.csv, and a link table m.csv. */
function tablesOf({ key = ['id'], properties, navigationProperties = {} }: Shape) {
  const parsed = checkShape({
    apiVersion: 'syncline/v1',
    kind: 'Connector',
    name: 'c',
    connections: [{ name: 'files', package: 'csv' }],
    entityTypes: [
      { name: 'T', source: { connection: 'files', table: 't.csv' }, key, properties, navigationProperties },
    ],
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return compileMapping(parsed.file, { today: new Date(), elsewhere: () => undefined }).tables;
}

function mapRow(shape: Shape, cells: Record<string, string>): EntityOutcome {
  const [table] = tablesOf(shape);
  if (!table) throw new Error('no table');
  const bound = bindColumns(table, Object.keys(cells), { patch: false });
  return bound.entityTypes[0]?.map({ line: 2, cells: Object.values(cells) }) ?? { kind: 'filtered' };
}

/** What becomes of the row: the code it is rejected with, or its attributes. */
function outcomeOf(shape: Shape, cells: Record<string, string>): unknown {
  const outcome = mapRow(shape, cells);
  if (outcome.kind === 'rejected') return outcome.code;
  if (outcome.kind !== 'row') return outcome.kind;
  return outcome.fault?.code ?? JSON.parse(outcome.attributes);
}

const id = { column: 'id' };
/** A property x from an expression over the column a. */
const given = (expression: string, more: object = {}) => ({ properties: { id, x: { expression, ...more } } });

describe('a value that Postgres cannot hold rejects its row', () => {
  it('half of a surrogate pair and NUL, from an expression of any kind', () => {
    const row = { id: '1', a: '𠮷田' };
    for (const expression of [
      'row.a.substring(0, 1)',
      "'x' + row.a.substring(1)",
      "'\\u0000'",
      "row.a == '' ? 'a' : 'b\\u0000'",
    ])
      expect(outcomeOf(given(expression), row)).toBe('invalid-character');
    for (const expression of ["row.a.split('')", "[row.a, '\\u0000']", "row.a.substring(0, 1) + ';b'"])
      expect(outcomeOf(given(expression, { multiValued: true }), row)).toBe('invalid-character');
    expect(outcomeOf(given('row.a.substring(0, 2)'), row)).toEqual({ id: '1', x: '𠮷' });
  });

  it('the same in a key, which then names no resource', () => {
    const shape = { properties: { id: { expression: 'row.id.substring(0, 1)' } } };
    expect(mapRow(shape, { id: '𠮷' })).toMatchObject({ kind: 'rejected', code: 'invalid-character', property: 'id' });
    expect(mapRow(shape, { id: '𠮷' })).not.toHaveProperty('keyText');
    expect(outcomeOf({ properties: { id } }, { id: 'a\ud842' })).toBe('invalid-character');
  });

  it('a NUL that a format decodes', () => {
    expect(outcomeOf({ properties: { id, x: { column: 'a', format: 'rdn' } } }, { id: '1', a: 'CN=a\\00b,DC=x' })).toBe(
      'invalid-character',
    );
  });

  it('a value over 1 MiB in UTF-8, but not one of 1 MiB', () => {
    const a = 'é'.repeat(longestText / 4);
    expect(outcomeOf(given('row.a + row.a + "a"'), { id: '1', a })).toBe('field-too-long');
    expect(outcomeOf(given('row.a + row.a'), { id: '1', a })).toEqual({ id: '1', x: a + a });
  });

  it('a row over 64 MiB, by many properties of one column', () => {
    const properties = Object.fromEntries(Array.from({ length: 70 }, (_, n) => [`p${String(n)}`, { column: 'a' }]));
    expect(outcomeOf({ properties: { id, ...properties } }, { id: '1', a: 'a'.repeat(longestText) })).toBe(
      'field-too-long',
    );
  });

  it('a key longer than an index takes, also a composite one and one that grows when it is folded', () => {
    expect(outcomeOf({ properties: { id } }, { id: 'k'.repeat(longestKey) })).toEqual({ id: 'k'.repeat(longestKey) });
    expect(mapRow({ properties: { id } }, { id: 'k'.repeat(longestKey + 1) })).toMatchObject({
      kind: 'rejected',
      code: 'field-too-long',
      column: 'id',
    });
    expect(outcomeOf({ properties: { id } }, { id: '田'.repeat(longestKey / 2) })).toBe('field-too-long');
    const both = { key: ['id', 'b'], properties: { id, b: { column: 'b' } } };
    expect(outcomeOf(both, { id: 'k'.repeat(longestKey / 2), b: 'k'.repeat(longestKey / 2) })).toBe('field-too-long');
    expect(outcomeOf(both, { id: ','.repeat(900), b: '1' })).toBe('field-too-long');
    const folded = { properties: { id: { column: 'id', caseInsensitive: true } } };
    expect(outcomeOf(folded, { id: 'İ'.repeat(longestKey / 2) })).toBe('field-too-long');
  });

  it('says what failed in words that can be kept', () => {
    const outcome = mapRow(given("row['\\u0000' + row.a.substring(0, 1)]"), { id: '1', a: '𠮷' });
    expect(outcome).toMatchObject({ kind: 'row', fault: { code: 'expression' } });
    const message = outcome.kind === 'row' ? (outcome.fault?.message ?? '') : '';
    expect(message.isWellFormed() && !message.includes('\0')).toBe(true);
    const long = mapRow(given('row[row.a]'), { id: '1', a: 'a'.repeat(5000) });
    expect(long.kind === 'row' && (long.fault?.message.length ?? 0) < 1500).toBe(true);
  });
});

describe('numbers of expressions', () => {
  it.each([
    ['uint(row.a)', '41'],
    ['1u', '1'],
    ['[1u, 18446744073709551615u].map(x, x)[1]', '18446744073709551615'],
    ['double(row.a) * 1e20', '4100000000000000000000'],
    ['1e21', '1000000000000000000000'],
    ['-1.5e21', '-1500000000000000000000'],
    ['1.25e-7', '0.000000125'],
    ['-5e-10', '-0.0000000005'],
    ['0.1', '0.1'],
    ['2.0', '2'],
  ])('%s is %s, in all its digits', (expression, text) => {
    const row = { id: '1', a: '41' };
    expect(outcomeOf(given(expression, { type: 'decimal' }), row)).toEqual({ id: '1', x: text });
    expect(outcomeOf(given(expression), row)).toEqual({ id: '1', x: text });
    expect(outcomeOf(given(`[${expression}]`, { multiValued: true }), row)).toEqual({ id: '1', x: [text] });
  });

  it('without a sign are keys', () => {
    expect(mapRow({ properties: { id: { expression: 'uint(row.id)' } } }, { id: '7' })).toMatchObject({ keyText: '7' });
  });
});

describe('an expression that goes beyond a limit', () => {
  it('rejects its row, says which limit, and leaves the others', () => {
    const shape = given("row.a.split('').exists(x, row.a.split('').exists(y, row.a == '')) ? 'y' : 'n'");
    expect(outcomeOf(shape, { id: '1', a: 'ab' })).toEqual({ id: '1', x: 'n' });
    expect(mapRow(shape, { id: '2', a: 'a'.repeat(1000) })).toMatchObject({
      keyText: '2',
      fault: { code: 'expression', message: 'The expression of x failed: it takes more than 100,000 steps' },
    });
  });
});

describe('a link row', () => {
  it('is rejected where an end has half of a surrogate pair', () => {
    const table = tablesOf({
      properties: { id },
      navigationProperties: {
        members: { to: 'T', table: 'm.csv', sourceColumn: 'g', targetColumn: 'u', multiValued: true },
      },
    })[1];
    const map = table && bindColumns(table, ['g', 'u'], { patch: false }).links[0]?.map;
    const of = (g: string, u: string): LinkOutcome | undefined => map?.({ line: 2, cells: [g, u] });
    expect(of('a', 'b')).toMatchObject({ kind: 'link' });
    expect(of('a\ud842', 'b')).toMatchObject({ kind: 'rejected', code: 'invalid-character', column: 'g' });
    expect(of('a', '\udfb7')).toMatchObject({ kind: 'rejected', code: 'invalid-character', column: 'u', source: 'a' });
  });
});
