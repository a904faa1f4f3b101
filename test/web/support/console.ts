import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, TestRunner } from 'vitest';
import { builtConsole } from '../../../local/built-console.ts';
import { Stack } from '../../support/stack.ts';
import { TestBrowser, type Look } from './browser.ts';
import type { Complaints } from './policy.ts';

/** The built console behind a real API with a worker, and a browser in front of it. */
export class TestConsole {
  readonly stack: Stack;
  readonly #browser: TestBrowser;
  #opened: { page: Page; complaints: Complaints }[] = [];
  #kept: { page: Page; complaints: Complaints } | undefined;

  private constructor(stack: Stack, browser: TestBrowser) {
    this.stack = stack;
    this.#browser = browser;
  }

  static async start(): Promise<TestConsole> {
    const consoleDir = await builtConsole();
    const [stack, browser] = await Promise.all([
      Stack.start({ SYNCLINE_CONSOLE_DIR: consoleDir, SYNCLINE_TEMPORAL_UI_URL: 'https://temporal.example/ui/' }),
      TestBrowser.start(),
    ]);
    return new TestConsole(stack, browser);
  }

  async stop(): Promise<void> {
    await this.#browser.stop();
    await this.stack.stop();
  }

  /** A page of the console in a browser of its own. @param api the address, where it is not that of the stack */
  async open(path: string, look?: Look, api = this.stack.api): Promise<Page> {
    const opened = await this.#browser.open(`${api}${path}`, look);
    this.#opened.push(opened);
    return opened.page;
  }

  /**
   * A page of the one tab that stays open from test to test: its browser has the files of the console already. Addresses
   * that are looked at one after the other need no more.
   */
  async visit(path: string, { width = 1280, height = 800, scheme = 'light' }: Look = {}): Promise<Page> {
    this.#kept ??= await this.#browser.open('about:blank');
    const { page } = this.#kept;
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height });
    await page.goto(`${this.stack.api}${path}`);
    return page;
  }

  /** Closes what was opened, but not the tab that stays. @throws if a page has complained of anything */
  async close(): Promise<void> {
    const opened = this.#opened;
    this.#opened = [];
    const all = [...opened, ...(this.#kept ? [this.#kept] : [])];
    if (TestRunner.getCurrentTest()?.result?.state === 'fail') for (const { page } of all) await tell(page);
    for (const { page } of opened) await page.context().close();
    const said = all.flatMap(({ complaints }) => complaints.all);
    this.#kept?.complaints.forget();
    expect(said).toEqual([]);
  }

  /** What pages have complained of so far was meant. */
  forgive(): void {
    for (const { complaints } of this.#opened) complaints.forget();
  }
}

/** Where a page was, and what it showed, when its test failed. */
async function tell(page: Page): Promise<void> {
  const text = await page
    .locator('body')
    .innerText({ timeout: 2_000 })
    .catch(() => 'nothing');
  process.stderr.write(`The page ${page.url()} shows:\n${text.slice(0, 3_000)}\n`);
}

/** The pages of the guided tour, by their address. */
const pictured: Record<string, string> = {
  '/': 'overview',
  '/connectors/community': 'connector',
  '/types/Community_Group': 'resources',
  '/syncs': 'job-results',
};
const pictures = join(import.meta.dirname, '..', '..', '..', 'docs', 'guides', 'console');

/** `SCREENSHOTS=true` takes the pictures of the guided tour again; they show what the test has in front of it. */
export async function picture(page: Page, address: string, name = pictured[address]): Promise<void> {
  if (process.env['SCREENSHOTS'] !== 'true' || name === undefined) return;
  await page.screenshot({ path: join(pictures, `${name}.png`) });
}

/** Presses Tab until the element that has the focus has this name. @throws if it never has */
export async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const seen: string[] = [];
  for (let i = 0; i < 150; i++) {
    await page.keyboard.press('Tab');
    const now: string = await page.evaluate(
      `(() => { const e = document.activeElement; return (e.getAttribute('aria-label') ?? (e.labels?.[0]?.textContent) ?? e.textContent ?? '').trim(); })()`,
    );
    if (typeof name === 'string' ? now === name : name.test(now)) return;
    seen.push(now);
  }
  throw new Error(`Tab never came to ${String(name)}, but to ${seen.join(' | ')}`);
}
