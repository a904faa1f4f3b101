import { describe, expect, it } from 'vitest';
import { bindColumns } from './bind-columns.ts';
import { compileMapping } from './mapping.ts';
import { parseConnectorFile } from './parse-connector-file.ts';
import type { Counters } from './sync.ts';
import { evaluateThresholds } from './thresholds/evaluate.ts';
import { nothingDeleted } from './thresholds/windows.ts';

const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', 'prototype'];

const yaml = (key: string, more = '') => `
apiVersion: syncline/v1
kind: Connector
name: names
connections: [{ name: files, package: csv }]
entityTypes:
  - name: constructor
    source: { connection: files, table: t.csv }
    key: [${key}]
    label: ${key}
    ${more}
    properties:
${names.map((name) => `      ${name}: { column: ${name} }`).join('\n')}
    navigationProperties:
      __proto__ link: { to: constructor, column: valueOf }
`;

function fileOf(text: string) {
  const parsed = parseConnectorFile(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.file;
}

describe('names that objects have as something else are names like others', () => {
  it.each(['YAML', 'JSON'])('of properties, keys and columns in a file of %s', (format) => {
    const file = fileOf(yaml('__proto__'));
    const text = format === 'YAML' ? yaml('__proto__') : JSON.stringify(file);
    const [type] = fileOf(text).entityTypes;
    expect(Object.keys(type?.properties ?? {})).toEqual(names);
    expect(Object.getPrototypeOf(type?.properties)).toBe(Object.prototype);
    const [table] = compileMapping(fileOf(text), { today: new Date(0), elsewhere: () => undefined }).tables;
    const map = table && bindColumns(table, names, { patch: false }).entityTypes[0]?.map;
    const outcome = map?.({ line: 2, cells: names.map((name) => `of ${name}`) });
    expect(outcome).toMatchObject({ kind: 'row', keyText: 'of __proto__', references: ['of valueOf'] });
    const attributes = JSON.parse(outcome?.kind === 'row' ? outcome.attributes : '{}') as Record<string, unknown>;
    expect(Object.entries(attributes).sort()).toEqual(names.map((name) => [name, `of ${name}`]).sort());
  });

  it('in expressions and rules', () => {
    const [table] = compileMapping(
      fileOf(yaml('valueOf', `managed: { rule: "resource.__proto__ == 'a' && resource.constructor == 'b'" }`)),
      { today: new Date(0), elsewhere: () => undefined },
    ).tables;
    const map = table && bindColumns(table, names, { patch: false }).entityTypes[0]?.map;
    expect(map?.({ line: 2, cells: ['a', 'b', '', '', '1', ''] })).toMatchObject({ managed: { managed: true } });
    expect(map?.({ line: 3, cells: ['', '', '', '', '2', ''] })).toMatchObject({ managed: { managed: false } });
  });

  it('of fields that there are not: told with their names', () => {
    expect(parseConnectorFile('__proto__: 1')).toMatchObject({
      ok: false,
      errors: expect.arrayContaining([
        { pointer: '/__proto__', detail: expect.stringContaining('__proto__') as string },
      ]) as unknown,
    });
    const wrong = yaml('valueOf').replace('__proto__: { column: __proto__ }', '__proto__: { column: 1 }');
    expect(parseConnectorFile(wrong)).toMatchObject({
      ok: false,
      errors: [{ pointer: '/entityTypes/0/properties/__proto__/column' }],
    });
  });

  it('of entity types without counters: no limit of theirs is checked', () => {
    const file = fileOf(yaml('valueOf', 'thresholds: { maximumDeletedLines: 1 }'));
    const counters: Counters = {};
    expect(() =>
      evaluateThresholds({
        file,
        counters,
        stored: {},
        others: file.entityTypes,
        rowsRead: 0,
        rowsRejected: 0,
        zeroRows: [],
        changedFilters: [],
        unreadableKeys: [],
        deleted: nothingDeleted,
        watched: [],
      }),
    ).not.toThrow();
  });
});
