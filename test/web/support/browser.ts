import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { watchPage, type Complaints } from './policy.ts';

const executable = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** Parts of a browser that would talk to others, or that a machine without a screen lacks. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface Look {
  width?: number;
  height?: number;
  scheme?: 'light' | 'dark';
}

/** A real Chromium with a profile of its own. Every page is watched: what it complains of fails the test that asks. */
export class TestBrowser {
  readonly #browser: Browser;
  readonly #folder: string;

  private constructor(browser: Browser, folder: string) {
    this.#browser = browser;
    this.#folder = folder;
  }

  static async start(): Promise<TestBrowser> {
    const folder = await mkdtemp(join(tmpdir(), 'syncline-browser-'));
    const browser = await chromium.launch({
      executablePath: executable,
      args: flags,
      env: { ...process.env, HOME: folder },
    });
    return new TestBrowser(browser, folder);
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** A browser of another person: nothing is kept from others. */
  async context({ width = 1280, height = 800, scheme = 'light' }: Look = {}): Promise<BrowserContext> {
    const context = await this.#browser.newContext({
      viewport: { width, height },
      colorScheme: scheme,
      reducedMotion: 'reduce',
      locale: 'en-GB',
      timezoneId: 'Europe/Berlin',
    });
    // on a machine that does much else at the same time, too
    context.setDefaultTimeout(45_000);
    return context;
  }

  async open(url: string, look?: Look): Promise<{ page: Page; complaints: Complaints }> {
    const context = await this.context(look);
    const page = await context.newPage();
    const complaints = await watchPage(page);
    await page.goto(url);
    return { page, complaints };
  }
}
