import { expect, test } from 'vitest';
import { changedMappings } from './changed-mappings.ts';
import { parseConnectorFile } from './parse-connector-file.ts';

/** People of a package that is nobody's, with settings. */
function fileOf(settings: Record<string, unknown>) {
  const parsed = parseConnectorFile(
    JSON.stringify({
      ...{ apiVersion: 'syncline/v1', kind: 'Connector', name: 'hr' },
      connections: [{ name: 'source', package: 'cards', settings }],
      entityTypes: [
        {
          ...{ name: 'Person', source: { connection: 'source', table: 'people' }, key: ['id'] },
          properties: { id: { column: 'id' } },
          navigationProperties: {
            boss: { to: 'Person', column: 'boss' },
            peers: { to: 'Person', connection: 'source', table: 'peers', sourceColumn: 'a', targetColumn: 'b' },
          },
        },
      ],
    }),
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed));
  return parsed.file;
}

test('a setting is a likely cause unless its package says that it only says how the source is read', () => {
  const changed = (settings: Record<string, unknown>) =>
    changedMappings(fileOf({ drawer: 1, hurry: 1, pageSize: 1 }), fileOf(settings), (name) =>
      name === 'cards' ? ['hurry'] : [],
    );
  expect(changed({ drawer: 1, hurry: 2, pageSize: 1 })).toEqual([]);
  const everything = { entityType: 'Person', effect: 'everything' };
  expect(changed({ drawer: 2, hurry: 2, pageSize: 1 })).toMatchObject([
    { ...everything, parts: ['settings.drawer'] },
    { property: 'peers', effect: 'links', parts: ['settings.drawer'] },
  ]);
  // whatever it is called
  expect(changed({ drawer: 1, hurry: 1, pageSize: 2 })[0]).toMatchObject({
    ...everything,
    parts: ['settings.pageSize'],
  });
});
