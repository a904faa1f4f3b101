import { writeFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeCatalog, makeMixed, storePeople, type MadeSync } from '../../../bench/review/make-changes.ts';
import { describeMachine } from '../../../bench/machine.ts';
import { openDatabase } from '../../../repository/database.ts';
import { TestConsole } from '../support/console.ts';

/** `npm run test:large-console` has two million. */
const changes = Number(process.env['CONSOLE_CHANGES'] ?? 100_000);
const people = Math.floor(changes / 2);
const megabyte = 1024 * 1024;

/** Lists that no browser could hold: few rows are in the document, little is in memory, and no part of the list is blank. */
describe(`a held sync of ${changes.toLocaleString('en-US')} changes`, { timeout: 300_000 }, () => {
  let web: TestConsole;
  let held: MadeSync;
  const measured: [what: string, value: string][] = [];
  beforeAll(async () => {
    web = await TestConsole.start();
    // it would look for the workflow of the held sync, which there is not: its rows are written by SQL
    await web.stack.kill('worker');
    const db = openDatabase(web.stack.databaseUrl, {
      applicationName: 'test',
      poolSize: 2,
      statementTimeoutMs: 600_000,
    });
    try {
      const ids = await makeCatalog(db);
      await storePeople(db, ids, people);
      held = await makeMixed(db, ids, people);
    } finally {
      await db.destroy();
    }
    // what the first reader of a change set makes, and a real sync makes with it
    await web.stack.get(`/v1/syncs/${held.id}/summary`);
  }, 900_000);
  afterAll(async () => {
    await web.stop();
    const table = process.env['CONSOLE_TABLE'];
    if (table !== undefined) await writeFile(table, render(measured));
  });
  afterEach(() => web.close());

  it('has its first screen of the review soon after the answer, with few elements', async () => {
    const page = await web.open('/');
    await page.addInitScript(`new MutationObserver(() => {
      if (!window.shownAt && /Resuming /.test(document.querySelector('main')?.textContent ?? '')) window.shownAt = performance.now();
    }).observe(document, { childList: true, subtree: true, characterData: true })`);
    await page.goto(`${web.stack.api}/syncs/${held.id}/review`);
    await page.getByRole('heading', { name: 'Decide', exact: true }).waitFor();
    await page.waitForFunction('window.shownAt');
    const answered = await page.evaluate<number>(
      `performance.getEntriesByType('resource').find(({ name }) => name.endsWith('/summary')).responseEnd`,
    );
    const shown = await page.evaluate<number>('window.shownAt');
    measured.push([
      'first screen of the review, after the answer with the summary',
      `${(shown - answered).toFixed(0)} ms`,
    ]);
    expect(shown - answered).toBeLessThan(1_000);
    await isSmall(page, 'review');
  });

  it('scrolls without a blank part through changes, and jumps to any part of them', async () => {
    const page = await web.open(`/syncs/${held.id}/changes`);
    const table = page.getByRole('table', { name: 'Changes' });
    await table.getByRole('row').nth(5).waitFor();
    expect(await table.getAttribute('aria-rowcount')).toBe(String(held.changes + 1));
    const indexes: number[] = [];
    const filled: number[] = [];
    for (const part of ['0.5', '0.97', '0.02']) {
      await page.getByLabel('Go to a part of the list').fill(part);
      await expect
        .poll(() => firstIndex(page), { timeout: 20_000 })
        .toBeGreaterThan((Number(part) - 0.02) * held.changes);
      for (let step = 0; step < 40; step++) filled.push(await scrollOn(page));
      indexes.push(await firstIndex(page));
    }
    expect(indexes[0]).toBeGreaterThan(0.4 * held.changes);
    expect(indexes[1]).toBeGreaterThan(0.9 * held.changes);
    expect(indexes[2]).toBeLessThan(0.2 * held.changes);
    measured.push(['changes: steps of 1,500 px, each filled with rows in the end', String(filled.length)]);
    measured.push(['changes: time until rows fill the view after a step, median', `${quantile(filled, 0.5)} ms`]);
    measured.push(['changes: the same, the longest', `${quantile(filled, 1)} ms`]);
    await isSmall(page, 'changes, after 120 steps');
    const wanted = await web.stack.get<{ items: [{ key: [string] }]; from: number }>(
      `/v1/syncs/${held.id}/changes?kind=resource&limit=1&at=0.6`,
    );
    await page.getByLabel('Kind').selectOption('resource');
    await page.getByRole('button', { name: 'Remove kind' }).waitFor();
    const began = Date.now();
    await page.getByLabel('Go to key').fill(wanted.items[0].key[0]);
    await page.keyboard.press('Enter');
    const found = table.locator(`[aria-rowindex="${String(wanted.from + 2)}"]`);
    await found.getByText(wanted.items[0].key[0], { exact: true }).first().waitFor();
    measured.push(['changes: time until a key is gone to', `${String(Date.now() - began)} ms`]);
  });

  it('scrolls through the resources of a type', async () => {
    const page = await web.open('/types/Person');
    await page.getByText('E0000001', { exact: true }).first().waitFor();
    const last = () => page.getByRole('table').getByRole('row').last().getAttribute('aria-rowindex');
    await expect
      .poll(
        async () => {
          await page.mouse.move(640, 500);
          await page.mouse.wheel(0, 3000);
          return Number(await last());
        },
        { timeout: 60_000 },
      )
      .toBeGreaterThan(1_000);
    await page.mouse.wheel(0, -1_000_000);
    await page.getByText('E0000001', { exact: true }).first().waitFor();
    await isSmall(page, 'resources');
  });

  /** Elements and memory as console.md limits them. */
  async function isSmall(page: Page, what: string): Promise<void> {
    const session = await page.context().newCDPSession(page);
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    const elements = await page.evaluate<number>('document.querySelectorAll("*").length');
    measured.push([`${what}: memory of the page`, `${(usedSize / megabyte).toFixed(0)} MiB`]);
    measured.push([`${what}: elements`, String(elements)]);
    expect(usedSize).toBeLessThan(150 * megabyte);
    expect(elements).toBeLessThan(2_000);
  }
});

