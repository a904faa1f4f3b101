import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csv, peopleAndGroups, wide, wideWindows } from '../test/support/connector.ts';
import { InProcess } from '../test/support/in-process.ts';
import { configurationChanges } from './configuration-changed.ts';

const all = Array.from({ length: 20 }, (_, i) => String(i));

/** The people belong to a connector of their own; teams lead to them by the key, whatever that is. */
const teams = (name: string) => ({
  ...{ apiVersion: 'syncline/v1', kind: 'Connector', name, thresholds: wide, windows: wideWindows },
  connections: [{ name: 'files', package: 'csv', settings: { directory: name } }],
  entityTypes: [
    {
      ...{ name: `${name}_Team`, source: { connection: 'files', table: 'teams.csv' }, key: ['id'] },
      properties: { id: { column: 'id' } },
      navigationProperties: { lead: { to: 'hr_Person', column: 'lead' } },
    },
  ],
});

function people(key: string) {
  const { entityTypes, ...file } = peopleAndGroups({ thresholds: wide });
  return { ...file, entityTypes: entityTypes.slice(0, 1).map((type) => ({ ...type, key: [key] })) };
}

describe('a key of another connector that changes', () => {
  let local: InProcess;
  beforeAll(async () => {
    local = await InProcess.start();
    await local.put(people('id'));
    await local.place('hr', {
      'people.csv': csv('id,name,mail,manager', ...all.map((i) => `E${i},Name ${i},e${i}@x,`)),
    });
    await local.sync('hr', 'complete');
  });
  afterAll(() => local.stop());

  it('keeps changes from being applied that were found by the old one', async () => {
    await local.put(teams('old'));
    await local.place('old', { 'teams.csv': csv('id,lead', ...all.map((i) => `T${i},E${i}`)) });
    local.dryRun = true;
    const found = await local.sync('old', 'complete');
    local.dryRun = false;
    expect(found).toMatchObject({ counters: { old_Team: { links: { lead: { inserted: 20 } } } } });
    await local.put({ ...people('id'), displayName: 'Staff' } as { name: string });
    expect(await configurationChanges(local.db, found)).toEqual([]);
    await local.put(people('mail'));
    expect(await configurationChanges(local.db, found)).toEqual(['old_Team.lead']);
    await local.put(people('id'));
    expect(await configurationChanges(local.db, found)).toEqual([]);
  });

  it('is the cause of the links that come or go by it', async () => {
    await local.put(teams('new'));
    await local.place('new', { 'teams.csv': csv('id,lead', ...all.map((i) => `T${i},e${i}@x`)) });
    expect(await local.sync('new', 'complete')).toMatchObject({
      counters: { new_Team: { inserted: 20, links: { lead: { inserted: 0, rejected: 20 } } } },
    });
    const revision = await local.db
      .raw<{ rows: { revision: number }[] }>(
        `select active_revision as revision from syncline.connector where name = 'hr'`,
      )
      .then(({ rows: [row] }) => row?.revision);
    await local.put(people('mail'));
    await local.sync('hr', 'complete');
    const id = (await local.sync('new', 'complete')).no;
    const { causes, counters } = await local.db
      .raw<{ rows: { causes: unknown[]; counters: unknown }[] }>(
        'select causes, counters from syncline.sync where no = ?',
        [id],
      )
      .then(({ rows: [row] }) => row ?? { causes: [], counters: {} });
    expect(counters).toMatchObject({ new_Team: { links: { lead: { inserted: 20 } } } });
    expect(causes[0]).toMatchObject({
      ...{ code: 'configuration-changed', entityType: 'new_Team', property: 'lead', lines: 20 },
      message: `The key of hr_Person, to which new_Team.lead leads, differs from revision ${String(revision)} of hr, which was in use when the last applied sync began.`,
    });
  });
});
