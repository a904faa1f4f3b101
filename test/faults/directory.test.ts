import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MarkedPoint } from '../../domain/marked-points.ts';
import type { Sync } from '../../domain/sync.ts';
import { openDatabase, rows, type Database } from '../../repository/database.ts';
import { csv } from '../support/connector.ts';
import { directoryFile, hrFile, profiles } from '../support/directory.ts';
import { Faults } from '../support/faults.ts';
import { Stack } from '../support/stack.ts';

/** `npm run test:faults`: every point. */
const points: MarkedPoint[] =
  process.env['FAULTS'] === 'all'
    ? [
        'prepare/rows-staged',
        'prepare/before-commit',
        'synchronize/before-commit',
        'synchronize/committed',
        'apply/before-commit',
        'apply/committed',
        'settle/begun',
        'settle/ended',
      ]
    : ['synchronize/committed', 'apply/before-commit'];

const people = (n: number) =>
  csv(
    'id,first,last,mail,department,phone,type,manager',
    `E1,Ann,Arc ${String(n)},ann@x.org,Eng,,staff,`,
    `E2,Bob,Bow,bob@x.org,Eng,${String(n)},staff,${n % 2 === 0 ? 'E1' : ''}`,
    // who stays, so that nothing is held
    ...['E3', 'E4', 'E5'].map((id) => `${id},Who,Stays,${id}@x.org,Ops,,staff,E1`),
    `J${String(n)},New,One,j${String(n)}@x.org,Ops,,staff,E2`,
  );

describe('a worker that is killed while the directory is mapped', { timeout: 300_000 }, () => {
  let faults: Faults;
  let stack: Stack;
  let db: Database;
  let state = 0;
  beforeAll(async () => {
    faults = await Faults.create();
    stack = await Stack.start({ SYNCLINE_PREVIEW: 'directory', ...faults.environment });
    db = openDatabase(stack.databaseUrl, { applicationName: 'test', poolSize: 1, statementTimeoutMs: 60_000 });
    await stack.put(directoryFile(), 'directory');
    await stack.put(hrFile(), 'hr');
    // the test starts each run of mappings itself
    await stack.call('POST', '/v1/connectors/directory/deactivate');
    await stack.until(async () =>
      (await stack.all<Sync>('/v1/syncs?connector=directory')).every((sync) => sync.endedAt),
    );
    await stack.place('hr', { 'people.csv': people(state) });
    await stack.syncAndResume('hr');
    await stack.syncAndResume('directory', { mode: 'complete' });
  });
  afterAll(async () => {
    await db.destroy();
    await stack.stop();
    await faults.remove();
  });

  it.each(points)('at %s loses no change and makes none twice', async (point) => {
    await stack.place('hr', { 'people.csv': people(++state) });
    expect((await stack.sync('hr')).applied).toBe(true);
    await faults.arm(point);
    const { id } = await stack.startSync('directory', { mode: 'incremental' });
    await faults.reached(point);
    await stack.kill('worker');
    stack.launch('worker');
    const done = await stack.settled(id);
    expect(done).toMatchObject({ status: 'completed', applied: true });
    expect(done.counters['User']).toMatchObject({ inserted: 1, updated: 2, deleted: 0 });
    expect(done.counters['hr_Person->User']).toMatchObject({ inserted: 1, deleted: 1 });
    for (const table of ['due', 'due_taken']) expect(await rows(db, `select * from syncline.${table}`)).toEqual([]);
    const whole = await stack.sync('directory', { mode: 'complete', dryRun: true });
    expect(await stack.all(`/v1/syncs/${whole.id}/changes`)).toEqual([]);
    expect((await profiles(stack, 'User', 'employeeId'))['E1']?.['displayName']).toBe(`Ann Arc ${String(state)}`);
  });
});
