import type { Page } from 'playwright-core';

/** What a page has complained of since it was opened. */
export interface Complaints {
  /** Violations of the content security policy, errors of the console, and requests to any other host. */
  all: string[];
  /** Forgets what has been said; for tests that take the API away on purpose. */
  forget: () => void;
}

export async function watchPage(page: Page): Promise<Complaints> {
  const all: string[] = [];
  await page.exposeFunction('reportViolation', (text: string) => {
    all.push(`policy: ${text}`);
  });
  await page.addInitScript(`document.addEventListener('securitypolicyviolation', (event) => {
    reportViolation([event.violatedDirective, event.blockedURI, event.sourceFile, event.sample].join(' '));
  })`);
  page.on('console', (message) => {
    // an answer that is no success is the API's word, which the page shows; the browser notes it by itself
    const own = message.text().startsWith('Failed to load resource');
    if (['error', 'warning'].includes(message.type()) && !own) all.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => {
    all.push(`error: ${error.message}`);
  });
  page.on('request', (request) => {
    const { protocol, host } = new URL(request.url());
    if (protocol !== 'data:' && host !== new URL(page.url() === 'about:blank' ? request.url() : page.url()).host)
      all.push(`other host: ${request.url()}`);
  });
  return {
    all,
    forget: () => {
      all.length = 0;
    },
  };
}
