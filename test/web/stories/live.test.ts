import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Sync } from '../../../domain/sync.ts';
import { openDatabase, row } from '../../../repository/database.ts';
import { logSync } from '../../../repository/sync-log.ts';
import { csv, onePerson } from '../../support/connector.ts';
import { accessibilityFaults } from '../support/axe.ts';
import { TestConsole } from '../support/console.ts';

const soon = { timeout: 20_000 };

/** Several people, and several tabs of one, in front of what happens. */
describe('live updates', { timeout: 180_000 }, () => {
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
    await web.stack.place(name, { 'people.csv': csv('id,name,mail', 'E1,Ada,ada@x.org') });
  });
  afterEach(() => web.close());

  const streams = async () => {
    const metrics = await (await fetch(`${web.stack.api}/metrics`)).text();
    return Number(/^syncline_event_streams (\d+)$/m.exec(metrics)?.[1]);
  };
  const reviews = (page: Page) => page.getByRole('link', { name: `Review ${name}`, exact: true });
  /** Requests of the API that the pages have sent from now on, by their path. */
  function requestsOf(...pages: Page[]): string[] {
    const paths: string[] = [];
    for (const page of pages)
      page.on('request', (request) => {
        const { pathname } = new URL(request.url());
        if (pathname.startsWith('/v1/')) paths.push(pathname);
      });
    return paths;
  }
  /** The page of a tab that nobody looks at; a browser without a screen shows every tab. */
  const hide = (page: Page, hidden: boolean) =>
    page.evaluate(`Object.defineProperty(document, 'visibilityState', { value: '${hidden ? 'hidden' : 'visible'}', configurable: true });
      document.dispatchEvent(new Event('visibilitychange'))`);
  const reject = (sync: Sync) => web.stack.decide(sync, 'reject');

  it('show a sync that is held, and how it was decided, without a reload and without asking by the clock', async () => {
    const page = await web.open('/');
    await page.getByRole('heading', { name: 'Connectors' }).waitFor();
    await expect.poll(streams, soon).toBe(1);
    // what was asked when the page began has been answered
    await page.waitForTimeout(3_000);
    const asked = requestsOf(page);
    await page.waitForTimeout(11_000);
    expect(asked.filter((path) => path === '/v1/sync-status' || path === '/v1/connectors')).toEqual([]);
    const held = await web.stack.sync(name);
    expect(held.status).toBe('held');
    await reviews(page).waitFor({ timeout: 10_000 });
    await page.getByRole('navigation', { name: 'Main' }).getByText('Held (1)').waitFor();
    await reject(held);
    await reviews(page).waitFor({ state: 'detached', timeout: 10_000 });
    expect(asked).not.toContain('/v1/events');
  });

  it('keep new rows back while somebody reads, and say once, politely, what has happened', async () => {
    const first = await web.stack.sync(name);
    await reject(first);
    const page = await web.open('/syncs');
    const rows = page.getByRole('table', { name: 'Job Results' }).getByRole('row');
    await page.getByRole('link', { name, exact: true }).first().waitFor();
    await expect.poll(streams, soon).toBe(1);
    const before = await rows.count();
    const held = await web.stack.sync(name);
    const more = page.getByRole('button', { name: '1 new', exact: true });
    await more.waitFor(soon);
    expect(await rows.count()).toBe(before);
    await page
      .getByRole('log', { name: 'What has happened' })
      .getByText(`${name}: held`)
      .waitFor({ state: 'attached' });
    expect(await accessibilityFaults(page)).toEqual([]);
    await more.click();
    await expect.poll(() => rows.count(), soon).toBe(before + 1);
    expect(await more.count()).toBe(0);
    // a row that is shown follows
    await reject(held);
    await rows.nth(1).getByText('rejected').waitFor(soon);
  });

  it('let the strips of last results and the map of connectors follow, without asking for all syncs again', async () => {
    const page = await web.open('/');
    const line = page.getByRole('table', { name: 'Connectors' }).getByRole('row').filter({ hasText: name });
    await line.getByRole('img', { name: 'no results yet' }).waitFor();
    await expect.poll(streams, soon).toBe(1);
    const held = await web.stack.sync(name);
    await line.getByRole('img', { name: 'last results: held' }).waitFor(soon);
    const asked = requestsOf(page);
    await reject(held);
    await line.getByRole('img', { name: 'last results: rejected' }).waitFor(soon);
    expect(asked).not.toContain('/v1/syncs');
    await page.goto(`${web.stack.api}/connectors`);
    const map = page.getByRole('group', { name: 'Map of connectors' });
    await map.getByRole('link', { name, exact: true }).waitFor();
    await web.stack.sync(name);
    await map.getByText('held', { exact: true }).waitFor({ timeout: 8_000 });
  });

  it('lock the card of a review that somebody else decides', async () => {
    const held = await web.stack.sync(name);
    const page = await web.open(`/syncs/${held.id}/review`);
    await page.getByRole('heading', { name: 'Decide', exact: true }).waitFor();
    await reject(held);
    await page.getByText(/Decided by .+ at \d\d:\d\d/).waitFor({ timeout: 10_000 });
  });

  it('come again after the API was killed, with what happened meanwhile', async () => {
    const page = await web.open('/');
    await expect.poll(streams, soon).toBe(1);
    await web.stack.kill('api');
    await page.getByText(/^Not connected: /).waitFor({ timeout: 40_000 });
    web.stack.launch('api');
    await web.stack.ready();
    await web.stack.sync(name);
    await page.getByText('Connected', { exact: true }).waitFor({ timeout: 60_000 });
    await reviews(page).waitFor({ timeout: 30_000 });
    await expect.poll(streams, { timeout: 30_000 }).toBe(1);
    // the clock that went while there was no stream rings once more
    await page.waitForTimeout(7_000);
    const asked = requestsOf(page);
    await page.waitForTimeout(11_000);
    expect(asked.filter((path) => path === '/v1/sync-status')).toEqual([]);
    web.forgive();
  });

  it('reach twelve tabs of a browser by one stream, which another tab takes over', async () => {
    const first = await web.open('/');
    await expect.poll(streams, soon).toBe(1);
    const context = first.context();
    const tabs = [first];
    for (let i = 0; i < 11; i++) {
      const tab = await context.newPage();
      await tab.goto(`${web.stack.api}/`);
      await tab.getByRole('heading', { name: 'Connectors' }).waitFor();
      tabs.push(tab);
    }
    expect(await streams()).toBe(1);
    const held = await web.stack.sync(name);
    for (const tab of tabs) await reviews(tab).waitFor({ timeout: 15_000 });
    // the tab with the stream goes
    const second = tabs[1] ?? first;
    const asked = requestsOf(...tabs.slice(1));
    await first.close();
    await expect.poll(() => asked.filter((path) => path === '/v1/events'), soon).toHaveLength(1);
    await expect.poll(streams, soon).toBe(1);
    await reject(held);
    for (const tab of tabs.slice(1)) await reviews(tab).waitFor({ state: 'detached', timeout: 15_000 });
    await second.close();
    await expect.poll(streams, soon).toBe(1);
    // nobody looks: no stream at all
    const rest = tabs.slice(2);
    for (const tab of rest) await hide(tab, true);
    await expect.poll(streams, soon).toBe(0);
    const next = await web.stack.sync(name);
    const [seen] = rest;
    if (!seen) throw new Error('no tab is left');
    await hide(seen, false);
    await reviews(seen).waitFor({ timeout: 15_000 });
    expect(await streams()).toBe(1);
    await reject(next);
  });

  it('bring the lines of a log as they are written, into the tabs that show it, by the one stream', async () => {
    const held = await web.stack.sync(name);
    const first = await web.open('/');
    await expect.poll(streams, soon).toBe(1);
    const reader = await first.context().newPage();
    const asked = requestsOf(first, reader);
    const last = (page: Page) => page.getByRole('list', { name: 'Log' }).getByRole('listitem').last();
    await reader.goto(`${web.stack.api}/syncs/${held.id}/log`);
    await last(reader).waitFor();
    await expect.poll(() => asked.filter((path) => path === '/v1/events'), soon).toHaveLength(1);
    await expect.poll(streams, soon).toBe(1);
    const lines = await reader.getByRole('list', { name: 'Log' }).getByRole('listitem').count();
    const reads = asked.filter((path) => path.endsWith('/log')).length;
    const db = openDatabase(web.stack.databaseUrl, {
      applicationName: 'test',
      poolSize: 2,
      statementTimeoutMs: 10_000,
    });
    try {
      const no = await row<{ no: number }>(db, 'select no from syncline.sync where id = ?', [held.id]);
      const tell = (on: typeof db, message: string) => logSync(on, no?.no ?? 0, 'export', 'info', message);
      const slow = await db.transaction();
      await tell(slow, 'written first');
      await tell(db, 'ended first');
      await reader.getByText('ended first').waitFor({ timeout: 5_000 });
      await slow.commit();
      await reader.getByText('written first').waitFor({ timeout: 5_000 });
      // each line once, in the order in which they were written
      const items = reader.getByRole('list', { name: 'Log' }).getByRole('listitem');
      expect(await items.count()).toBe(lines + 2);
      expect(await items.nth(lines).textContent()).toContain('written first');
      expect(asked.filter((path) => path.endsWith('/log'))).toHaveLength(reads);
    } finally {
      await db.destroy();
    }
    // its end is read, and then the stream is that of hints alone
    await reject(held);
    await reader.getByText('Ended: rejected.').waitFor(soon);
    await expect.poll(streams, soon).toBe(1);
    const next = await web.stack.sync(name);
    await reviews(first).waitFor(soon);
    await reject(next);
  });

  it('fall back to asking by the clock where there is no stream', async () => {
    const page = await web.open('/settings');
    await page.route('**/v1/events', (route) => route.fulfill({ status: 429, body: '' }));
    await page.reload();
    const asked = requestsOf(page);
    await page.goto(`${web.stack.api}/`);
    await web.stack.sync(name);
    await reviews(page).waitFor({ timeout: 20_000 });
    await expect
      .poll(() => asked.filter((path) => path === '/v1/sync-status').length, { timeout: 20_000 })
      .toBeGreaterThan(2);
  });
});
