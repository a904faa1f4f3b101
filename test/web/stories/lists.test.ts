import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { csv, onePerson, wide } from '../../support/connector.ts';
import { accessibilityFaults, isTooWide } from '../support/axe.ts';
import { TestConsole } from '../support/console.ts';

/** What a person does with the rows of a list. */
describe('the lists of the console', { timeout: 180_000 }, () => {
  let web: TestConsole;
  beforeAll(async () => {
    web = await TestConsole.start();
    const { stack } = web;
    const file = onePerson({ name: 'hr', thresholds: wide });
    const [person] = file.entityTypes;
    await stack.put({ ...file, entityTypes: [{ ...person, label: 'name', managed: { by: 'hand' } }] }, 'hr');
    const rows = Array.from({ length: 130 }, (_, i) => `E${String(i).padStart(3, '0')},Name ${String(i)},`);
    await stack.place('hr', { 'people.csv': csv('id,name,mail', ...rows) });
    await stack.syncAndResume('hr');
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
});
