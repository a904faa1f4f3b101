import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csv, onePerson, wide, wideWindows } from '../support/connector.ts';
import { InProcess } from '../support/in-process.ts';

const table = 'people-*.csv';

/** People from several files of a folder. */
const people = (name: string, take: 'newest' | 'all') => {
  const file = onePerson({ name, thresholds: wide, windows: wideWindows, settings: { tables: { [table]: { take } } } });
  return {
    ...file,
    entityTypes: file.entityTypes.map((type) => ({ ...type, source: { ...type.source, table } })),
  };
};
const rows = (...ids: string[]) => csv('id,name,mail', ...ids.map((id) => `${id},Name ${id},`));

describe('a table of several files', () => {
  let world: InProcess;
  beforeAll(async () => {
    world = await InProcess.start();
  });
  afterAll(() => world.stop());

  const sync = async (name: string) => {
    const ended = await world.sync(name, 'complete');
    const { counters, completeness, deletesWithheld, exportRef } = ended;
    return { people: counters[`${name}_Person`], table: completeness[table], deletesWithheld, exportRef };
  };

  it('deletes nobody while a file is missing that the last applied sync had', async () => {
    await world.put(people('parts', 'all'));
    await world.place('parts', { 'people-a.csv': rows('1', '2'), 'people-b.csv': rows('3', '4') });
    expect(await sync('parts')).toMatchObject({
      people: { inserted: 4 },
      table: { certified: true, checkpoint: { name: '2 files up to people-b.csv' } },
    });
    // the same files: nothing was exported
    expect((await sync('parts')).exportRef).toBeNull();
    await world.remove('parts', 'people-b.csv');
    await world.place('parts', { 'people-a.csv': rows('1', '5') });
    // also in the second sync, which was not the first one without the file
    for (const inserted of [1, 0])
      expect(await sync('parts')).toMatchObject({
        people: { inserted, deleted: 0 },
        table: { certified: false, code: 'part-missing' },
        deletesWithheld: 3,
      });
    await world.place('parts', { 'people-b.csv': rows('3', '4') });
    expect(await sync('parts')).toMatchObject({
      people: { inserted: 0, updated: 0, deleted: 1 },
      table: { certified: true },
      deletesWithheld: 0,
    });
  });

  it('changes only what differs from one day to the next, and nothing for a file of an earlier day', async () => {
    await world.put(people('daily', 'newest'));
    await world.place('daily', { 'people-1.csv': rows('1', '2', '3') });
    expect(await sync('daily')).toMatchObject({ people: { inserted: 3 }, table: { certified: true } });
    await world.place('daily', { 'people-2.csv': rows('1', '2', '4') });
    expect(await sync('daily')).toMatchObject({
      people: { inserted: 1, updated: 0, deleted: 1 },
      table: { certified: true, checkpoint: { name: 'people-2.csv' } },
    });
    await world.remove('daily', 'people-2.csv');
    await expect(sync('daily')).rejects.toMatchObject({ code: 'older-file' });
  });
});
