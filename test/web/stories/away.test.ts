import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { csv, onePerson } from '../../support/connector.ts';
import { Gate } from '../../support/gate.ts';
import { TestConsole } from '../support/console.ts';

/** What the console shows while a part that Syncline needs is away, and when it is back. */
describe('while a part is away', { timeout: 180_000 }, () => {
  let web: TestConsole;
  let api: Awaited<ReturnType<TestConsole['stack']['launchApi']>>;
  let temporal: Gate;
  let postgres: Gate;
  beforeAll(async () => {
    web = await TestConsole.start();
    const [host = '', port] = inject('temporalAddress').split(':');
    temporal = await Gate.to(host, Number(port));
    const database = new URL(web.stack.databaseUrl);
    postgres = await Gate.to(database.hostname, Number(database.port));
    database.hostname = '127.0.0.1';
    database.port = String(postgres.port);
    api = await web.stack.launchApi({
      SYNCLINE_TEMPORAL_ADDRESS: `127.0.0.1:${String(temporal.port)}`,
      SYNCLINE_DATABASE_URL: database.toString(),
    });
    await web.stack.put(onePerson({ name: 'hr' }), 'hr');
    await web.stack.place('hr', { 'people.csv': csv('id,name,mail', 'E1,Ada,ada@x.org') });
    await web.stack.syncAndResume('hr');
  }, 240_000);
  afterAll(async () => {
    await api.stop();
    await temporal.stop();
    await postgres.stop();
    await web.stop();
  });
  afterEach(() => web.close());

  it('Temporal: reads go on, a start says what is away, and the same start works when it is back', async () => {
    const page = await web.open('/connectors/hr', undefined, api.api);
    await page.getByRole('button', { name: 'Jobs', exact: true }).waitFor();
    temporal.close();
    await page.getByRole('button', { name: 'Jobs', exact: true }).click();
    await page.getByRole('menuitem', { name: 'All Tasks' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Start', exact: true }).click();
    await dialog.getByText('Temporal cannot be reached').waitFor({ timeout: 60_000 });
    await page.getByText('Connected', { exact: true }).waitFor();
    temporal.open();
    await expect
      .poll(
        async () => {
          // the dialog may close at any moment: then there is nothing left to press
          await dialog
            .getByRole('button', { name: 'Start', exact: true, disabled: false })
            .click({ timeout: 500 })
            .catch(() => undefined);
          return page.url();
        },
        { timeout: 60_000, interval: 1_000 },
      )
      .toMatch(/\/syncs\/[0-9a-f-]{36}$/);
    // the address changes before the page does, and the page before has a link of this name, too
    await page.getByRole('heading', { level: 1, name: 'Sync of hr' }).waitFor();
    const path = page.getByRole('navigation', { name: 'Breadcrumb' });
    await path.getByRole('link', { name: 'Job Results' }).click();
    await page.getByRole('heading', { level: 1, name: 'Job Results' }).waitFor();
    const { items } = await web.stack.get<{ items: unknown[] }>('/v1/syncs?connector=hr');
    // however often it was pressed
    expect(items).toHaveLength(2);
  });

  it('Postgres: what was shown stays, the page says what waits, and goes on by itself', async () => {
    const page = await web.open('/connectors', undefined, api.api);
    const line = page.getByRole('table').getByRole('link', { name: /hr/ }).first();
    await line.waitFor();
    postgres.close();
    await page.getByText('Postgres cannot be reached').first().waitFor({ timeout: 60_000 });
    expect(await line.count()).toBe(1);
    postgres.open();
    await page.getByText('Postgres cannot be reached').first().waitFor({ state: 'detached', timeout: 60_000 });
    await line.waitFor();
  });
});