const firstIndex = (page: Page): Promise<number> =>
  page.evaluate<number>(
    `Number([...document.querySelectorAll('[aria-label="Changes"] [role=row][aria-rowindex]')][1]?.getAttribute('aria-rowindex') ?? 0)`,
  );

const quantile = (of: readonly number[], share: number): string =>
  (of.toSorted((a, b) => a - b)[Math.round((of.length - 1) * share)] ?? NaN).toFixed(0);

/**
 * Scrolls on by nearly two views of the list.
 * @returns milliseconds until a frame of the browser has rows everywhere in view
 * @throws if some part stays without a row for 20 s
 */
const scrollOn = (page: Page): Promise<number> =>
  page.evaluate<number>(`new Promise((filled, blank) => {
    const scroller = document.querySelector('[aria-label="Changes, scrolls"]');
    const hole = () => {
      const frame = scroller.getBoundingClientRect();
      const rows = [...document.querySelectorAll('[aria-label="Changes"] [role=row]')].map((each) => each.getBoundingClientRect());
      for (let y = frame.top + 2; y < frame.bottom - 2; y += 8)
        if (!rows.some((row) => row.top <= y && row.bottom >= y)) return true;
      return false;
    };
    const began = performance.now();
    scroller.scrollTop += 1500;
    const look = () => {
      const passed = performance.now() - began;
      if (!hole()) filled(passed);
      else if (passed > 20_000) blank(new Error('a part of the list has no rows'));
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  })`);

function render(measured: readonly [string, string][]): string {
  const { processor, cores, memory, system, load } = describeMachine();
  return [
    '# Large lists in the console',
    '',
    `${processor}, ${String(cores)} cores, ${String(memory)} GiB, ${system}, load ${String(load)}. ${changes.toLocaleString('en-US')} changes, ${people.toLocaleString('en-US')} people.`,
    '',
    '| what | measured |',
    '| --- | ---: |',
    ...measured.map(([what, value]) => `| ${what} | ${value} |`),
    '',
  ].join('\n');
}
