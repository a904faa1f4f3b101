/** Connector files for tests. */

export interface PeopleOptions {
  name?: string;
  directory?: string;
  thresholds?: Record<string, number>;
  /** Wide unless they are given: what happens in weeks elsewhere happens in seconds here. `[]` are the defaults. */
  windows?: object[];
  settings?: Record<string, unknown>;
  key?: Record<string, unknown>;
  /** More of the connection: limits, taskQueue. */
  connection?: Record<string, unknown>;
  properties?: Record<string, unknown>;
}

/** High enough that nothing but the always-held cases holds. */
export const wide = {
  maximumInsertedLines: 1_000_000,
  maximumUpdatedLines: 1_000_000,
  maximumDeletedLines: 1_000_000,
  maximumLinkInsertedLines: 1_000_000,
  maximumLinkUpdatedLines: 1_000_000,
  maximumLinkDeletedLines: 1_000_000,
  maxPercentageInsertedLines: 1000,
  maxPercentageUpdatedLines: 99.9,
  maxPercentageDeletedLines: 99.9,
  maxLinkPercentageInsertedLines: 1000,
  maxLinkPercentageUpdatedLines: 99.9,
  maxLinkPercentageDeletedLines: 99.9,
};

const wideDeletes = {
  maximumDeletedLines: 1_000_000,
  maximumLinkDeletedLines: 1_000_000,
  maxPercentageDeletedLines: 1000,
  maxLinkPercentageDeletedLines: 1000,
};

/** Windows that hold nothing. */
export const wideWindows = ['24h', '7d'].map((period) => ({ period, ...wideDeletes }));

/** People with a manager in people.csv, groups in groups.csv, members in members.csv. */
export function peopleAndGroups({
  name = 'hr',
  directory = name,
  thresholds,
  windows = wideWindows,
  settings,
  properties,
}: PeopleOptions = {}) {
  return {
    apiVersion: 'syncline/v1',
    kind: 'Connector',
    name,
    ...(thresholds ? { thresholds, windows } : {}),
    connections: [{ name: 'files', package: 'csv', settings: { directory, ...settings } }],
    entityTypes: [
      {
        name: `${name}_Person`,
        source: { connection: 'files', table: 'people.csv' },
        key: ['id'],
        label: 'name',
        properties: { id: { column: 'id' }, name: { column: 'name' }, mail: { column: 'mail' }, ...properties },
        navigationProperties: { manager: { to: `${name}_Person`, column: 'manager' } },
      },
      {
        name: `${name}_Group`,
        source: { connection: 'files', table: 'groups.csv' },
        key: ['id'],
        properties: { id: { column: 'id' }, title: { column: 'title' } },
        navigationProperties: {
          members: { to: `${name}_Person`, table: 'members.csv', sourceColumn: 'group', targetColumn: 'person' },
        },
      },
    ],
  };
}

/** One entity type over one file: what bad input is tried on. */
export function onePerson({
  name = 'one',
  directory = name,
  thresholds,
  windows = wideWindows,
  settings,
  key,
  properties,
  connection,
}: PeopleOptions = {}) {
  return {
    apiVersion: 'syncline/v1',
    kind: 'Connector',
    name,
    ...(thresholds ? { thresholds, windows } : {}),
    connections: [{ name: 'files', package: 'csv', settings: { directory, ...settings }, ...connection }],
    entityTypes: [
      {
        name: `${name}_Person`,
        source: { connection: 'files', table: 'people.csv' },
        key: ['id'],
        properties: { id: { column: 'id', ...key }, name: { column: 'name' }, mail: { column: 'mail' }, ...properties },
      },
    ],
  };
}

export const csv = (...lines: string[]) => lines.map((line) => `${line}\n`).join('');
