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

/** A key scrolls smoothly: over the next frames, which come late on a busy machine. */
const standsStill = `new Promise((done) => {
  let last;
  let same = 0;
  const look = () => {
    same = window.scrollY === last ? same + 1 : 0;
    last = window.scrollY;
    if (same === 6) done();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})`;

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
    // pixels that the first lines of it lie above (less than 0) or below the window
    const distance = async () => {
      const box = await found.boundingBox();
      if (box === null) return 0;
      const below = box.y + Math.min(box.height, 40) - (page.viewportSize()?.height ?? 0);
      return box.y < 0 ? box.y : Math.max(below, 0);
    };
    for (let i = 0; i < 40; i++) {
      const left = await distance();
      if (left === 0) return;
      const key = Math.abs(left) > 400 ? 'Page' : 'Arrow';
      await page.keyboard.press(`${key}${left < 0 ? 'Up' : 'Down'}`);
      await page.evaluate(standsStill);
    }
    throw new Error(`No scrolling led to ${String(text)}`);
  },
  async reject(page, reason) {
    await tabTo(page, 'Reject');
    await page.keyboard.press('Enter');
    // what is typed goes where the dialog puts the focus by itself
    await inDialog(page).getByLabel('Reason').and(page.locator(':focus')).waitFor();
    await page.keyboard.type(reason);
    await tabTo(page, /^Reject,/);
    await page.keyboard.press('Enter');
  },
};
