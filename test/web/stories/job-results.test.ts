import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Sync } from '../../../domain/sync.ts';
import { csv, onePerson } from '../../support/connector.ts';
import { accessibilityFaults } from '../support/axe.ts';
import { TestConsole } from '../support/console.ts';

const soon = { timeout: 20_000 };

/** A person who looks for some of the syncs. */
describe('Job Results', { timeout: 180_000 }, () => {
  let web: TestConsole;
  beforeAll(async () => {
    web = await TestConsole.start();
    const { stack } = web;
    for (const name of ['alpha', 'beta', 'gamma']) {
      const file = onePerson({ name });
      await stack.put({ ...file, entityTypes: file.entityTypes.map((type) => ({ ...type, users: true })) }, name);
      await stack.place(name, { 'people.csv': csv('id,name,mail', 'E1,Ada,ada@x.org') });
    }
    await stack.syncAndResume('alpha');
    await stack.sync('beta');
    await stack.decide(await stack.sync('gamma'), 'reject');
  }, 240_000);
  afterAll(() => web.stop());
  afterEach(() => web.close());

  it('are filtered by several statuses, each with a chip of its own, in an address that can be sent', async () => {
    const page = await web.open('/syncs');
    const rows = page.getByRole('table', { name: 'Job Results' }).getByRole('row');
    const names = async () =>
      (await rows.getByRole('link', { name: /^(alpha|beta|gamma)$/ }).allTextContents()).sort().join(' ');
    await expect.poll(names, soon).toBe('alpha beta gamma');
    await page.getByRole('combobox', { name: 'Status' }).selectOption('held');
    await expect.poll(names, soon).toBe('beta');
    await page.getByRole('button', { name: 'Remove status', exact: true }).waitFor();
    await page.getByRole('combobox', { name: 'Status' }).selectOption('rejected');
    await expect.poll(names, soon).toBe('beta gamma');
    expect(new URL(page.url()).search).toBe('?status=held&status=rejected');
    expect(await page.getByRole('combobox', { name: 'Status' }).locator('option').allTextContents()).not.toContain(
      'held',
    );
    expect(await accessibilityFaults(page)).toEqual([]);

    const sent = await web.open(`/syncs${new URL(page.url()).search}`);
    await sent.getByRole('button', { name: 'Remove status rejected' }).waitFor();
    await expect
      .poll(async () => (await sent.getByRole('link', { name: /^(alpha|beta|gamma)$/ }).allTextContents()).sort(), soon)
      .toEqual(['beta', 'gamma']);

    await page.getByRole('button', { name: 'Remove status held' }).click();
    await expect.poll(names, soon).toBe('gamma');
    expect(new URL(page.url()).search).toBe('?status=rejected');
    await page.goBack();
    await expect.poll(names, soon).toBe('beta gamma');
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await expect.poll(names, soon).toBe('alpha beta gamma');
  });

  it('say what is wrong with a status in the address that there is not', async () => {
    const page = await web.open('/syncs?status=held&status=nonsense');
    await page
      .getByRole('alert')
      .getByText(/expected one of/)
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Remove status nonsense' }).click();
    await page.getByRole('link', { name: 'beta', exact: true }).waitFor();
  });

  it('say in the banner who looks at them', async () => {
    const page = await web.open('/syncs');
    await page.getByRole('banner').getByText('local user', { exact: true }).waitFor();
  });

  it.each([
    ['Sync Users', 320],
    ['Sync Inventory', 1280],
  ] as const)('of all connectors begin with %s, which says first what it would read, at %i px', async (name, width) => {
    const before = (await web.stack.all('/v1/syncs')).length;
    const page = await web.open('/', { width });
    await page.getByRole('button', { name, exact: true }).click();
    const dialog = page.getByRole('dialog', { name });
    await dialog.getByRole('listitem').filter({ hasText: 'beta · left out: a sync is held' }).waitFor();
    expect(await dialog.getByRole('listitem').count()).toBe(3);
    expect(await accessibilityFaults(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Start 2 syncs', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Job Results' }).waitFor();
    const started = (await web.stack.all<Sync>('/v1/syncs')).slice(0, -before);
    expect(started.map(({ connector }) => connector).sort()).toEqual(['alpha', 'gamma']);
    for (const { id } of started) {
      const settled = await web.stack.settled(id);
      // nothing of gamma has been applied yet; a held sync would leave it out the next time
      if (settled.status === 'held') await web.stack.decide(settled, 'reject');
    }
  });
});
