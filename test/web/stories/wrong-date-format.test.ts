import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Sync } from '../../../domain/sync.ts';
import { accessibilityFaults, isTooWide } from '../support/axe.ts';
import { tabTo, TestConsole } from '../support/console.ts';

const example = join(import.meta.dirname, '..', '..', '..', 'examples', 'community');
const two = (n: number) => String(n).padStart(2, '0');
const british = (day: number, month: number, year: number) => `${two(day)}/${two(month)}/${String(year)}`;
const american = (day: number, month: number, year: number) => british(month, day, year);

interface ExampleFile {
  name: string;
  displayName: string;
  connections: { settings: object }[];
  entityTypes: { properties: object }[];
}

/** The example with the day on which each user joined, until one morning the export writes the month first. */
describe('the story of the wrong date format', { timeout: 240_000 }, () => {
  let web: TestConsole;
  let file: ExampleFile;
  let users: string[];
  beforeAll(async () => {
    web = await TestConsole.start();
    file = parse(await readFile(join(example, 'connector.yaml'), 'utf8')) as ExampleFile;
    users = (await readFile(join(example, 'users.csv'), 'utf8')).trimEnd().split('\n');
  });
  afterAll(() => web.stop());
  afterEach(() => web.close());

  const withDates = (write: (day: number, month: number, year: number) => string) =>
    users
      .map((line, i) => `${line},${i === 0 ? 'joined' : write(1 + (i % 28), 1 + (i % 12), 2000 + (i % 25))}\n`)
      .join('');

  /** A connector of its own with the users of the example, held by the second delivery. */
  async function hold(name: string): Promise<Sync> {
    const { stack } = web;
    const [connection] = file.connections;
    const [user] = file.entityTypes;
    await stack.put(
      {
        ...file,
        name,
        displayName: name,
        connections: [{ ...connection, settings: { ...connection?.settings, directory: name } }],
        entityTypes: [
          {
            ...user,
            name: `${name}_User`,
            properties: {
              ...user?.properties,
              joined: { column: 'joined', type: 'date', format: 'dd/MM/yyyy' },
            },
          },
        ],
      },
      name,
    );
    await stack.place(name, { 'users.csv': withDates(british) });
    await stack.syncAndResume(name);
    await stack.place(name, { 'users.csv': withDates(american) });
    const held = await stack.sync(name);
    expect(held.status).toBe('held');
    return held;
  }
  const stored = async (name: string) =>
    (
      await web.stack.all<{ attributes: { joined?: string } }>(`/v1/entity-types/${name}_User/resources?sort=userId`)
    ).map(({ attributes }) => attributes.joined);

  const byMouse = {
    open: (page: Page, link: string) => page.getByRole('link', { name: link }).click(),
    look: (page: Page, text: RegExp) => page.getByText(text).first().scrollIntoViewIfNeeded(),
    async reject(page: Page, reason: string) {
      await page.getByRole('button', { name: 'Reject', exact: true }).click();
      await page.getByRole('dialog').getByLabel('Reason').fill(reason);
      await page
        .getByRole('dialog')
        .getByRole('button', { name: /^Reject/ })
        .click();
    },
  };
  const byKeyboard: typeof byMouse = {
    async open(page, link) {
      await page.getByRole('link', { name: link }).waitFor();
      await tabTo(page, 'Skip to content');
      await page.keyboard.press('Enter');
      await tabTo(page, link);
      await page.keyboard.press('Enter');
    },
    async look(page, text) {
      const seen = async () => {
        const box = await page.getByText(text).first().boundingBox();
        return box !== null && box.y >= 0 && box.y < (page.viewportSize()?.height ?? 0);
      };
      for (let i = 0; i < 40 && !(await seen()); i++) {
        await page.keyboard.press('ArrowDown');
        await page.keyboard.press('ArrowDown');
        await page.keyboard.press('ArrowDown');
        await page.waitForTimeout(60);
      }
      expect(await seen()).toBe(true);
    },
    async reject(page, reason) {
      await tabTo(page, 'Reject');
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').getByLabel('Reason').waitFor();
      await page.keyboard.type(reason);
      await tabTo(page, /^Reject,/);
      await page.keyboard.press('Enter');
    },
  };

  it.each([
    ['mouse', 1280, 'light'],
    ['mouse', 320, 'dark'],
    ['keyboard', 1280, 'dark'],
    ['keyboard', 320, 'light'],
  ] as const)('the cause is found and the sync rejected by %s at %i px, %s', async (hand, width, scheme) => {
    const person = hand === 'mouse' ? byMouse : byKeyboard;
    const name = `dates${hand}${String(width)}`;
    const held = await hold(name);
    const before = await stored(name);
    const page = await web.open('/', { width, height: width === 320 ? 640 : 800, scheme });
    await person.open(page, `Review ${name}`);
    await page.getByRole('heading', { level: 1, name: /held since/ }).waitFor();
    await page.getByRole('heading', { name: 'What it looks like' }).waitFor();
    // the cause in words, with values before and after, and what to do
    await person.look(page, /Day and month of joined are swapped/);
    await page
      .getByText(/hardly ever meant · date format changed/)
      .first()
      .waitFor();
    await page
      .getByRole('list', { name: 'Examples' })
      .first()
      .getByText(/^\d{4}-\d\d-\d\d$/)
      .first()
      .waitFor();
    // the nearer button is the safe one, and nothing is applied without an answer to the cause
    const button = (label: string) => page.getByRole('button', { name: label, exact: true });
    expect(await button('Reject').getAttribute('data-variant')).toBe('filled');
    expect(await button('Resume').isEnabled()).toBe(false);
    expect(await isTooWide(page)).toBe(false);
    expect(await accessibilityFaults(page)).toEqual([]);
    await person.reject(page, 'The export writes the month first');
    await page.getByText('Nothing was changed').waitFor();
    expect(await stored(name)).toEqual(before);
    expect((await web.stack.get<Sync>(`/v1/syncs/${held.id}`)).decision).toMatchObject({
      action: 'reject',
      reason: 'The export writes the month first',
    });
  });
});
