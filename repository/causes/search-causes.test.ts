import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noCauses } from './index.ts';
import { row, rows } from '../database.ts';
import type { SyncRow } from '../syncs.ts';
import { csv, onePerson } from '../../test/support/connector.ts';
import { InProcess } from '../../test/support/in-process.ts';
import { searchCauses } from './search-causes.ts';

describe('a fault in the search for causes', () => {
  let local: InProcess;
  let sync: SyncRow;
  beforeAll(async () => {
    local = await InProcess.start();
    await local.put(onePerson({ name: 'hr' }));
    await local.place('hr', { 'people.csv': csv('id,name,mail', 'E1,Ada,a@x') });
    sync = await local.sync('hr', 'complete');
  });
  afterAll(() => local.stop());

  const search = (sql: string) =>
    local.db.transaction(async (tx) => {
      const found = await searchCauses(tx, sync, async () => {
        await tx.raw('create temp table cause_sample (n int) on commit drop');
        await tx.raw(sql);
        return noCauses;
      });
      // the transaction goes on, without what the search has begun
      return { found, left: await row(tx, `select to_regclass('pg_temp.cause_sample') as name`) };
    });
  const warnings = () =>
    rows(
      local.db,
      `select data ->> 'message' as message from syncline.sync_event where sync = ? and data ->> 'level' = 'warn'`,
      [sync.no],
    );

  it('ends no sync: it names no cause, and its log says so', async () => {
    expect(await search(`select '92.5'::bigint`)).toEqual({ found: noCauses, left: { name: null } });
    expect(await warnings()).toContainEqual({ message: expect.stringContaining('SQLSTATE 22P02') as string });
  });

  it('is told apart from a database that cannot go on', async () => {
    await expect(search(`do $$ begin raise exception using errcode = '57014'; end $$`)).rejects.toThrow();
  });
});
