import { describe, expect, it } from 'vitest';
import { connectorFileSchema } from './connector-file.ts';
import { skippedParts, tablesToRead, type ChangesGap } from './incremental.ts';

const type = (name: string, connection: string, table: string) => ({
  name,
  source: { connection, table },
  key: ['id'],
  properties: { id: { column: 'id' } },
});
const file = connectorFileSchema.parse({
  apiVersion: 'syncline/v1',
  kind: 'Connector',
  name: 'hr',
  connections: [
    { name: 'db', package: 'sql', settings: { watermarks: ['people'] } },
    { name: 'files', package: 'csv' },
  ],
  entityTypes: [
    {
      ...type('Person', 'db', 'people'),
      navigationProperties: { sites: { to: 'Site', table: 'seats', sourceColumn: 'a', targetColumn: 'b' } },
    },
    type('Site', 'db', 'sites'),
    type('Room', 'files', 'rooms'),
  ],
});

/** As a package that tells the changes of some tables. */
const gapOf: ChangesGap = (name, settings, table) => {
  if (name === 'csv') return 'It has no deltas.';
  const { watermarks } = settings as { watermarks: string[] };
  return table === undefined || watermarks.includes(table) ? undefined : 'It has no watermark.';
};

describe('tables whose changes cannot be told', () => {
  it('are left out of an incremental sync beside tables whose changes can', () => {
    expect(tablesToRead(file, { mode: 'incremental', scope: null }, 'db', gapOf)).toEqual(['people']);
    expect(tablesToRead(file, { mode: 'incremental', scope: null }, 'files', gapOf)).toEqual([]);
    expect(tablesToRead(file, { mode: 'complete', scope: null }, 'db', gapOf)).toEqual(['people', 'seats', 'sites']);
    const skipped = skippedParts(file, null, gapOf);
    expect(skipped).toMatchObject({ entityTypes: ['Site', 'Room'], links: ['Person.sites'] });
    expect(skipped.tables.map(({ table, reason }) => [table, reason])).toEqual([
      ['seats', 'This table is not read, because its changes cannot be told. It has no watermark.'],
      ['sites', 'This table is not read, because its changes cannot be told. It has no watermark.'],
      ['rooms', 'This table is not read, because the connection files cannot report changes. It has no deltas.'],
    ]);
  });

  it('are those of the scope of the sync', () => {
    const scope = { entityTypes: ['Site'] };
    expect(tablesToRead(file, { mode: 'incremental', scope }, 'db', gapOf)).toEqual([]);
    expect(tablesToRead(file, { mode: 'complete', scope }, 'db', gapOf)).toEqual(['sites']);
  });
});
