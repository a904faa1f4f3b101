import { expect, it } from 'vitest';
import { z } from 'zod';
import { checkConnectorFile } from './check-connector-file.ts';
import { connectorFileSchema } from './connector-file.ts';

const type = (name: string, identity: string, column: string) => ({
  name,
  source: { connection: 'c', table: 'people', identity },
  key: ['id'],
  properties: {
    id: { column },
    age: { column: 'age', type: 'integer' },
    mails: { column: 'mails', multiValued: true },
    made: { expression: 'row.a' },
  },
});

function faults(entityTypes: unknown[], structured = true): string[] {
  const file = connectorFileSchema.parse({
    apiVersion: 'syncline/v1',
    kind: 'Connector',
    name: 'directory',
    connections: [{ name: 'c', package: 'roster' }],
    entityTypes,
  });
  return checkConnectorFile(file, {
    settingsOf: () => z.unknown(),
    structured: () => structured,
    pollGap: () => undefined,
    secretFolders: [],
    elsewhere: new Map(),
  }).map(({ pointer, detail }) => `${pointer}: ${detail}`);
}

it('an identity is a string with one value from a column, and one for all entity types of a table', () => {
  const at = '/entityTypes/0/source/identity';
  expect(faults([type('A', 'id', 'uid'), type('B', 'id', 'uid')])).toEqual([]);
  expect(faults([type('A', 'nobody', 'uid')])).toEqual([`${at}: There is no property nobody.`]);
  for (const name of ['age', 'mails'])
    expect(faults([type('A', name, 'uid')])).toEqual([
      expect.stringContaining('an identity is a string with one value'),
    ]);
  expect(faults([type('A', 'made', 'uid')])).toEqual([expect.stringContaining('The identity needs a column')]);
  expect(faults([type('A', 'id', 'uid'), type('B', 'id', 'guid')])).toEqual([
    `${at}: The entity type B reads the same table with another column as identity. A table has one.`,
    expect.stringContaining('The entity type A reads the same table'),
  ]);
  const { source, ...rest } = type('B', 'id', 'uid');
  const { identity: _none, ...without } = source;
  expect(faults([type('A', 'id', 'uid'), { ...rest, source: without }])).toEqual([
    `${at}: The entity type B reads the same table without an identity. Name one there, too.`,
  ]);
});

it('is refused where rows have no identity beside their key', () => {
  expect(faults([type('A', 'id', 'uid')], false)).toEqual([expect.stringContaining('no identity beside the key')]);
});
