import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sync } from '../../../domain/sync.ts';
import { openDatabase, rows } from '../../../repository/database.ts';
import { removeChanges } from '../../../repository/retention.ts';
import { csv, onePerson, wide } from '../../support/connector.ts';
import { accessibilityFaults, isTooWide } from '../support/axe.ts';
import { picture, TestConsole, tabTo } from '../support/console.ts';

const example = join(import.meta.dirname, '..', '..', '..', 'examples', 'community');

/** Every page: what it says, without a fault of accessibility, policy or console, wide and narrow, light and dark. */
describe('the pages of the console', { timeout: 180_000 }, () => {
  let web: TestConsole;
  let applied: Sync;
  let held: Sync;
  let execution: string;
  beforeAll(async () => {
    web = await TestConsole.start();
    const { stack } = web;
    const file = parse(await readFile(join(example, 'connector.yaml'), 'utf8')) as { name: string };
    await stack.placeFolder('community', example);
    await stack.put(file, 'community');
    applied = await stack.syncAndResume('community');
    await stack.put(onePerson({ name: 'hr' }), 'hr');
    const rows = Array.from(
      { length: 3000 },
      (_, i) => `E${String(i).padStart(5, '0')},Name ${String(i)},n${String(i)}@x.org`,
    );
    await stack.place('hr', { 'people.csv': csv('id,name,mail', ...rows) });
    held = await stack.sync('hr');
    const since = { since: { column: 'since', type: 'date' } };
    await stack.put(onePerson({ name: 'faulty', thresholds: wide, properties: since }), 'faulty');
    await stack.place('faulty', {
      'people.csv': csv('id,name,mail,since', 'E1,Ada,,2020-01-31', 'E2,Ben,,x', 'E3,Cyd,,y', ',No,,'),
    });
    await stack.syncAndResume('faulty');
    const badges = onePerson({ name: 'badges' });
    const holder = { navigationProperties: { holder: { to: 'hr_Person', column: 'mail' } } };
    await stack.put({ ...badges, entityTypes: [{ ...badges.entityTypes[0], ...holder }] }, 'badges');
    const job = { mode: 'complete', connectors: ['community'], cron: '0 2 * * *', timezone: 'Europe/Berlin' };
    await stack.call('PUT', '/v1/jobs/nightly', job);
    const { body } = await stack.call('POST', '/v1/jobs/nightly/run');
    execution = (body as { id: string }).id;
    await stack.until(
      async () => (await stack.get<{ endedAt: string | null }>(`/v1/executions/${execution}`)).endedAt !== null,
    );
  }, 240_000);
  afterAll(() => web.stop());
  afterEach(() => web.close());

  const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name }).waitFor();

  const pages: [path: string | (() => string), heading: RegExp][] = [
    ['/', /Overview/],
    ['/connectors', /Connectors/],
    ['/connectors/community', /Open-source community/],
    ['/connectors/community/file', /File of community/],
    ['/connectors/community/limits', /Limits of community/],
    ['/connectors/community/preview', /Preview of community/],
    ['/syncs', /Job Results/],
    ['/syncs?status=rejected&mode=complete', /Job Results/],
    [() => `/syncs/${applied.id}`, /Sync of community/],
    [() => `/syncs/compare?second=${applied.id}`, /Two syncs of community/],
    [() => `/syncs/${held.id}`, /Sync of hr/],
    [() => `/syncs/${held.id}/review`, /hr – held since/],
    [() => `/syncs/${applied.id}/review`, /community – was held/],
    [() => `/syncs/${applied.id}/changes`, /Changes of community/],
    [() => `/syncs/${applied.id}/errors`, /Errors of the sync/],
    [() => `/syncs/${applied.id}/log`, /Log of the sync/],
    [() => `/syncs/${applied.id}/revert`, /Revert the sync/],
    ['/jobs', /Jobs/],
    ['/jobs/nightly', /nightly/],
    ['/executions', /Job Execution/],
    [() => `/executions/${execution}`, /Execution of nightly/],
    ['/types', /Resources/],
    ['/types/Community_Group', /Group/],
    ['/types/Community_Group/cargo', /cargo/],
    ['/types/Community_Group/cargo?depth=2', /cargo/],
    ['/search?q=a', /Search/],
    ['/errors', /Errors/],
    ['/refusals', /Refused changes/],
    ['/packages', /Identity stores/],
    ['/new', /Connect a system/],
    ['/new/file', /New connector from a file/],
    ['/settings', /Settings/],
    ['/nowhere', /There is no such page/],
    ['/syncs/00000000-0000-7000-8000-000000000000', /There is no such sync/],
    ['/connectors/nobody', /There is no connector/],
    ['/connectors/community?syncStatus=community', /Open-source community/],
    ['/connectors/community?start=community', /Open-source community/],
  ];

  it.each(pages)(
    'have one heading, a title, a first Tab to the content, no fault of accessibility and no scroll bar below, in both schemes and widths: %s',
    async (path, name) => {
      const faults: string[] = [];
      const address = typeof path === 'string' ? path : path();
      const page = await web.visit(address, { width: 1280, height: 800, scheme: 'light' });
      await heading(page, name);
      await expect.poll(() => page.locator('[aria-busy=true]').count(), { timeout: 45_000 }).toBe(0);
      expect(await page.getByRole('heading', { level: 1 }).count(), address).toBe(1);
      expect(await page.title(), address).toMatch(/Syncline$/);
      const where = (what: string) => (fault: string) => `${address} ${what}: ${fault}`;
      await picture(page, address);
      faults.push(...(await accessibilityFaults(page)).map(where('light')));
      if (await isTooWide(page)) faults.push(`${address} is too wide at 1280`);
      await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
      await page.setViewportSize({ width: 320, height: 640 });
      await page.locator('html[data-mantine-color-scheme=dark]').waitFor({ state: 'attached' });
      faults.push(...(await accessibilityFaults(page)).map(where('dark, narrow')));
      if (await isTooWide(page)) faults.push(`${address} is too wide at 320`);
      expect(faults).toEqual([]);
      // a dialog keeps the focus, and what is behind it is not there for a screen reader
      if (await page.getByRole('dialog').count()) return;
      for (const part of [page.getByRole('banner'), page.getByRole('main')]) expect(await part.count()).toBe(1);
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to content');
    },
  );

  it.each([
    [1280, 'light'],
    [320, 'dark'],
  ] as const)(
    'unfold the entity types of each connector, and mark what waits and what is wrong, at %i px, %s',
    async (width, scheme) => {
      const page = await web.open('/settings', { width, scheme });
      if (width === 320) await page.getByRole('button', { name: 'Menu' }).click();
      const nav = page.getByRole('navigation', { name: 'Main' });
      await nav.getByRole('button', { name: 'Resources' }).click();
      await nav.getByRole('link', { name: 'hr_Person · 3,000 changes held' }).waitFor();
      await nav.getByRole('link', { name: /^faulty_Person · \d errors$/ }).waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await nav.getByRole('link', { name: 'Group', exact: true }).click();
      await heading(page, /Group/);
    },
  );

  it('lead from a group to a person and back, and to the sync that brought them', async () => {
    const page = await web.open('/types/Community_Group');
    await page.getByRole('table').getByRole('link').first().click();
    await page.getByRole('button', { name: 'Sync item', exact: true }).waitFor();
    const eye = page.getByRole('link', { name: /^Open .+ \(Community_User\)$/ }).first();
    if ((await eye.count()) === 0) {
      await page.goto(`${web.stack.api}/types/Community_User`);
      await page.getByRole('table').getByRole('link').first().click();
    } else await eye.click();
    await page.getByRole('heading', { name: /Referenced by Community_Group\.members/ }).waitFor();
    await page
      .getByRole('link', { name: /^Open .+ \(Community_Group\)$/ })
      .first()
      .click();
    await page.getByRole('heading', { name: 'History' }).waitFor();
    await page.getByRole('heading', { name: 'Attributes' }).waitFor();
  });

  it.each([1280, 320])(
    'draw the links around a resource, each end a link by mouse and key, at %i px',
    async (width) => {
      const page = await web.open('/types/Community_Group/cargo', { width });
      const picture = page.getByRole('group', { name: 'Links around cargo' });
      await picture.getByRole('link', { name: 'Open devtools (Community_Group)' }).waitFor();
      const near = await picture.getByRole('link').count();
      const drawn = await picture.locator('path[data-dashed]').count();
      expect(drawn).toBe(near - 1);
      await page.getByLabel('Two links far').check();
      await page.waitForURL(/depth=2/);
      await expect.poll(() => picture.getByRole('link').count()).toBeGreaterThan(near);
      await page.getByText('The same as a list').click();
      const list = page.getByRole('list', { name: 'Links around it, as a list' });
      await list.getByRole('listitem').filter({ hasText: 'parent →' }).first().waitFor();
      expect(await list.getByRole('listitem').count()).toBe(await picture.locator('path[data-dashed]').count());
      expect(await isTooWide(page)).toBe(false);
      await page.getByRole('region', { name: 'Links around cargo, scrolls' }).focus();
      await tabTo(page, 'Open devtools (Community_Group)');
      await page.keyboard.press('Enter');
      await heading(page, 'devtools');
      await page.getByRole('group', { name: 'Links around devtools' }).waitFor();
    },
  );

  it('say of a connector how much it has, and of a sync what was read, and no outcome before its end', async () => {
    const page = await web.open('/connectors');
    const row = page.getByRole('table', { name: 'Connectors' }).getByRole('row').filter({ hasText: 'faulty' });
    await row.getByRole('link', { name: '3', exact: true }).waitFor();
    await page.goto(`${web.stack.api}/syncs/${held.id}`);
    await page.getByRole('region', { name: 'What was read' }).getByText('read to its end').waitFor();
    await page.getByText(/^\d.* s, then held$/).waitFor();
    expect(await page.getByText('Outcome', { exact: true }).count()).toBe(0);
    await page.goto(`${web.stack.api}/syncs/${applied.id}`);
    await page.getByText('Outcome', { exact: true }).waitFor();
    const current = page.getByRole('navigation', { name: 'Main' }).locator('[aria-current]');
    expect(await current.allTextContents()).toEqual(['Syncs']);
    const workflow = page.getByRole('link', { name: applied.workflowId });
    expect(await workflow.getAttribute('href')).toMatch(
      new RegExp(
        `^https://temporal[.]example/ui/namespaces/[^/]+/workflows/${encodeURIComponent(applied.workflowId)}$`,
      ),
    );
    const breadcrumb = page.getByRole('navigation', { name: 'Breadcrumb' });
    await breadcrumb.getByRole('link', { name: 'Job Results' }).waitFor();
    expect(await breadcrumb.locator('[aria-current]').count()).toBe(0);
  });

  it('say when a job runs, in words, and how its last executions ended', async () => {
    const page = await web.open('/jobs');
    await page.getByRole('table', { name: 'Jobs' }).getByText('At 02:00, every day').waitFor();
    await page.getByRole('link', { name: 'nightly', exact: true }).click();
    await page.getByText('At 02:00, every day').waitFor();
    await page.getByRole('img', { name: 'last results: completed', exact: true }).waitFor();
    await page.goto(`${web.stack.api}/connectors/community`);
    await page.getByText('At 02:00, every day').waitFor();
  });

  it.each([1280, 320])('map the connectors, with the state of each in words, at %i px', async (width) => {
    const page = await web.open('/connectors', { width });
    const map = page.getByRole('group', { name: 'Map of connectors' });
    await map.getByText('held', { exact: true }).waitFor();
    // those of the connection story may be there, too
    expect(await map.getByRole('link').count()).toBeGreaterThanOrEqual(3);
    const [from, to] = await map.locator('path[data-dashed]').all();
    expect(from).toBeDefined();
    expect(to).toBeUndefined();
    await page.getByText('The same as a list').click();
    const list = page.getByRole('list', { name: 'Map of connectors, as a list' });
    await list.getByText('by badges_Person.holder').waitFor();
    await page.getByRole('region', { name: 'Map of connectors, scrolls' }).focus();
    await tabTo(page, 'badges');
    await page.keyboard.press('Enter');
    await heading(page, 'badges');
  });

  it('start a dry run of one task from the Jobs menu, by keyboard alone, and say why incremental is not possible', async () => {
    const page = await web.open('/connectors/community');
    const jobs = page.getByRole('region', { name: 'Entity Types' }).getByRole('button', { name: 'Jobs' });
    await jobs.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'All Tasks' }).waitFor();
    const items = await page.getByRole('menuitem').allTextContents();
    expect(items).toEqual(['All Tasks', 'Export', 'Prepare', 'Synchronize', 'Update expressions']);
    await page.getByRole('menuitem', { name: 'All Tasks' }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio', { name: 'Complete' }).waitFor();
    expect(await dialog.getByRole('radio', { name: 'Incremental' }).isDisabled()).toBe(true);
    await dialog.getByText('names no way to read only what has changed').waitFor();
    await dialog.getByLabel('Dry run').check();
    await dialog.getByRole('button', { name: 'Start' }).click();
    await heading(page, /Sync of community/);
    await page.getByText('complete, dry run').waitFor();
    for (const task of ['export', 'prepare', 'synchronize'])
      await page.getByRole('link', { name: task, exact: true }).first().waitFor();
  });

  it('show when and by whom a connector was synchronised, with the counts of its people', async () => {
    const page = await web.open('/connectors/community');
    await page.getByRole('button', { name: /^Last synced/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Sync Status' });
    await dialog.getByRole('heading', { name: 'Open-source community' }).waitFor();
    for (const word of ['impacted', 'succeeded', 'unsynced', 'partial', 'failed'])
      await dialog.getByText(word, { exact: true }).first().waitFor();
    for (const [path, name] of [
      ['/', /, Sync Status of Open-source community$/],
      ['/connectors', /, Sync Status of Open-source community$/],
      ['/connectors/community', /, Sync Status of Group$/],
    ] as const) {
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      await page.goto(`${web.stack.api}${path}`);
      await page.getByRole('link', { name }).first().click();
      await dialog.getByRole('heading', { name: 'Open-source community' }).waitFor();
    }
    await page.goto(`${web.stack.api}/connectors/faulty?syncStatus=faulty`);
    await dialog.getByRole('link', { name: /^\d failed, / }).click();
    await page.waitForURL(/entityType=faulty_Person&effect=row-rejected/);
    await page.getByRole('region', { name: 'key-empty' }).waitFor();
    await page.goto(`${web.stack.api}/errors?connector=faulty&effect=link-rejected`);
    await page.getByText('No open error fits these filters').waitFor();
    await page.getByRole('button', { name: 'Remove effect' }).waitFor();
  });

  it.each([1280, 320])(
    'show open errors by code, property and object, and what clears them, at %i px',
    async (width) => {
      const page = await web.open('/errors?connector=faulty', { width });
      const format = page.getByRole('region', { name: 'format' });
      await format.getByRole('heading', { level: 3, name: 'faulty_Person.since' }).waitFor();
      await format.getByText('Cleared by an applied sync that reads the object').waitFor();
      await format.getByText(/2 errors, first seen/).waitFor();
      await format.getByRole('link', { name: 'E3', exact: true }).waitFor();
      await page.getByRole('region', { name: 'key-empty' }).getByText('no object is known').waitFor();
      const hide = format.getByRole('button', { name: 'Hide 2 errors of faulty_Person.since' });
      await hide.focus();
      await page.keyboard.press('Enter');
      await format.getByRole('link', { name: 'E3', exact: true }).waitFor({ state: 'detached' });
      await format.getByRole('button', { name: 'Show 2 errors of faulty_Person.since' }).click();
      await format.getByRole('link', { name: 'E2', exact: true }).waitFor();
      expect(await isTooWide(page)).toBe(false);
      await page.getByLabel('Property').selectOption('since');
      await page.waitForURL(/property=since/);
      await page.getByRole('region', { name: 'key-empty' }).waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Remove property' }).click();
      await page.getByRole('region', { name: 'key-empty' }).waitFor();
    },
  );

  it('say of a sync of long ago that retention removed its changes, its errors and its log', async () => {
    const { stack } = web;
    await stack.put(onePerson({ name: 'old' }), 'old');
    await stack.place('old', { 'people.csv': csv('id,name,mail', 'E1,Ada,') });
    const old = await stack.syncAndResume('old');
    const db = openDatabase(stack.databaseUrl, { applicationName: 'test', poolSize: 1, statementTimeoutMs: 60_000 });
    try {
      const [found] = await rows<{ no: number }>(db, 'select no from syncline.sync where id = ?', [old.id]);
      await db.transaction((tx) => removeChanges(tx, found?.no ?? 0));
    } finally {
      await db.destroy();
    }
    const page = await web.open(`/syncs/${old.id}/changes`);
    await page.getByText('The changes of this sync are gone: removed by retention').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.goto(`${stack.api}/syncs/${old.id}/errors`);
    await page.getByText('The errors of this sync are gone: removed by retention').waitFor();
    await page.goto(`${stack.api}/syncs/${old.id}/log`);
    await page.getByText('The log of this sync is gone: removed by retention').waitFor();
    await page.goto(`${stack.api}/syncs/${old.id}/review`);
    await page.getByText('The changes of this sync are gone: removed by retention').waitFor();
    await page.getByRole('link', { name: 'Open the sync' }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it('filter in the address, with a chip for each filter that takes it off', async () => {
    const page = await web.open('/syncs');
    await page.getByLabel('Connector').selectOption('hr');
    await page.waitForURL(/connector=hr/);
    const current = page.getByRole('navigation', { name: 'Main' }).locator('[aria-current]');
    expect(await current.allTextContents()).toEqual(['Syncs']);
    await page.getByRole('button', { name: 'Remove connector' }).click();
    await page.waitForURL((url) => url.search === '');
    await page
      .getByRole('link', { name: /community/ })
      .first()
      .waitFor();
  });

  it('connect a system: from its package to the first held sync', async () => {
    await web.stack.place('school', { 'pupils.csv': csv('pupil_id,name', 'P1,Ada', 'P2,Grace') });
    const page = await web.open('/new');
    await page.getByRole('radio', { name: 'CSV files' }).check();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByLabel('Connector name').fill('school');
    await page.getByLabel('Directory', { exact: true }).fill('school');
    await page.getByRole('button', { name: 'Test the connection' }).click();
    await page.getByRole('main').getByRole('status').first().waitFor();
    await page.getByRole('button', { name: 'Discover' }).click();
    await page.getByText('1 table is found').waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText(/pupil_id is named like a key/).waitFor();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('button', { name: 'Start the first sync' }).click();
    await page.getByText('Threshold Exceeded').first().waitFor({ timeout: 60_000 });
    await page.getByRole('link', { name: 'Review', exact: true }).click();
    await page.getByText('Resuming adds 2 School_Pupil').first().waitFor();
  });

  it('say that Syncline is away, keep what they showed, and go on by themselves', async () => {
    const page = await web.open('/connectors');
    const row = page.getByRole('table').getByRole('link', { name: 'Open-source community', exact: true });
    await row.waitFor();
    await page.getByText('Connected', { exact: true }).waitFor();
    await web.stack.kill('api');
    await page.getByText(/^Not connected: /).waitFor({ timeout: 40_000 });
    expect(await row.count()).toBe(1);
    web.stack.launch('api');
    await page.getByText('Connected', { exact: true }).waitFor({ timeout: 60_000 });
    web.forgive();
  });
});
