import axe from 'axe-core';
import type { Page } from 'playwright-core';

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

interface AxeResult {
  violations: { id: string; help: string; nodes: { html: string; failureSummary: string }[] }[];
}

/** What the page has against the rules of accessibility, in a form that a person can act on. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  // evaluated by the debugger, not by the page: the policy of the page stays as it is
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(axe.source);
  const result: AxeResult = await page.evaluate(
    // what passes is not asked for, and there are no films or sounds that would have to be loaded first
    `axe.run({ runOnly: { type: 'tag', values: ${JSON.stringify(tags)} }, resultTypes: ['violations'], preload: false })`,
  );
  return result.violations.flatMap(({ id, help, nodes }) =>
    nodes.slice(0, 5).map(({ html, failureSummary }) => `${id}: ${help}\n  ${html.slice(0, 300)}\n  ${failureSummary}`),
  );
}

/** Whether the page has to be scrolled sideways. */
export const isTooWide = (page: Page): Promise<boolean> =>
  page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
