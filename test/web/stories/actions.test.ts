import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Sync } from '../../../domain/sync.ts';
import { csv, onePerson, wide } from '../../support/connector.ts';
import { accessibilityFaults, isTooWide } from '../support/axe.ts';
import { TestConsole } from '../support/console.ts';

/** What a person does with rows and jobs, and to start a sync. */
describe('people at the console', { timeout: 180_000 }, () => {
  let web: TestConsole;
  let applied: Sync;
  beforeAll(async () => {
    web = await TestConsole.start();
    const { stack } = web;
    const file = onePerson({ name: 'hr', thresholds: wide });
    const [person] = file.entityTypes;
    await stack.put(
      { ...file, entityTypes: [{ ...person, label: 'name', users: true, managed: { by: 'hand' } }] },
      'hr',
    );
    const rows = Array.from({ length: 130 }, (_, i) => `E${String(i).padStart(3, '0')},Name ${String(i)},`);
    await stack.place('hr', { 'people.csv': csv('id,name,mail', ...rows) });
    applied = await stack.syncAndResume('hr');
    await stack.put(onePerson({ name: 'large' }), 'large');
    await stack.place('large', { 'people.csv': csv('id,name,mail', ...rows) });
  }, 240_000);
  afterAll(() => web.stop());
  afterEach(() => web.close());

  const faults = async (page: Page) => {
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await isTooWide(page)).toBe(false);
  };
  const managed = async () =>
    (await web.stack.all<{ key: string[] }>('/v1/entity-types/hr_Person/resources?managed=true')).map(
      ({ key }) => key[0],
    );

  it.each([
    [1280, 'light'],
    [320, 'dark'],
  ] as const)('mark those that are chosen as managed, and back, at %i px', async (width, scheme) => {
    const page = await web.open('/types/hr_Person', { width, scheme });
    const bar = page.getByRole('group', { name: 'Chosen resources' });
    await bar.getByText('None is chosen').waitFor();
    await page.getByRole('checkbox', { name: 'Choose Name 1', exact: true }).check();
    // by keys: from the link of a row
    await page.getByRole('link', { name: 'Name 3', exact: true }).focus();
    await page.keyboard.press('x');
    await bar.getByText('2 resources chosen').waitFor();
    // a tick that is half below the bar at the top has no fault
    await page.evaluate('scrollTo(0, 0)');
    await faults(page);
    await bar.getByRole('button', { name: 'Manage 2' }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Manage 2 resources' });
    await dialog.getByText('Syncs of managed resources take 2 resources of hr_Person, too.').waitFor();
    await faults(page);
    await dialog.getByRole('button', { name: 'Manage 2' }).click();
    await bar.getByText('None is chosen').waitFor();
    expect(await managed()).toEqual(['E001', 'E003']);
    await page.goto(`${web.stack.api}/types/hr_Person?managed=true`);
    await bar.getByRole('button', { name: 'Choose the 2 shown' }).click();
    await bar.getByRole('button', { name: 'Stop managing 2' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Stop managing 2' }).click();
    await page.getByText('None of 130 fits this filter').waitFor();
    expect(await managed()).toEqual([]);
  });

  it('filter by properties and sort in the address, at 1280 and at 320 px', async () => {
    const page = await web.open('/types/hr_Person');
    const list = page.getByRole('table', { name: 'hr_Person' });
    const first = () => list.getByRole('row').nth(1).getByRole('link').first().textContent();
    const at = (wanted: Record<string, string[]>) =>
      page.waitForURL(({ searchParams }) =>
        Object.entries(wanted).every(([name, values]) => searchParams.getAll(name).join() === values.join()),
      );
    await list.getByRole('button', { name: 'name' }).click();
    await at({ sort: ['name'] });
    await list.getByRole('columnheader', { name: 'name' }).and(page.locator('[aria-sort=ascending]')).waitFor();
    await list.getByRole('button', { name: 'name' }).press('Enter');
    await at({ sort: ['-name'] });
    await expect.poll(first).toBe('Name 99');
    const csv = await page.getByRole('link', { name: 'CSV' }).getAttribute('href');
    expect(new URL(csv ?? '', page.url()).searchParams.get('sort')).toBe('-name');
    for (const value of ['Name 7', 'Name 8']) {
      await page.getByLabel('Filter by').selectOption('name');
      await page.getByLabel('name is').fill(value);
      await page.keyboard.press('Enter');
      await page.getByRole('group', { name: 'Filters' }).getByText(value, { exact: true }).waitFor();
    }
    await at({ sort: ['-name'], 'filter[name]': ['Name 7', 'Name 8'] });
    await expect.poll(() => list.getByRole('row').count()).toBe(3);
    expect(await first()).toBe('Name 8');
    await faults(page);
    await page.getByRole('button', { name: 'Remove name Name 8' }).click();
    await at({ 'filter[name]': ['Name 7'] });
    await expect.poll(() => list.getByRole('row').count()).toBe(2);
    // the link shows the same list to somebody else, on a narrow screen, too
    const other = await web.open(new URL(page.url()).pathname + new URL(page.url()).search, {
      width: 320,
      scheme: 'dark',
    });
    await other.getByRole('link', { name: 'Name 7', exact: true }).waitFor();
    await other.getByLabel('Filter by').selectOption('mail');
    await other.getByLabel(/^Or/).selectOption('is not empty');
    await other.getByText('None of 130 fits these 2 filters').waitFor();
    await faults(other);
    await other.getByRole('button', { name: 'Remove mail is empty' }).click();
    await other.getByLabel('Sort by').selectOption('name, up');
    await other.getByRole('button', { name: 'Remove name', exact: true }).click();
    await other.getByRole('link', { name: 'Name 0', exact: true }).waitFor();
    expect(new URL(other.url()).search).toBe('?sort=name');
    await faults(other);
  });

  it('forget what was chosen under another filter, and say which are gone where the API refuses', async () => {
    const page = await web.open('/types/hr_Person');
    const bar = page.getByRole('group', { name: 'Chosen resources' });
    await page.getByRole('checkbox', { name: 'Choose Name 1', exact: true }).check();
    await bar.getByText('1 resource chosen').waitFor();
    await page.getByLabel('Managed').selectOption('false');
    await bar.getByText('None is chosen').waitFor();
    await bar.getByRole('button', { name: /^Choose the / }).click();
    await web.stack.place('hr', { 'people.csv': csv('id,name,mail', 'E000,Name 0,', 'E001,Name 1,') });
    await bar.getByRole('button', { name: /^Manage / }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Cancel' }).waitFor();
    await web.stack.syncAndResume('hr');
    await dialog.getByRole('button', { name: /^Manage / }).click();
    await dialog.getByText('There is no hr_Person with this key').first().waitFor();
    expect(await managed()).toEqual([]);
  });

  it.each([
    [1280, 'light'],
    [320, 'dark'],
  ] as const)(
    'make a job, see when it would run, change it, and delete it by its name, at %i px',
    async (width, scheme) => {
      const name = `weekly-${String(width)}`;
      const page = await web.open('/jobs', { width, scheme });
      await page.getByRole('link', { name: 'Job Execution' }).click();
      await page.getByRole('heading', { level: 1, name: 'Job Execution' }).waitFor();
      await page.goBack();
      await page.getByRole('button', { name: 'New job' }).click();
      const form = page.getByRole('dialog', { name: 'New job' });
      const runs = form.getByRole('group', { name: 'Next runs' });
      await expect.poll(() => runs.getByRole('listitem').count()).toBe(5);
      await form.getByText('A job is named with small letters').waitFor();
      await form.getByLabel('Job name').fill(name);
      // what is typed is not lost by Esc, Back or Forward without a question
      await page.keyboard.press('Escape');
      await page.getByRole('dialog', { name: 'Leave without saving' }).getByRole('button', { name: 'Stay' }).click();
      await page.evaluate('history.forward()');
      await page.getByRole('dialog', { name: 'Leave without saving' }).getByRole('button', { name: 'Stay' }).click();
      expect(await form.getByLabel('Job name').inputValue()).toBe(name);
      await form.getByLabel('Cron').fill('@weekly');
      await runs.getByText(/five fields/).waitFor();
      await form.getByLabel('Cron').fill('0 4 * * 1');
      await runs.getByText('At 04:00, only on Monday').waitFor();
      await expect.poll(() => runs.getByText(/^Mon .*04:00/).count()).toBe(5);
      await form.getByLabel('Only these').check();
      await form.getByText('Choose a connector.').waitFor();
      await form.getByLabel('hr', { exact: true }).check();
      await faults(page);
      await form.getByRole('button', { name: 'Create' }).click();
      await page.getByRole('heading', { level: 1, name }).waitFor();
      const saved = await web.stack.get<Record<string, unknown>>(`/v1/jobs/${name}`);
      expect(saved).toMatchObject({ connectors: ['hr'], cron: '0 4 * * 1', timezone: 'Europe/Berlin', revision: 1 });
      // somebody else saves it while the form is open
      await page.getByRole('button', { name: 'Edit' }).click();
      const edit = page.getByRole('dialog', { name: `Edit ${name}` });
      await edit.getByLabel('The new one waits').check();
      const { mode, cron, timezone } = saved;
      await web.stack.call('PUT', `/v1/jobs/${name}`, { mode, cron, timezone, connectors: ['*'] });
      await edit.getByText('Somebody has saved this job meanwhile').waitFor();
      await edit.getByRole('button', { name: 'Save' }).click();
      await edit.getByText(/The revision of the job is 2, not 1/).waitFor();
      await edit.getByRole('button', { name: 'Begin again from revision 2' }).click();
      expect(await edit.getByLabel('Every connector that is active').isChecked()).toBe(true);
      await edit.getByLabel('The new one waits').check();
      await edit.getByRole('button', { name: 'Save' }).click();
      // the dialog has words like those of the page
      await edit.waitFor({ state: 'hidden' });
      await page.getByText('the new one waits').waitFor();
      expect(await web.stack.get(`/v1/jobs/${name}`)).toMatchObject({
        overlap: 'wait',
        connectors: ['*'],
        revision: 3,
      });
      await page.getByRole('button', { name: 'Delete' }).click();
      const dialog = page.getByRole('dialog', { name: `Delete ${name}` });
      const go = dialog.getByRole('button', { name: `Delete ${name}` });
      expect(await go.isDisabled()).toBe(true);
      await dialog.getByLabel('Name of the job').fill('weekly');
      expect(await go.isDisabled()).toBe(true);
      await dialog.getByLabel('Name of the job').fill(name);
      await go.click();
      await page.waitForURL(/\/jobs$/);
      expect((await web.stack.call('GET', `/v1/jobs/${name}`)).status).toBe(404);
    },
  );

  it('pause a job with a word why, find it on the overview, and let it go on', async () => {
    const job = { mode: 'complete', connectors: ['hr'], cron: '0 3 1 1 *', timezone: 'UTC' };
    await web.stack.call('PUT', '/v1/jobs/yearly', job);
    const page = await web.open('/jobs/yearly');
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await page.getByRole('dialog').getByLabel('Why').fill('the source is being moved');
    await page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click();
    await page.getByText('None while it is paused.').waitFor();
    await page.getByRole('link', { name: 'Overview', exact: true }).click();
    const line = page.getByRole('listitem').filter({ hasText: 'The job yearly is paused' });
    await line.getByText('the source is being moved').waitFor();
    await faults(page);
    await line.getByRole('link', { name: 'Open yearly' }).click();
    await page.getByRole('button', { name: 'Unpause', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Unpause' }).click();
    await page.getByRole('button', { name: 'Pause', exact: true }).waitFor();
    await page.getByRole('link', { name: 'Overview', exact: true }).click();
    await line.waitFor({ state: 'detached' });
    await web.stack.call('DELETE', '/v1/jobs/yearly');
  });

  it('start a sync in the place of a held one by the name of its connector, with limits of its own', async () => {
    const page = await web.open('/connectors/large');
    // the page does not hear of syncs that others start
    let deaf = true;
    await page.route(/\/v1\/syncs\?.*status=held/, (route) =>
      deaf ? route.fulfill({ json: { items: [], nextCursor: null } }) : route.continue(),
    );
    await page.goto(`${web.stack.api}/connectors/large?start=large`);
    const dialog = page.getByRole('dialog', { name: 'Sync large: All Tasks' });
    await dialog.getByText('Limits for this sync alone').click();
    await dialog.getByLabel('Inserted lines, at most').fill('1,000');
    const start = dialog.getByRole('button', { name: 'Start', exact: true });
    await dialog.getByText('Say why this sync has limits of its own.').waitFor();
    expect(await start.isDisabled()).toBe(true);
    await dialog.getByLabel('Why this sync has limits of its own').fill('a school joins');
    await faults(page);
    const held = await web.stack.sync('large');
    expect(held.status).toBe('held');
    deaf = false;
    await start.click();
    await dialog.getByText(/is held: resume or reject it/).waitFor();
    await dialog.getByRole('link', { name: 'review it' }).waitFor();
    await faults(page);
    const second = await web.open(`/syncs/${held.id}`);
    await second.getByRole('link', { name: 'Supersede', exact: true }).click();
    await second
      .getByRole('dialog', { name: 'Sync large: All Tasks' })
      .getByRole('link', { name: 'review it' })
      .waitFor();
    const replace = dialog.getByRole('button', { name: 'Replace and start' });
    expect(await replace.isDisabled()).toBe(true);
    await dialog.getByLabel(/type the name of the connector/).fill('large');
    await replace.click();
    await page.getByRole('heading', { level: 1, name: 'Sync of large' }).waitFor();
    expect(await web.stack.get(`/v1/syncs/${held.id}`)).toMatchObject({ status: 'superseded' });
    const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    expect(await web.stack.settled(id)).toMatchObject({
      overrides: { thresholds: { maximumInsertedLines: 1000 }, reason: 'a school joins' },
    });
  });

  it('download the open errors, and read one resource again from its row', async () => {
    const { stack } = web;
    const since = { since: { column: 'since', type: 'date' } };
    await stack.put(onePerson({ name: 'faulty', thresholds: wide, properties: since }), 'faulty');
    await stack.place('faulty', {
      'people.csv': csv('id,name,mail,since', 'E1,Ada,,2020-01-31', 'E2,Ben,,x', 'E3,Cyd,,y'),
    });
    await stack.syncAndResume('faulty');
    const page = await web.open('/errors?connector=faulty&code=format');
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'CSV' }).click();
    expect((await download).suggestedFilename()).toBe('open-errors.csv');
    const rows = page.getByRole('table', { name: 'Errors of faulty_Person.since' });
    await rows.getByRole('link', { name: 'E2', exact: true }).waitFor();
    await faults(page);
    await stack.place('faulty', { 'people.csv': csv('id,name,mail,since', 'E2,Ben,,2020-01-31', 'E3,Cyd,,y') });
    await rows.getByRole('button', { name: 'Sync item E2' }).click();
    await page.getByRole('dialog', { name: 'Sync item' }).getByRole('button', { name: 'Sync item' }).click();
    await page.getByRole('heading', { level: 1, name: 'Sync of faulty' }).waitFor();
    await stack.settled(new URL(page.url()).pathname.split('/').at(-1) ?? '');
    await page.goto(`${stack.api}/errors?connector=faulty&code=format`);
    await rows.getByRole('link', { name: 'E3', exact: true }).waitFor();
    expect(await rows.getByRole('link', { name: 'E2', exact: true }).count()).toBe(0);
  });

  it('start a sync of people from the page of a type that has people, and of no other', async () => {
    const page = await web.open('/types/large_Person');
    await page.getByRole('heading', { level: 1, name: 'large_Person' }).waitFor();
    await page.getByText('Nothing is stored yet').waitFor();
    expect(await page.getByRole('button', { name: 'Sync Users' }).count()).toBe(0);
    await page.goto(`${web.stack.api}/types/hr_Person`);
    await page.getByRole('button', { name: 'Sync Users' }).click();
    const dialog = page.getByRole('dialog', { name: 'Sync Users of hr' });
    await dialog.getByRole('button', { name: 'Start' }).click();
    await page.waitForURL(/syncs[?]connector=hr/);
    const newest = await web.stack.get<{ items: [Sync] }>('/v1/syncs?connector=hr&limit=1');
    expect(newest.items[0].scope).toMatchObject({ users: 'only' });
    await web.stack.settled(newest.items[0].id);
  });

  it('reload a connector, and see what that has changed', async () => {
    const { stack } = web;
    await stack.put(onePerson({ name: 'changing' }), 'changing');
    await stack.place('changing', { 'people.csv': csv('id,name,mail,site', 'E1,Ada,,Rome') });
    const more = onePerson({ name: 'changing', properties: { site: { column: 'site' } } });
    await stack.call('PUT', '/v1/connectors/changing?activate=false', more);
    const page = await web.open('/connectors/changing');
    await page.getByText('revision 2 is saved, but not in use').waitFor();
    await page.getByRole('button', { name: 'Reload' }).click();
    await page.getByRole('dialog', { name: 'Reload changing' }).getByRole('button', { name: 'Reload' }).click();
    const dialog = page.getByRole('dialog', { name: 'changing is reloaded' });
    await dialog.getByText('Revision 2 is in use; before, it was 1.').waitFor();
    expect(await dialog.getByRole('listitem').allTextContents()).toEqual(['New property: changing_Person.site']);
    await faults(page);
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('revision 2', { exact: true }).waitFor();
  });

  it('delete a connector by its name, and not while something of it is stored', async () => {
    await web.stack.put(onePerson({ name: 'empty' }), 'empty');
    const open = async (name: string) => {
      const page = await web.open(`/connectors/${name}`);
      await page.getByRole('button', { name: 'More' }).click();
      await page.getByRole('menuitem', { name: 'Delete the connector' }).click();
      const dialog = page.getByRole('dialog', { name: `Delete ${name}` });
      const go = dialog.getByRole('button', { name: `Delete ${name}` });
      expect(await go.isDisabled()).toBe(true);
      await dialog.getByLabel('Name of the connector').fill(name);
      await go.click();
      return { page, dialog };
    };
    const full = await open('hr');
    await full.dialog.getByText(/^hr still has resources/).waitFor();
    await faults(full.page);
    const { page } = await open('empty');
    await page.waitForURL(/\/connectors$/);
    expect((await web.stack.call('GET', '/v1/connectors/empty')).status).toBe(404);
  });

  it.each([1280, 320])('read one resource again from its row in the list, at %i px', async (width) => {
    const [one] = await web.stack.all<{ key: string[] }>('/v1/entity-types/hr_Person/resources');
    const key = one?.key[0] ?? '';
    const page = await web.open(`/types/hr_Person?q=${key}`, { width });
    await page.getByRole('button', { name: `Sync item ${key}`, exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Sync item' }).getByText(`hr_Person ${key}`).waitFor();
    await faults(page);
    await page.getByRole('dialog').getByRole('button', { name: 'Sync item' }).click();
    await page.getByRole('heading', { level: 1, name: 'Sync of hr' }).waitFor();
    await page.getByText('1 keys').waitFor();
    await page.goto(`${web.stack.api}/types/hr_Person?asOf=${applied.id}`);
    await page.getByRole('link', { name: 'Name 1', exact: true }).waitFor();
    expect(await page.getByRole('button', { name: /^Sync item/ }).count()).toBe(0);
  });

  it.each([1280, 320])('compare a sync with the one before it, or with any other, at %i px', async (width) => {
    const next = await web.stack.syncAndResume('hr');
    const page = await web.open('/syncs?connector=hr&trigger=manual', { width });
    await page.getByRole('link', { name: 'Compare this sync of hr with the one before it' }).first().click();
    await page.getByRole('heading', { level: 1, name: 'Two syncs of hr' }).waitFor();
    await page.waitForURL((url) => url.searchParams.get('second') === next.id);
    const counted = page.getByRole('table', { name: 'What they counted' });
    await counted.getByRole('row').filter({ hasText: 'hr_Person stored' }).waitFor();
    await faults(page);
    const others = page.getByLabel('Compare with');
    // the browser makes a select as wide as its longest choice, where nothing keeps it from that
    const longest = '"30 Sept, 23:59, completed with errors"';
    await others.evaluate(`(select) => select.add(new Option(${longest}))`);
    const shown = (await others.boundingBox())?.width ?? 0;
    await others.evaluate('(select) => select.style.setProperty("max-width", "none")');
    expect((await others.boundingBox())?.width).toBe(shown);
    await others.evaluate('(select) => select.remove(select.options.length - 1)');
    await others.selectOption(applied.id);
    await page.waitForURL((url) => url.searchParams.get('first') === applied.id);
    const inserts = counted.getByRole('row').filter({ hasText: 'hr_Person inserts' });
    await inserts.getByText('−130', { exact: true }).waitFor();
    await faults(page);
    // the other way round: the difference is still what came later
    await page.goto(`${web.stack.api}/syncs/compare?first=${next.id}&second=${applied.id}`);
    await inserts.getByText('−130', { exact: true }).waitFor();
    expect(await counted.getByRole('columnheader').allTextContents()).toEqual([
      'Counter',
      'Earlier',
      'Later',
      'Difference',
    ]);
    await page.goto(`${web.stack.api}/syncs/compare`);
    await page.getByText('Choose a sync first').waitFor();
  });
});
