import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { tabTo } from './console.ts';

/** How a person goes through the console: nothing but a mouse, or nothing but a keyboard. */
export interface Hands {
  /** Follows the link with this name, from wherever the page is. */
  open(page: Page, link: string): Promise<void>;
  /** Brings the text into view. @throws if it is not there, or no scrolling leads to it */
  look(page: Page, text: string | RegExp): Promise<void>;
  /** Rejects what is on the review page. Typing follows in both: a mouse alone writes no reason. */
  reject(page: Page, reason: string): Promise<void>;
}

const inDialog = (page: Page) => page.getByRole('dialog');

export const mouse: Hands = {
  open: (page, link) => page.getByRole('link', { name: link, exact: true }).click(),
  async look(page, text) {
    await page.getByText(text).first().scrollIntoViewIfNeeded();
  },
  async reject(page, reason) {
    await page.getByRole('button', { name: 'Reject', exact: true }).click();
    const confirm = inDialog(page).getByRole('button', { name: /^Reject/ });
    // a decision without a reason is not taken
    expect(await confirm.isEnabled()).toBe(false);
    await inDialog(page).getByLabel('Reason').click();
    await page.keyboard.type(reason);
    await confirm.click();
  },
};

export const keyboard: Hands = {
  async open(page, link) {
    await page.getByRole('link', { name: link, exact: true }).waitFor();
    await tabTo(page, 'Skip to content');
    await page.keyboard.press('Enter');
    await tabTo(page, link);
    await page.keyboard.press('Enter');
  },
  async look(page, text) {
    const found = page.getByText(text).first();
    await found.waitFor();
    const distance = async () => {
      const box = await found.boundingBox();
      const height = page.viewportSize()?.height ?? 0;
      if (box === null || (box.y >= 0 && box.y + Math.min(box.height, 40) <= height)) return 0;
      return box.y < 0 ? box.y : box.y - height;
    };
    for (let i = 0; i < 40; i++) {
      const left = await distance();
      if (left === 0) return;
      await page.keyboard.press(left < 0 ? 'ArrowUp' : left > 400 ? 'PageDown' : 'ArrowDown');
      // the browser scrolls with its next frames
      await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    }
    throw new Error(`No scrolling led to ${String(text)}`);
  },
  async reject(page, reason) {
    await tabTo(page, 'Reject');
    await page.keyboard.press('Enter');
    await inDialog(page).getByLabel('Reason').waitFor();
    await page.keyboard.type(reason);
    await tabTo(page, /^Reject,/);
    await page.keyboard.press('Enter');
  },
};
