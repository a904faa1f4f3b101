import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Sync } from '../../../domain/sync.ts';
import { accessibilityFaults, isTooWide } from '../support/axe.ts';
import { picture, TestConsole } from '../support/console.ts';
import { keyboard, mouse, type Hands } from '../support/hands.ts';

const example = join(import.meta.dirname, '..', '..', '..', 'examples', 'community');
const two = (n: number) => String(n).padStart(2, '0');
const british = (day: number, month: number, year: number) => `${two(day)}/${two(month)}/${String(year)}`;
const american = (day: number, month: number, year: number) => british(month, day, year);

interface ExampleFile {
  connections: { settings: object }[];
  entityTypes: { properties: object }[];
}
interface Held {
  /** A delivery of the source that is held. Each differs, so that none is known from an earlier one. */
  files: (delivery: number) => Record<string, string>;
  /** What the person reads before the decision, in the order of the page. */
  find: (page: Page, person: Hands) => Promise<void>;
  /** Of the type that would be changed. */
  type: string;
  reason: string;
}

const hands = { mouse, keyboard };
const everyLook = (['mouse', 'keyboard'] as const).flatMap((hand) =>
  ([1280, 320] as const).flatMap((width) =>
    (['light', 'dark'] as const).map((scheme) => [hand, width, scheme] as const),
  ),
);
/** Without `NEWCOMER=all`, four of the eight: any two of hand, width and scheme meet in one of them. */
const looks = everyLook.filter(
  ([hand, width, scheme]) =>
    process.env['NEWCOMER'] === 'all' || (hand === 'mouse') === ((width === 1280) === (scheme === 'light')),
);

/**
 * On the example of `npm start`: a file that was cut, and a column of dates whose format has changed. Both are loaded once;
 * a rejected sync changes nothing, so one further sync is all that the next person needs.
 */
describe('a person who has never seen it', { timeout: 180_000 }, () => {
  let web: TestConsole;
  let users: string[];
  let delivery = 0;
  beforeAll(async () => {
    web = await TestConsole.start();
    const { stack } = web;
    const file = parse(await readFile(join(example, 'connector.yaml'), 'utf8')) as ExampleFile;
    users = (await readFile(join(example, 'users.csv'), 'utf8')).trimEnd().split('\n');
    await stack.placeFolder('community', example);
    await stack.put(file, 'community');
    const [connection] = file.connections;
    const [user] = file.entityTypes;
    const dated = {
      ...{ ...file, name: 'dated', displayName: 'dated' },
      connections: [{ ...connection, settings: { ...connection?.settings, directory: 'dated' } }],
      entityTypes: [
        {
          ...{ ...user, name: 'Dated_User' },
          properties: { ...user?.properties, joined: { column: 'joined', type: 'date', format: 'dd/MM/yyyy' } },
        },
      ],
    };
    await stack.put(dated, 'dated');
    await stack.place('dated', { 'users.csv': withDates(0, british) });
    await Promise.all([stack.syncAndResume('community'), stack.syncAndResume('dated')]);
  }, 240_000);
  afterAll(() => web.stop());
  afterEach(() => web.close());

  /** The users with the day on which each joined; of some the last digit of the year differs in each delivery. */
  const withDates = (delivery: number, write: (day: number, month: number, year: number) => string) =>
    users
      .map((line, i) => {
        const year = 2000 + (i % 25) + (i < 3 ? delivery : 0);
        return `${line},${i === 0 ? 'joined' : write(1 + (i % 28), 1 + (i % 12), year)}\n`;
      })
      .join('');

  const stories: Record<'community' | 'dated', Held> = {
    community: {
      type: 'Community_User',
      reason: 'The export was cut short',
      files: (delivery) => ({
        'users.csv': [...users.slice(0, 1), ...users.slice(1).filter((_, i) => i < delivery || i >= delivery + 20)]
          .map((line) => `${line}\n`)
          .join(''),
      }),
      async find(page, person) {
        await person.look(page, /^Resuming deletes 20 Community_User/);
        await person.look(page, /Community_User.*20|20.*Community_User/);
      },
    },
    dated: {
      type: 'Dated_User',
      reason: 'The export writes the month first',
      files: (delivery) => ({ 'users.csv': withDates(delivery, american) }),
      async find(page, person) {
        await person.look(page, /Day and month of joined are swapped/);
        await person.look(page, /hardly ever meant · date format changed/);
        const examples = page.getByRole('list', { name: 'Examples' }).first();
        await examples
          .getByText(/^\d{4}-\d\d-\d\d$/)
          .first()
          .waitFor();
        // the nearer button is the safe one, and nothing is applied without an answer to the cause
        const button = (name: string) => page.getByRole('button', { name, exact: true });
        expect(await button('Reject').getAttribute('data-variant')).toBe('filled');
        expect(await button('Resume').isEnabled()).toBe(false);
      },
    },
  };

  describe.each([
    ['twenty lines cut', 'community'],
    ['a wrong date format', 'dated'],
  ] as const)('%s', (_, name) => {
    const story = stories[name];
    const stored = () => web.stack.all(`/v1/entity-types/${story.type}/resources`);

    it.each(looks)('is found and rejected by %s, at %i px, %s', async (hand, width, scheme) => {
      const person = hands[hand];
      const before = await stored();
      await web.stack.place(name, story.files(++delivery));
      const held = await web.stack.sync(name);
      expect(held.status).toBe('held');
      const page = await web.visit('/', { width, height: width === 320 ? 640 : 800, scheme });
      const waits = page.getByRole('listitem').filter({ has: page.getByRole('link', { name: `Review ${name}` }) });
      const after = page.getByRole('heading', { name: 'Connectors', exact: true });
      await waits.waitFor();
      expect((await waits.boundingBox())?.y).toBeLessThan((await after.boundingBox())?.y ?? 0);
      await person.open(page, `Review ${name}`);
      await page.getByRole('heading', { level: 1, name: new RegExp(`${name}.*held since`) }).waitFor();
      expect(await page.evaluate('document.activeElement.tagName')).toBe('H1');
      if (width === 1280) {
        // all that decides stands on the first screen of a desk
        for (const heading of ['Counters', 'Why held', 'Decide']) {
          const box = await page.getByRole('heading', { level: 2, name: heading, exact: true }).boundingBox();
          expect(box?.y, heading).toBeLessThan(800);
        }
        if (name === 'community' && scheme === 'light') await picture(page, '', 'review');
      }
      for (const tab of ['Deletes', 'Updates', 'Inserts', 'Links'])
        expect(await page.getByRole('tab', { name: tab, exact: true }).count(), tab).toBe(1);
      await story.find(page, person);
      // both hands have the same page in front of them
      if (hand === 'mouse') {
        expect(await isTooWide(page)).toBe(false);
        expect(await accessibilityFaults(page)).toEqual([]);
      }
      await person.reject(page, story.reason);
      await page.getByText('Nothing was changed').waitFor();
      await page.getByText(/Decided by .+ at \d\d:\d\d/).waitFor();
      expect(await stored()).toEqual(before);
      expect((await web.stack.get<Sync>(`/v1/syncs/${held.id}`)).decision).toMatchObject({
        action: 'reject',
        reason: story.reason,
      });
    });
  });
});
