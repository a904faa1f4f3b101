import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { csv, onePerson } from '../../support/connector.ts';
import { accessibilityFaults, isTooWide } from '../support/axe.ts';
import { TestConsole } from '../support/console.ts';

/** What a person does with the text of a connector file. */
describe('people with a connector file', { timeout: 180_000 }, () => {
  let web: TestConsole;
  beforeAll(async () => {
    web = await TestConsole.start();
    const { stack } = web;
    await stack.put(onePerson({ name: 'hr' }), 'hr');
    await stack.place('hr', { 'people.csv': csv('id,name,mail', 'E00007,Name 7,n7@x.org') });
    await stack.sync('hr');
  }, 240_000);
  afterAll(() => web.stop());
  afterEach(() => web.close());

  const faults = async (page: Page) => {
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await isTooWide(page)).toBe(false);
  };

  it('test each connection, and keep the answer beside it', async () => {
    const page = await web.open('/connectors/hr');
    const row = page.getByRole('table', { name: 'Connections' }).getByRole('row').nth(1);
    await row.getByText('not tested').waitFor();
    const test = page.getByRole('region', { name: 'Connections' }).getByRole('button', { name: 'Test', exact: true });
    // again, too: an answer is asked for each time
    for (let i = 0; i < 2; i++) {
      const answer = page.waitForResponse((response) => response.url().endsWith('/v1/connectors/hr/test'));
      await test.click();
      const dialog = page.getByRole('dialog', { name: 'Test of hr' });
      await answer;
      await dialog.getByText('answers', { exact: true }).waitFor();
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      await row.getByText('answers', { exact: true }).waitFor();
    }
    await faults(page);
  });

  it('check a file without saving it, with the line of each fault, and name what it would change', async () => {
    const page = await web.open('/connectors/hr/file');
    const box = page.getByRole('textbox', { name: 'Connector file' });
    await box.waitFor();
    await page.getByRole('button', { name: 'Validate' }).click();
    await page.getByText('The file is valid').waitFor();
    await box.click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('displayName: Not saved');
    await page.getByRole('button', { name: 'Preview', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Preview with the text of the editor' });
    await dialog.getByLabel('Key').fill('E00007');
    await dialog.getByRole('button', { name: 'Preview', exact: true }).click();
    await dialog.getByRole('region', { name: 'What it becomes' }).getByText('n7@x.org').waitFor();
    await faults(page);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await box.click();
    await page.keyboard.press('Control+End');
    await page.keyboard.press('Enter');
    await page.keyboard.type('nonsense: true');
    await page.getByRole('button', { name: 'Validate' }).click();
    await page
      .getByText(/^Line \d+: /)
      .first()
      .waitFor();
    await page.getByText('The file cannot be used').waitFor();
    // what is typed is not lost by a way to another page, by Back, or by closing the tab
    const lines = box.locator('.cm-line');
    const leaving = page.getByRole('dialog', { name: 'Leave without saving' });
    const jobs = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Jobs' });
    await jobs.click();
    await leaving.waitFor();
    await faults(page);
    await leaving.getByRole('button', { name: 'Stay' }).click();
    await lines.getByText('nonsense: true').waitFor();
    const closes = `window.dispatchEvent(new Event('beforeunload', { cancelable: true }))`;
    expect(await page.evaluate(closes)).toBe(false);
    await jobs.click();
    await leaving.getByRole('button', { name: 'Leave' }).click();
    await page.getByRole('heading', { level: 1, name: 'Jobs' }).waitFor();
    expect(await page.evaluate(closes)).toBe(true);
  });

  it.each([1280, 320])(
    'make a connector of a file that they have, once its faults are mended, at %i px',
    async (width) => {
      const name = `school${String(width)}`;
      const file = stringify(onePerson({ name }));
      const given = (text: string) => ({
        name: 'school.yaml',
        mimeType: 'application/yaml',
        buffer: Buffer.from(text),
      });
      const page = await web.open('/connectors', { width });
      await page.getByRole('link', { name: 'New from file' }).click();
      await page.getByRole('heading', { level: 1, name: 'New connector from a file' }).waitFor();
      await faults(page);
      const choose = page.getByLabel('Choose a connector file, or drop it here');
      const create = page.getByRole('button', { name: /^Create/ });
      await choose.setInputFiles(given(`${file}colour: blue\nname: twice\n`));
      await page
        .getByText(/^Line \d+: /)
        .first()
        .waitFor();
      await choose.setInputFiles(given(`${file}colour: blue\n`));
      const line = String(file.split('\n').length);
      await page.getByText(`Line ${line}: `).waitFor();
      expect(await create.isDisabled()).toBe(true);
      await faults(page);
      await choose.setInputFiles({ ...given(''), buffer: Buffer.alloc(1_100_000, 'a') });
      await page.getByText(/larger than a connector file can be/).waitFor();
      await choose.setInputFiles(given(stringify(onePerson({ name: 'hr' }))));
      await page.getByText('A connector has the name hr already.').waitFor();
      expect(await create.isDisabled()).toBe(true);
      // dropped from another window
      const dropped = await page.evaluateHandle(
        `(() => { const all = new DataTransfer(); all.items.add(new File([${JSON.stringify(file)}], 'school.yaml')); return all; })()`,
      );
      const zone = choose.locator('xpath=..');
      await zone.dispatchEvent('dragover', { dataTransfer: dropped });
      await zone.dispatchEvent('drop', { dataTransfer: dropped });
      await page.getByRole('region', { name: 'What it has' }).getByText(`${name}_Person`).waitFor();
      await faults(page);
      await page.getByRole('button', { name: `Create ${name}` }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').getByText('Nothing is read yet.').waitFor();
      await page.getByRole('dialog').getByRole('button', { name: 'Create' }).click();
      await page.getByRole('heading', { level: 1, name }).waitFor();
      expect(await web.stack.get(`/v1/connectors/${name}`)).toMatchObject({
        revision: 1,
        activeRevision: 1,
        lastSync: null,
      });
    },
  );

  it('lose nothing that they type where somebody else saves the file meanwhile, and see what differs', async () => {
    const { stack } = web;
    const file = onePerson({ name: 'shared' });
    await stack.put(file, 'shared');
    const page = await web.open('/connectors/shared/file');
    const box = page.getByRole('textbox', { name: 'Connector file' });
    const lines = box.locator('.cm-line');
    const dialog = page.getByRole('dialog', { name: 'Save the file of shared' });
    await box.click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('displayName: Mine');
    await page.getByRole('button', { name: 'Save as newest' }).click();
    await dialog.getByRole('button', { name: 'Save as newest' }).waitFor();
    await stack.put({ ...file, displayName: 'Theirs' }, 'shared');
    await dialog.getByRole('button', { name: 'Save as newest' }).click();
    const notice = page.getByRole('alert');
    await notice.getByRole('heading', { name: 'Revision 2 was saved meanwhile' }).waitFor();
    await box.locator('.cm-deletedChunk').getByText('displayName: Theirs').waitFor();
    await lines.getByText('displayName: Mine').waitFor();
    await faults(page);
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize({ width: 320, height: 640 });
    await faults(page);
    await page.setViewportSize({ width: 1280, height: 800 });
    // over a revision that is known, mine is saved
    await page.getByRole('button', { name: 'Save as newest' }).click();
    await dialog.getByRole('button', { name: 'Save as newest' }).click();
    await page.getByText('Revision 3 is saved.').waitFor();
    await notice.waitFor({ state: 'detached' });
    expect(await stack.get('/v1/connectors/shared')).toMatchObject({ revision: 3, file: { displayName: 'Mine' } });
    // told before anything is saved, too
    await box.click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('# a word of mine');
    await stack.put({ ...file, displayName: 'Theirs again' }, 'shared');
    await notice.getByRole('button', { name: 'Show what differs' }).click();
    await lines.getByText('# a word of mine').waitFor();
    await box.getByRole('button', { name: 'Take the stored lines' }).first().click();
    await lines.getByText('displayName: Theirs again').waitFor();
    await notice.getByRole('button', { name: 'Begin again from revision 4' }).click();
    await notice.waitFor({ state: 'detached' });
    await expect.poll(() => lines.getByText('# a word of mine').count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Save as newest' }).isDisabled()).toBe(true);
  });
});
