import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Sync } from '../../../domain/sync.ts';
import { csv, onePerson, wide } from '../../support/connector.ts';
import { accessibilityFaults, isTooWide } from '../support/axe.ts';
import { TestConsole } from '../support/console.ts';

const people = (count: number) =>
  csv(
    'id,name,mail',
    ...Array.from({ length: count }, (_, i) => `E${String(i).padStart(count > 1000 ? 5 : 3, '0')},Name ${String(i)},`),
  );

/** What a person does in a list of changes: of an applied sync, and of a held one that is longer. */
describe('lists of changes', { timeout: 180_000 }, () => {
  let web: TestConsole;
  let applied: Sync;
  let held: Sync;
  beforeAll(async () => {
    web = await TestConsole.start();
    const { stack } = web;
    const file = onePerson({ name: 'hr', thresholds: wide });
    await stack.put({ ...file, entityTypes: [{ ...file.entityTypes[0], label: 'name' }] }, 'hr');
    await stack.place('hr', { 'people.csv': people(130) });
    applied = await stack.syncAndResume('hr');
    await stack.put(onePerson({ name: 'large' }), 'large');
    await stack.place('large', { 'people.csv': people(3000) });
    held = await stack.sync('large');
  }, 240_000);
  afterAll(() => web.stop());
  afterEach(() => web.close());

  const faults = async (page: Page) => {
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await isTooWide(page)).toBe(false);
  };

  it('go through the changes of a sync by keys alone, and open one and come back to its row', async () => {
    const page = await web.open(`/syncs/${applied.id}/changes`);
    const rows = page.getByRole('table', { name: 'Changes' });
    await rows.getByRole('button', { name: /E000/ }).waitFor();
    const row = () =>
      page.evaluate<string>(`document.activeElement.closest('[role=row]')?.getAttribute('aria-rowindex') ?? ''`);
    for (let i = 0; i < 40; i++) await page.keyboard.press('j');
    expect(await row()).toBe('41');
    await page.keyboard.press('k');
    expect(await row()).toBe('40');
    await page.keyboard.press('ArrowDown');
    expect(await row()).toBe('41');
    await page.keyboard.press('ArrowUp');
    expect(await row()).toBe('40');
    await faults(page);
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'insert of hr_Person' });
    await dialog.getByRole('link', { name: 'Open the resource' }).waitFor();
    expect(await dialog.getByText('E038').count()).toBeGreaterThan(0);
    // beside the list, not over it
    expect((await dialog.boundingBox())?.x ?? 0).toBeGreaterThan(500);
    await faults(page);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(row).toBe('40');
    // from a page that was turned, the first row in view
    await page.keyboard.press(']');
    await page.keyboard.press('j');
    await expect.poll(async () => Number(await row())).toBeGreaterThan(40);
    const [before, own] = await page.evaluate<[number, number]>(`(() => {
      const row = document.activeElement.closest('[role=row]');
      const edge = document.querySelector('[data-scrolls-rows]').getBoundingClientRect().top + 34;
      const top = (of) => of.querySelector('button').getBoundingClientRect().top - edge;
      return [top(row.previousElementSibling), top(row)];
    })()`);
    expect(before).toBeLessThan(0);
    expect(own).toBeGreaterThanOrEqual(0);
  });

  it('go to a key in the list of changes, and have its change explained by its record', async () => {
    const page = await web.open(`/syncs/${applied.id}/changes?op=insert`, { width: 320 });
    const rows = page.getByRole('table', { name: 'Changes' });
    await rows.getByRole('button', { name: /E000/ }).waitFor();
    await page.getByLabel('Go to key').fill('E900');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('No change of this list has the key E900.').waitFor();
    await rows.getByRole('button', { name: /E000/ }).waitFor();
    let release = () => {};
    const asked = new Promise<void>((resolve) => (release = resolve));
    await page.route(/[?&]before=/, async (route) => {
      await asked;
      await route.continue();
    });
    await page.getByLabel('Go to key').fill('E042');
    await page.keyboard.press('Enter');
    // the row keeps the focus while the rows before it come
    await rows.getByRole('button', { name: /E042/ }).focus();
    release();
    await expect
      .poll(() => page.evaluate<number>("document.querySelector('[data-scrolls-rows]').scrollTop"))
      .toBeGreaterThan(0);
    expect(await page.evaluate<string>("document.activeElement.closest('button')?.textContent")).toContain('E042');
    // the first row that is in view, below the head of the list
    const found = rows.getByRole('row').filter({ hasText: 'E042' });
    const fromTop = async () => {
      const [row, list] = [await found.boundingBox(), await page.locator('[data-scrolls-rows]').boundingBox()];
      return row && list ? row.y - list.y : NaN;
    };
    // the list scrolls once more when the rows before the key have come
    await expect
      .poll(async () => {
        const top = await fromTop();
        return top >= 0 && top < 60;
      })
      .toBe(true);
    expect(await found.getAttribute('aria-rowindex')).toBe('44');
    expect(await page.getByRole('alert').count()).toBe(0);
    await faults(page);
    // of those that the newest export has
    await page.getByLabel('Go to key').fill('E001');
    await page.keyboard.press('Enter');
    await rows.getByRole('button', { name: /E001/ }).click();
    await page.getByRole('link', { name: /^Explain/ }).click();
    await page.getByRole('heading', { name: 'Cells of the source' }).waitFor();
    await page.getByText('It is stored like this: nothing would change.').waitFor();
    expect(await page.getByText('Name 1', { exact: true }).count()).toBe(2);
    await faults(page);
  });

  it('scroll through thousands of changes with few rows in the document, and jump to any part', async () => {
    const page = await web.open(`/syncs/${held.id}/changes`);
    const table = page.getByRole('table', { name: 'Changes' });
    await table.getByText('E00000', { exact: true }).first().waitFor();
    expect(await table.getAttribute('aria-rowcount')).toBe('3001');
    for (let i = 0; i < 25; i++) {
      await page.evaluate(`document.querySelector('[aria-label="Changes, scrolls"]').scrollTop += 6000`);
      await page.waitForTimeout(60);
    }
    await expect
      .poll(async () => Number((await table.getByRole('row').last().getAttribute('aria-rowindex')) ?? 0), {
        timeout: 20_000,
      })
      .toBeGreaterThan(400);
    expect(await page.evaluate('document.querySelectorAll("*").length')).toBeLessThan(2_000);
    await page.getByLabel('Go to a part of the list').fill('0.9');
    await table
      .getByText(/^E027\d\d$/)
      .first()
      .waitFor();
  });

  it('turn the pages of lists by brackets, unless single keys are off', async () => {
    const top = (page: Page) =>
      page.evaluate<number>(`document.querySelector('[aria-label="Changes, scrolls"]').scrollTop`);
    const page = await web.open(`/syncs/${held.id}/changes`);
    await page.getByRole('table', { name: 'Changes' }).getByText('E00000', { exact: true }).first().waitFor();
    await page.keyboard.press(']');
    const turned = await top(page);
    expect(turned).toBeGreaterThan(200);
    await page.keyboard.press('[');
    expect(await top(page)).toBe(0);
    await page.goto(`${web.stack.api}/types/hr_Person`);
    await page.getByRole('table').getByRole('link').first().waitFor();
    await page.keyboard.press(']');
    const focused = () =>
      page.evaluate<string | null>(
        `document.activeElement.closest('[role=row]')?.getAttribute('aria-rowindex') ?? null`,
      );
    expect(Number(await focused())).toBeGreaterThan(5);
    await page.keyboard.press('[');
    expect(Number(await focused())).toBeLessThan(5);
    await page.getByLabel('Search', { exact: true }).last().fill('a]x');
    expect(await page.evaluate('scrollY')).toBe(0);
    await page.goto(`${web.stack.api}/settings`);
    await page.getByLabel(/^Single keys/).uncheck();
    await page.goto(`${web.stack.api}/syncs/${held.id}/changes`);
    await page.getByRole('table', { name: 'Changes' }).getByText('E00000', { exact: true }).first().waitFor();
    await page.keyboard.press(']');
    await page.keyboard.press('?');
    expect(await top(page)).toBe(0);
    expect(await page.getByRole('dialog').count()).toBe(0);
  });
});
