import { describe, expect, it } from 'vitest';
import { partsOf } from './file-parts.ts';

describe('what a connector file has', () => {
  it('is named from the file: connections, types with keys and links, limits', () => {
    const person = {
      name: 'hr_Person',
      source: { connection: 'files', table: 'people.csv' },
      key: ['id'],
      properties: { id: { column: 'id' }, name: { column: 'name' } },
      navigationProperties: { manager: { to: 'hr_Person', column: 'boss' } },
    };
    const file = {
      name: 'hr',
      thresholds: { maximumDeletedLines: 5 },
      connections: [{ name: 'files', package: 'csv' }],
      entityTypes: [person],
    };
    expect(partsOf(file)).toEqual({
      name: 'hr',
      displayName: 'hr',
      connections: ['files (csv)'],
      types: [{ name: 'hr_Person', table: 'people.csv', key: ['id'], properties: 2, links: ['manager → hr_Person'] }],
      limits: ['maximumDeletedLines: 5'],
    });
  });

  it('is nothing where the file is something else', () => {
    for (const other of [null, 3, 'text', [], { entityTypes: 3, connections: {} }])
      expect(partsOf(other)).toEqual({ name: '', displayName: '', connections: [], types: [], limits: [] });
  });
});
