import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { builtConsole } from '../../../local/built-console.ts';
import { Stack } from '../../support/stack.ts';
import { TestBrowser, type Look } from './browser.ts';
import type { Complaints } from './policy.ts';

/** The built console behind a real API with a worker, and a browser in front of it. */
export class TestConsole {
  readonly stack: Stack;
  readonly #browser: TestBrowser;
  #opened: { page: Page; complaints: Complaints }[] = [];

  private constructor(stack: Stack, browser: TestBrowser) {
    this.stack = stack;
    this.#browser = browser;
  }

  static async start(): Promise<TestConsole> {
    const consoleDir = await builtConsole();
    const [stack, browser] = await Promise.all([
      Stack.start({ SYNCLINE_CONSOLE_DIR: consoleDir }),
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

  /** Closes what was opened. @throws if a page has complained of anything */
  async close(): Promise<void> {
    const opened = this.#opened;
    this.#opened = [];
    for (const { page } of opened) await page.context().close();
    expect(opened.flatMap(({ complaints }) => complaints.all)).toEqual([]);
  }

  /** What pages have complained of so far was meant. */
  forgive(): void {
    for (const { complaints } of this.#opened) complaints.forget();
  }
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
