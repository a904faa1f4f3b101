import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cause } from '../../domain/sync.ts';
import { csv, onePerson } from '../../test/support/connector.ts';
import { InProcess } from '../../test/support/in-process.ts';
import { row } from '../database.ts';

describe('a column whose values are nearly all gone', () => {
  let local: InProcess;
  beforeAll(async () => {
    local = await InProcess.start();
    await local.put(onePerson({ name: 'hr', properties: { lead: { column: 'lead' } } }));
    await local.place(
      'hr',
      people((isLead) => (isLead ? 'true' : 'false')),
    );
    await local.sync('hr', 'complete');
    local.dryRun = true;
  });
  afterAll(() => local.stop());

  /** Forty people, of whom two lead. */
  function people(lead: (isLead: boolean) => string) {
    const rows = Array.from({ length: 40 }, (_, n) => `E${String(n)},Name ${String(n)},m${String(n)}@x,${lead(n < 2)}`);
    return { 'people.csv': csv('id,name,mail,lead', ...rows) };
  }

  async function firstCause() {
    const { no } = await local.sync('hr', 'complete');
    const found = await row<{ causes: Cause[] }>(local.db, 'select causes from syncline.sync where no = ?', [no]);
    return found?.causes[0]?.code;
  }

  it('is blank if none is left', async () => {
    await local.place(
      'hr',
      people(() => ''),
    );
    expect(await firstCause()).toBe('blank-column');
  });

  it('is blank if the few that are left say what they said', async () => {
    await local.place(
      'hr',
      people((isLead) => (isLead ? 'true' : '')),
    );
    expect(await firstCause()).toBe('blank-column');
  });

  it('says yes and no with other words if those that are left have another word for yes', async () => {
    await local.place(
      'hr',
      people((isLead) => (isLead ? 'X' : '')),
    );
    expect(await firstCause()).toBe('boolean-format-changed');
  });
});
