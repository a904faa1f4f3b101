import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sync } from '../../domain/sync.ts';
import { peopleAndGroups, wide } from '../support/connector.ts';
import { Stack } from '../support/stack.ts';

const people = 20_000;
const groups = 200;
const id = (n: number) => `E${String(n)}`;

/** Three memberships a person; one person in a hundred has another name in each edition. */
function files(edition: number, order: 1 | -1 = 1): Record<string, string> {
  const persons = [];
  const members = [];
  for (let n = 0; n < people; n++) {
    const name = n % 100 === 7 ? `Name ${String(n)} ${String(edition)}` : `Name ${String(n)}`;
    persons.push(`${id(n)},${name},m${String(n)}@example.org,${n > 0 ? id(Math.floor(n / 10)) : ''}\n`);
    for (let i = 0; i < 3; i++) members.push(`G${String((n * 7 + i * 13) % groups)},${id(n)}\n`);
  }
  if (order < 0) for (const list of [persons, members]) list.reverse();
  return {
    'people.csv': `id,name,mail,manager\n${persons.join('')}`,
    'groups.csv': `id,title\n${Array.from({ length: groups }, (_, n) => `G${String(n)},Group\n`).join('')}`,
    'members.csv': `group,person\n${members.join('')}`,
  };
}

/**
 * A statement that goes through a whole table once for each row of another reads millions of rows here, where each table
 * has a few ten thousand. Postgres' own counters tell, whatever the plan is called.
 */
describe('what a sync reads of the tables', () => {
  let stack: Stack;
  const stored = people * 5 + groups;
  beforeAll(async () => {
    stack = await Stack.start();
    const settings = { delta: { directory: 'cost-delta', commandColumn: 'command' } };
    await stack.put(peopleAndGroups({ name: 'cost', thresholds: wide, settings }), 'cost');
    await stack.place('cost-delta', {});
  });
  afterAll(() => stack.stop());

  /** Rows that were read and written in the tables of resources and of links so far. */
  async function counted(): Promise<{ read: number; written: number }> {
    // a backend tells its counters at the latest when it ends
    await stack.kill('worker');
    const client = new pg.Client({ connectionString: stack.databaseUrl });
    await client.connect();
    try {
      await stack.until(async () => {
        const { rows } = await client.query(
          // of this database: other tests have workers on the same server
          `select 1 from pg_stat_activity where datname = current_database() and application_name like 'syncline-worker%'`,
        );
        return rows.length === 0;
      });
      const { rows } = await client.query<{ read: number; written: number }>(
        `select sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::float8 as read,
           sum(n_tup_ins + n_tup_upd + n_tup_del)::float8 as written
         from pg_stat_user_tables where relname ~ '^(resource|link)_[0-9]+$'`,
      );
      stack.launch('worker');
      await stack.ready();
      return rows[0] ?? { read: 0, written: 0 };
    } finally {
      await client.end();
    }
  }

  async function costOf(work: () => Promise<Sync>): Promise<{ sync: Sync; read: number; written: number }> {
    const before = await counted();
    const sync = await work();
    // its workflow ends just after it has ended in the tables: a worker killed in between would leave it open for a while
    await stack.until(async () => {
      const { status } = await stack.temporal.workflow.getHandle(sync.workflowId).describe();
      return status.name !== 'RUNNING';
    });
    const after = await counted();
    return { sync, read: after.read - before.read, written: after.written - before.written };
  }

  it('is a few times what is stored, and for a few changes next to nothing', { timeout: 240_000 }, async () => {
    await stack.place('cost', files(0));
    const first = await costOf(() => stack.syncAndResume('cost'));
    expect(first.sync.status).toBe('completed');
    expect(first.written).toBe(stored - 1);
    expect(first.read).toBeLessThan(5 * stored);

    await stack.place('cost', files(0, -1));
    const same = await costOf(() => stack.sync('cost'));
    expect(same).toMatchObject({ sync: { status: 'completed' }, written: 0 });
    expect(same.read).toBeLessThan(stored / 10);

    await stack.place('cost', files(1));
    const changed = await costOf(() => stack.sync('cost'));
    expect(changed).toMatchObject({ sync: { status: 'completed' }, written: people / 100 });
    expect(changed.read).toBeLessThan(stored);

    // another revision: everything is compared
    const settings = { delta: { directory: 'cost-delta', commandColumn: 'command' }, finalNewline: 'optional' };
    await stack.put(peopleAndGroups({ name: 'cost', thresholds: wide, settings }), 'cost');
    await stack.place('cost', files(2));
    const whole = await costOf(() => stack.sync('cost'));
    expect(whole).toMatchObject({ sync: { status: 'completed' }, written: people / 100 });
    expect(whole.read).toBeLessThan(6 * stored);

    await stack.place('cost-delta', {
      'members-1.csv': `command,group,person\n${Array.from({ length: 100 }, (_, n) => `delete,G${String((n * 7) % groups)},${id(n)}\n`).join('')}`,
    });
    const few = await costOf(() => stack.sync('cost', { mode: 'incremental' }));
    expect(few).toMatchObject({ sync: { status: 'completed' }, written: 100 });
    expect(few.read).toBeLessThan(stored / 10);
  });
});
