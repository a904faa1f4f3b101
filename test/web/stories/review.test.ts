import pg from 'pg';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Sync } from '../../../domain/sync.ts';
import { csv, onePerson } from '../../support/connector.ts';
import { TestConsole } from '../support/console.ts';

const everybody = Array.from({ length: 60 }, (_, i) => `E${String(i).padStart(2, '0')}`);
const people = (ids: readonly string[], mail = (id: string) => `${id}@x.org`) =>
  csv('id,name,mail', ...ids.map((id) => `${id},Name ${id},${mail(id)}`));

/** A person who has never seen it, in front of a held sync. */
describe('the held review', { timeout: 180_000 }, () => {
  let web: TestConsole;
  let name: string;
  let n = 0;
  beforeAll(async () => {
    web = await TestConsole.start();
  });
  afterAll(() => web.stop());
  beforeEach(async () => {
    name = `hr${String(++n)}`;
    await web.stack.put(onePerson({ name }), name);
    await web.stack.place(name, { 'people.csv': people(everybody) });
    await web.stack.syncAndResume(name);
  });
  afterEach(() => web.close());

  const hold = async (content: string): Promise<Sync> => {
    await web.stack.place(name, { 'people.csv': content });
    const held = await web.stack.sync(name);
    expect(held.status).toBe('held');
    return held;
  };
  const stored = async () => (await web.stack.all(`/v1/entity-types/${name}_Person/resources`)).length;
  const button = (page: Page, label: string | RegExp) => page.getByRole('button', { name: label, exact: true });
  /** Answers the causes that are hardly ever meant, and waits until Resume opens. */
  async function opens(page: Page): Promise<void> {
    for (const answer of await page.getByRole('textbox', { name: 'This is meant, because' }).all())
      await answer.fill('they left on Friday');
    const missing = async () => {
      const enabled = await button(page, 'Resume').isEnabled();
      return enabled ? '' : page.locator('#still-to-see').textContent();
    };
    await expect.poll(missing, { timeout: 45_000 }).toBe('');
  }

  it('names a cause that is hardly ever meant, makes Reject the nearer button, and asks for an answer', async () => {
    await hold(people(everybody, () => ''));
    const page = await web.open(`/syncs?status=held`);
    await page.getByRole('link', { name: 'Review', exact: true }).first().click();
    await page.getByText('hardly ever meant').waitFor();
    expect(await button(page, 'Reject').getAttribute('data-variant')).toBe('filled');
    expect(await button(page, 'Resume').getAttribute('data-variant')).toBe('default');
    await page.getByRole('tab', { name: 'Updates' }).click();
    await page.getByText('What this is about').waitFor({ state: 'detached' });
    expect(await button(page, 'Resume').isEnabled()).toBe(false);
    await page.getByRole('textbox', { name: 'This is meant, because' }).fill('mails move to another system');
    await opens(page);
    await button(page, 'Reject').click();
    await page.getByRole('dialog').getByLabel('Reason').fill('blank column');
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Reject/ })
      .click();
    await page.getByText('Nothing was changed').waitFor();
  });

  it('draws what changes as bars by type, operation and property, each as long as its number and a way to its changes', async () => {
    // 20 of 60 go; of those who stay 10 lose their mail, 4 have another one, and 1 comes
    const stay = everybody.slice(20);
    const mail = (id: string) =>
      stay.indexOf(id) < 0 || stay.indexOf(id) >= 14 ? `${id}@x.org` : stay.indexOf(id) < 10 ? '' : 'a@x.org';
    const held = await hold(people([...stay, 'E98'], mail));
    const page = await web.open(`/syncs/${held.id}/review`);
    const where = page.getByRole('region', { name: 'Where the changes are' });
    await where.getByRole('button').first().waitFor();
    const bars = await Promise.all(
      (await where.getByRole('button').all()).map(async (bar) => {
        const [whole, part] = await bar.locator('svg rect').all();
        const [track, fill] = [await whole?.boundingBox(), await part?.boundingBox()];
        return { text: await bar.innerText(), share: (fill?.width ?? 0) / (track?.width ?? 1) };
      }),
    );
    const expected: [start: RegExp, lines: number][] = [
      [new RegExp(`^${name}_Person deletes`), 20],
      [new RegExp(`^${name}_Person updates`), 14],
      [/^mail\s+10 became empty/, 14],
      [new RegExp(`^${name}_Person inserts`), 1],
    ];
    expect(bars).toHaveLength(expected.length);
    for (const [place, [start, lines]] of expected.entries()) {
      expect(bars[place]?.text).toMatch(start);
      expect(bars[place]?.text).toMatch(new RegExp(`\\b${String(lines)} · `));
      expect(bars[place]?.share).toBeCloseTo(lines / 35, 2);
    }
    await where.getByRole('button', { name: /^mail/ }).click();
    await page.getByRole('tab', { name: 'Updates', selected: true }).waitFor();
    const rows = page.getByRole('table', { name: 'Updates' });
    await rows.getByText('E20', { exact: true }).first().waitFor();
    // the whole list goes from property to property, too
    await page.goto(`${web.stack.api}/syncs/${held.id}/changes`);
    await page.getByLabel('What changes').getByText(`${name}_Person.mail updates (14)`).waitFor({ state: 'attached' });
    await page.keyboard.press('n');
    await page.waitForURL(/\/changes\?group=/);
    await page.getByText('rows 1–14 of 14').waitFor();
    expect(await page.getByRole('button', { name: 'Next property' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Remove group' }).click();
    await page.getByText(/of 35$/).waitFor();
    await page.goto(`${web.stack.api}/syncs/${held.id}/changes?key=nobody`);
    await page.getByText('None of 35 fits this filter').waitFor();
    await page.getByRole('link', { name: 'Clear filters' }).click();
    await page.getByText(/of 35$/).waitFor();
  });

  it('says that the file is newer than the last applied sync, and leads to what differs', async () => {
    await web.stack.put({ ...onePerson({ name }), displayName: 'Another name' }, name);
    const held = await hold(people(everybody.slice(20)));
    const page = await web.open(`/syncs/${held.id}/review`);
    await page.getByText('new since the last applied sync').waitFor();
    await page.getByRole('link', { name: 'see what differs' }).click();
    await page.waitForURL(/\/file\?revision=2&against=1$/);
    await page.getByText('Another name').first().waitFor();
  });

  it('is resumed only after a look at the deletes, and with the numbers typed', async () => {
    const held = await hold(people([...everybody.slice(20), 'E98']));
    const page = await web.open(`/syncs/${held.id}/review`);
    await button(page, 'Resume').waitFor();
    expect(await page.getByText((held.digest ?? '').slice(0, 8)).count()).toBeGreaterThan(0);
    expect(await button(page, 'Resume').isEnabled()).toBe(false);
    const described = (await button(page, 'Resume').getAttribute('aria-describedby')) ?? '';
    expect(await page.locator(`#${described}`).textContent()).toContain('Look at the list of deletes');
    await page.getByRole('tab', { name: 'Deletes' }).click();
    await page.getByRole('table', { name: 'Deletes' }).getByText('E00', { exact: true }).first().waitFor();
    await opens(page);
    // what has been seen stays seen when the reviewer looks elsewhere and comes back
    await page.getByRole('link', { name: 'sync', exact: true }).click();
    await page.getByText('Threshold Exceeded').first().waitFor();
    await page.goBack();
    await opens(page);
    await button(page, 'Resume').click();
    const dialog = page.getByRole('dialog');
    const apply = dialog.getByRole('button', { name: /^Apply 20 deletes, 1 insert$/ });
    await dialog.getByLabel('Reason').fill('they left');
    await dialog.getByLabel('Deletes', { exact: true }).fill('21');
    expect(await apply.isEnabled()).toBe(false);
    await dialog.getByLabel('Deletes', { exact: true }).fill(' 20 ');
    await apply.click();
    await page.getByText('applied 21, overtaken 0').waitFor();
    expect(await stored()).toBe(41);
    expect((await web.stack.get<Sync>(`/v1/syncs/${held.id}`)).decision).toMatchObject({
      action: 'resume',
      reason: 'they left',
      counts: { deleted: 20, inserted: 1 },
    });
  });

  it('takes ticks by the key x, in the row that has the focus, unless single keys are off', async () => {
    const held = await hold(people(everybody.slice(20)));
    const page = await web.open(`/syncs/${held.id}/review`);
    await page.getByRole('tab', { name: 'Deletes' }).click();
    const ticks = page.getByRole('table', { name: 'Deletes' }).getByRole('checkbox');
    await ticks.first().waitFor();
    const ticked = () => page.getByRole('table', { name: 'Deletes' }).getByRole('checkbox', { checked: true }).count();
    // no row has the focus yet
    await page.keyboard.press('x');
    expect(await ticked()).toBe(0);
    const isTick = () => page.evaluate<boolean>(`document.activeElement.matches('[data-seen]')`);
    for (let i = 0; i < 100 && !(await isTick()); i++) await page.keyboard.press('j');
    for (const key of ['x', 'j', 'x']) await page.keyboard.press(key);
    await expect.poll(ticked).toBe(2);
    await page.keyboard.press('x');
    await expect.poll(ticked).toBe(1);
    await page.goto(`${web.stack.api}/settings`);
    await page.getByLabel(/^Single keys/).uncheck();
    await page.goto(`${web.stack.api}/syncs/${held.id}/review`);
    await page.getByRole('tab', { name: 'Deletes' }).click();
    await ticks.last().focus();
    await page.keyboard.press('x');
    expect(await ticked()).toBe(1);
    await page.keyboard.press('Space');
    await expect.poll(ticked).toBe(2);
    expect((await web.stack.get<Sync>(`/v1/syncs/${held.id}`)).status).toBe('held');
  });

  it('locks when somebody else decides first', async () => {
    const held = await hold(people(everybody.slice(20)));
    const page = await web.open(`/syncs/${held.id}/review`);
    await button(page, 'Reject').click();
    await page.getByRole('dialog').getByLabel('Reason').fill('too late');
    await web.stack.decide(held, 'reject');
    await page.getByText(/Decided by .+ at /).waitFor();
    expect(await button(page, 'Resume').count()).toBe(0);
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.getByText('Nothing was changed').waitFor();
  });

  it('locks when the change set is another one, and counts nothing that was seen for it', async () => {
    const held = await hold(people(everybody.slice(20)));
    const page = await web.open(`/syncs/${held.id}/review`);
    await page.getByRole('tab', { name: 'Deletes' }).click();
    await opens(page);
    await button(page, 'Resume').click();
    await page.getByRole('dialog').getByLabel('Deletes', { exact: true }).fill('20');
    const database = new pg.Client(web.stack.databaseUrl);
    await database.connect();
    await database
      .query('update syncline.sync set digest = $1 where id = $2', [`sha256:${'0'.repeat(64)}`, held.id])
      .finally(() => database.end());
    await page.getByText('This is another change set: review again').waitFor();
    expect(await button(page, 'Resume').count()).toBe(0);
  });

  it('says by what it was superseded', async () => {
    const held = await hold(people(everybody.slice(20)));
    const page = await web.open(`/syncs/${held.id}/review`);
    await button(page, 'Resume').waitFor();
    await button(page, 'Read the source again').click();
    const other = await web.open(`/syncs/${held.id}/review`);
    await page.getByRole('dialog').getByRole('button', { name: 'Read again' }).click();
    await other.getByText(/Superseded by/).waitFor({ timeout: 60_000 });
    await page.getByRole('link', { name: 'Review', exact: true }).waitFor({ timeout: 60_000 });
  });

  it('is decided in part: the draft says what it would do, and its resume does exactly that', async () => {
    const held = await hold(people([...everybody.slice(20), 'E98']));
    const page = await web.open(`/syncs/${held.id}/review`);
    await page.getByLabel(new RegExp(`^${name}_Person deletes`)).selectOption('refuse');
    await button(page, 'Show what this would do').click();
    await page.getByText('It applies 1, refuses 20 and defers 0').waitFor();
    await page.getByText(`Resuming adds 1 ${name}_Person`).first().waitFor();
    for (const tab of ['Deletes', 'Inserts']) {
      await page.getByRole('tab', { name: tab }).click();
      await page.getByRole('table', { name: tab }).waitFor();
    }
    await opens(page);
    await button(page, 'Resume').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/^(All changes|Inserts)$/).fill('1');
    await dialog.getByLabel('Reason').fill('only the new one');
    await dialog.getByRole('button', { name: 'Apply 1 insert' }).click();
    await page.getByText(/applied 1, overtaken 0, refused 20/).waitFor();
    expect(await stored()).toBe(61);
  });
});
