import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { Api } from '../../bench/api.ts';
import { PlanCollector } from '../../bench/plans/collect.ts';
import { goThrough } from '../../bench/plans/go-through.ts';
import { KeptPlans } from '../../bench/plans/kept.ts';
import { readNames } from '../../bench/plans/names.ts';
import { sizes } from '../../bench/sizes.ts';
import { RepositoryFixture, type Person } from '../support/repository-fixture.ts';
import { Stack } from '../support/stack.ts';

/**
 * The plans of the statements that a sync stands or falls with, at a size where the wrong one costs seconds and at which
 * the planner has statistics. `npm run bench:plans` keeps them as text.
 */
describe('the plans of the core statements', () => {
  let stack: Stack;
  let collector: PlanCollector;
  let database: string;
  beforeAll(async () => {
    stack = await Stack.start();
    database = new URL(stack.databaseUrl).pathname.slice(1);
    collector = await PlanCollector.start({
      adminUrl: inject('databaseAdminUrl'),
      database,
      logFile: inject('databaseLog'),
      timing: false,
    });
    // connections that are open are not listened to
    for (const part of ['api', 'worker'] as const) {
      await stack.kill(part);
      stack.launch(part);
    }
    await stack.ready();
  });
  afterAll(() => stack.stop());

  async function analyze(): Promise<void> {
    const url = new URL(inject('databaseAdminUrl'));
    url.pathname = `/${database}`;
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    await client.query('vacuum (analyze)').finally(() => client.end());
  }

  it('go through no table again for each row of another', { timeout: 600_000 }, async () => {
    const kept = new KeptPlans();
    await goThrough({
      api: new Api(stack.api),
      shape: sizes.S,
      files: stack.files,
      scratch: join(stack.folder, 'scratch'),
      after: async (step) => {
        kept.add(step, await collector.take(), await readNames(stack.databaseUrl));
        await analyze();
      },
    });
    expect(kept.repeated).toEqual([]);
    // a statement that is not met is not watched: bench/plans/statements.ts has to know it by its new text
    expect(kept.missing).toEqual([]);
  });

  it('are told from those that do', { timeout: 120_000 }, async () => {
    const people: Person[] = Array.from({ length: 1500 }, (_, n) => ({ id: `p${String(n)}`, badge: `b${String(n)}` }));
    const source = { people, groups: [], members: [] };
    const fallback = ['enable_hashjoin', 'enable_mergejoin', 'enable_indexscan', 'enable_indexonlyscan'];
    const settings = [...fallback, 'enable_bitmapscan', 'enable_memoize'];
    const first = await RepositoryFixture.create(stack.databaseUrl, 'planted');
    await first.run(source).finally(() => first.close());
    await collector.take();
    await collector.set(Object.fromEntries(settings.map((name) => [name, 'off'])));
    const second = await RepositoryFixture.create(stack.databaseUrl, 'planted');
    await second
      .diff({ ...source, people: people.map((person, n) => ({ ...person, name: n % 2 === 0 ? 'x' : 'y' })) })
      .finally(() => second.close());
    await collector.reset(settings);
    const kept = new KeptPlans();
    kept.add('planted', await collector.take(), await readNames(stack.databaseUrl));
    for (const name of ['resources-inserted', 'resources-updated'])
      expect(kept.repeated).toContainEqual(
        expect.stringMatching(new RegExp(`^planted: ${name}: .* goes through 1500 rows, 1500 times over$`)),
      );
  });
});
