import { describe, expect, it } from 'vitest';
import { bindColumns } from './bind-columns.ts';
import { connectorFileSchema } from './connector-file.ts';
import { compileMapping, type DeltaCommand, type MappedRow, type TableMapping } from './mapping.ts';

const columns = (all: Record<string, string | undefined>) => {
  const given = Object.entries(all).filter((each): each is [string, string] => each[1] !== undefined);
  return { names: given.map(([name]) => name), cells: given.map(([, cell]) => cell) };
};

function tableOf(where: string | undefined, properties: Record<string, unknown>): TableMapping {
  const file = connectorFileSchema.parse({
    apiVersion: 'syncline/v1',
    kind: 'Connector',
    name: 'c',
    connections: [{ name: 'files', package: 'csv', settings: { directory: 'c' } }],
    entityTypes: [
      {
        name: 'P',
        source: { connection: 'files', table: 'users.csv', ...(where === undefined ? {} : { where }) },
        key: ['id'],
        properties: { id: { column: 'id' }, ...properties },
        navigationProperties: {
          groups: {
            to: 'P',
            table: 'members.csv',
            sourceColumn: 'u',
            targetColumn: 'g',
            multiValued: true,
            ...(where === undefined ? {} : { where }),
          },
        },
      },
    ],
  });
  const [table] = compileMapping(file, { today: new Date(), elsewhere: () => undefined }).tables;
  if (!table) throw new Error('no table');
  return table;
}

function mapDelta(
  command: DeltaCommand,
  cells: Record<string, string | undefined>,
  { where, properties = {} }: { where?: string; properties?: Record<string, unknown> } = {},
) {
  const row = columns(cells);
  const [type] = bindColumns(tableOf(where, properties), row.names, { patch: true }).entityTypes;
  return type?.map({ line: 2, cells: row.cells }, command);
}
const attributes = (outcome: ReturnType<typeof mapDelta>) =>
  JSON.parse((outcome as MappedRow).attributes) as Record<string, unknown>;

describe('an expression over a row of a delta file', () => {
  const show = (expression: string) => ({ properties: { name: { column: 'name' }, show: { expression } } });

  it.each([
    ['has', "has(row.nick) && row.nick != '' ? row.nick : row.name"],
    ['a computed name', "row['ni' + 'ck'] != '' ? row['ni' + 'ck'] : row.name"],
    ['in', "'nick' in row ? row.nick : row.name"],
    ['a macro over all columns', "row.exists(c, c == 'nick') ? row.nick : row.name"],
    ['the number of columns', "size(row) > 3 ? 'many' : row.name"],
  ])('that asks by %s for a column which the file lacks leaves its property as it is stored', (_, expression) => {
    expect(attributes(mapDelta('merge', { id: 'E1', name: 'Anna' }, show(expression)))).toEqual({
      id: 'E1',
      name: 'Anna',
    });
  });

  it('gives its value where the answer holds whatever the absent column is', () => {
    const outcome = mapDelta('merge', { id: 'E1', name: 'Anna' }, show("row.name != '' ? row.name : row.nick"));
    expect(attributes(outcome)).toMatchObject({ show: 'Anna' });
    const either = show("row.name == 'Anna' || row.nick == 'Nan' ? 'known' : 'unknown'");
    expect(attributes(mapDelta('merge', { id: 'E1', name: 'Anna' }, either))).toMatchObject({ show: 'known' });
    expect(attributes(mapDelta('merge', { id: 'E1', name: 'Bea' }, either))).not.toHaveProperty('show');
  });

  it('that fails although it has its columns is at fault', () => {
    expect(mapDelta('merge', { id: 'E1', name: 'x' }, show('string(int(row.name))'))).toMatchObject({
      fault: { code: 'expression' },
    });
  });
});

describe('where and the command of a row', () => {
  const where = "row.status == 'active'";

  it('a delete needs the key only: the condition is not asked', () => {
    expect(mapDelta('delete', { id: 'E1' }, { where })).toMatchObject({ kind: 'row', keyText: 'E1' });
    expect(mapDelta('delete', { id: 'E1', status: '' }, { where })).toMatchObject({ kind: 'row', keyText: 'E1' });
  });

  it('others are inside, outside, or open where the file lacks what the condition asks for', () => {
    expect(mapDelta('merge', { id: 'E1', status: 'active' }, { where })).toMatchObject({ scope: 'in' });
    expect(mapDelta('merge', { id: 'E1', status: 'gone' }, { where })).toMatchObject({ scope: 'out' });
    expect(mapDelta('update', { id: 'E1', name: 'Cy' }, { where })).toMatchObject({ scope: 'open', asked: '{}' });
    const two = `${where} && row.site != 'lyon'`;
    expect(mapDelta('update', { id: 'E1', site: 'lyon' }, { where: two })).toMatchObject({ scope: 'out' });
    expect(mapDelta('update', { id: 'E1', site: 'paris' }, { where: two })).toMatchObject({
      scope: 'open',
      asked: '{"site":"paris"}',
    });
    expect(mapDelta('update', { id: 'E1' }, { where: "!has(row.status) || row.status == 'active'" })).toMatchObject({
      scope: 'open',
    });
  });

  it('a cell that cannot be read is no reason to leave a row out', () => {
    const table = tableOf(where, {});
    const fault = { code: 'invalid-character', column: 'status', message: 'NUL' } as const;
    const [type] = bindColumns(table, ['id', 'status'], { patch: false }).entityTypes;
    expect(type?.map({ line: 2, cells: ['E1', ''], fault })).toMatchObject({
      kind: 'rejected',
      code: 'invalid-character',
      keyText: 'E1',
    });
  });
});
