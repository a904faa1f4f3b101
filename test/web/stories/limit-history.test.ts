import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Sync } from '../../../domain/sync.ts';
import { csv, onePerson } from '../../support/connector.ts';
import { accessibilityFaults, isTooWide } from '../support/axe.ts';
import { picture, TestConsole } from '../support/console.ts';

const people = (count: number) =>
  csv(
    'id,name,mail',
    ...Array.from({ length: count }, (_, i) => `E${String(i)},Name ${String(i)},n${String(i)}@x.org`),
  );

/** A person who wonders whether a limit fits what happens. */
describe('counts against limits', { timeout: 180_000 }, () => {
  let web: TestConsole;
  let held: Sync;
  beforeAll(async () => {
    web = await TestConsole.start();
    const { stack } = web;
    for (const name of ['hr', 'unused']) {
      const file = onePerson({ name });
      const watch = [{ property: 'mail', to: ['a@x.org', 'b@x.org'], from: ['c@x.org'], maximumLines: 2 }];
      await stack.put({ ...file, entityTypes: [{ ...file.entityTypes[0], watch }] }, name);
    }
    await stack.place('hr', { 'people.csv': people(60) });
    await stack.syncAndResume('hr');
    await stack.place('hr', { 'people.csv': people(59) });
    expect((await stack.sync('hr')).status).toBe('completed');
    await stack.place('hr', { 'people.csv': people(39) });
    await stack.sync('hr', { dryRun: true });
    held = await stack.sync('hr');
    expect(held.status).toBe('held');
  }, 240_000);
  afterAll(() => web.stop());
  afterEach(() => web.close());

  it('are charts that say in words what they show, and a table with a link to each sync', async () => {
    const page = await web.open('/connectors/hr/limits');
    const region = page.getByRole('region', { name: 'The last syncs' });
    // 60 came at first, when the limit was 0; one went, then 20 of 59, of which 5 % are 2. The dry run does not count
    await region
      .getByRole('img', {
        name: 'Deletes of 3 syncs: 20 in the last one, at most 20, limit now 2. 1 sync exceeded the limit.',
      })
      .waitFor();
    await region
      .getByRole('img', {
        name: 'Inserts of 3 syncs: 0 in the last one, at most 60, limit now 2. 1 sync exceeded the limit.',
      })
      .waitFor();
    expect(await region.getByRole('img').count()).toBe(6);
    await picture(page, '', 'limits');
    const table = page.getByRole('table', { name: 'Counts against limits' });
    expect(await table.count()).toBe(0);
    await region.getByText('The same as a table').focus();
    await page.keyboard.press('Enter');
    const rows = table.getByRole('row');
    await expect.poll(() => rows.count(), { timeout: 20_000 }).toBe(4);
    const newest = rows.nth(1);
    expect(await newest.getByRole('cell').nth(1).textContent()).toBe('20 exceedslimit 2');
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize({ width: 320, height: 640 });
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await isTooWide(page)).toBe(false);
    await newest.getByRole('link').click();
    await page.waitForURL(`**/syncs/${held.id}`);
  });

  it('have windows with what is used of them, watches, and a fragment for the file', async () => {
    const page = await web.open('/connectors/hr/limits');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const windows = page.getByRole('table', { name: 'Windows' });
    const row = windows.getByRole('row').filter({ hasText: '24 hours' }).filter({ hasText: 'Deleted lines, at most' });
    await row.waitFor();
    // one was deleted by a sync that nobody had to approve
    expect(await row.getByRole('cell').allTextContents()).toEqual(['24 hours', 'Deleted lines, at most', '200', '1']);
    expect(await windows.getByRole('row').count()).toBe(9);
    const watches = page.getByRole('table', { name: 'Watches' });
    await watches.getByText('mail becomes a@x.org, b@x.org from c@x.org').waitFor();
    await page.getByRole('region', { name: 'In force' }).getByRole('button', { name: 'Copy fragment' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    const copied = await page.evaluate<string>('navigator.clipboard.readText()');
    const file = { ...onePerson({ name: 'hr' }), ...(parse(copied) as object) };
    const { body } = await web.stack.call('POST', '/v1/connectors/validate', file);
    expect(body).toMatchObject({ valid: true });
    await page.setViewportSize({ width: 320, height: 640 });
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await isTooWide(page)).toBe(false);
  });

  it('stand in little room on the page of the connector, without the kinds that never came', async () => {
    const page = await web.open('/connectors/hr');
    const region = page.getByRole('region', { name: 'Counts against limits' });
    await region.getByRole('img', { name: /^Deletes of 3 syncs/ }).waitFor();
    expect(await region.getByRole('img').count()).toBe(2);
    // the limits in force, as numbers
    await region.getByText('100 or 5 %', { exact: true }).first().waitFor();
    await region.getByRole('link', { name: 'Limits, and the table' }).click();
    await page.getByRole('heading', { level: 1, name: 'Limits of hr' }).waitFor();
  });

  it('say that there are none before the first sync', async () => {
    const page = await web.open('/connectors/unused/limits');
    await page.getByText('No sync of the whole connector has been judged yet').waitFor();
  });
});
