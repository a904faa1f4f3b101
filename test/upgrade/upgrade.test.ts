import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SummaryGroup } from '../../domain/summary/body.ts';
import type { Cause, Sync } from '../../domain/sync.ts';
import { openDatabase, row, rows, type Database } from '../../repository/database.ts';
import { computeDigest } from '../../repository/digest.ts';
import { migrate, pendingMigrations } from '../../repository/migrate.ts';
import { ApiAlone } from '../support/api-alone.ts';
import { restoreTestDatabase } from '../support/database.ts';
import { InProcess } from '../support/in-process.ts';

type Row = Record<string, unknown>;

/** How the rows of tables are told apart that have no primary key themselves. */
const keys: Record<string, string> = {
  resource: 'entity_type, id',
  link: 'property, source, target',
  managed_change: 'sync, entity_type, resource',
  dangling_link: 'property, source, value',
  match: 'entity_type, property, resource',
};

/** All rows of all tables, by table, in the order of their keys. Rows of partitions are those of their table. */
async function everything(db: Database): Promise<Map<string, Row[]>> {
  const tables = await rows<{ name: string; key: string | null }>(
    db,
    `select c.relname as name, (select string_agg(format('%I', a.attname), ', ' order by k.n)
       from pg_index i cross join lateral unnest(i.indkey) with ordinality as k (att, n)
       join pg_attribute a on a.attrelid = c.oid and a.attnum = k.att where i.indrelid = c.oid and i.indisprimary) as key
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'syncline' and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> 'migration'
     order by 1`,
  );
  const found = new Map<string, Row[]>();
  for (const { name, key } of tables) {
    const order = key ?? keys[name] ?? 'sync, seq';
    const read = await rows<{ row: Row }>(db, `select to_jsonb(t) as row from syncline."${name}" t order by ${order}`);
    found.set(
      name,
      read.map((each) => each.row),
    );
  }
  return found;
}

/** What is said in another form since. */
function inWordsOfToday(table: string, { ...old }: Row): Row {
  if (table !== 'change' && table !== 'link_change') return old;
  const { overtaken, ...rest } = old;
  return { ...rest, fate: overtaken ? 'o' : null };
}

/** A key that an object has gained is no loss. */
function withoutGains(now: unknown, before: unknown): unknown {
  if (Array.isArray(now) && Array.isArray(before) && now.length === before.length)
    return now.map((each, i) => withoutGains(each, before[i]));
  if (typeof now === 'object' && now !== null && typeof before === 'object' && before !== null && !Array.isArray(now))
    return Object.fromEntries(
      Object.keys(before).map((key) => [key, withoutGains((now as Row)[key], (before as Row)[key])]),
    );
  return now;
}

/**
 * Databases that released versions have written, with a worker and Temporal of theirs: an applied history with errors, a row
 * that another sync overtook, a refused, a replaced, a failed and a dry sync, delta files, a job, and a sync that is held.
 */
describe.each(['0.1.0', '0.2.0'])('a database of version %s', (version) => {
  let database: Awaited<ReturnType<typeof restoreTestDatabase>>;
  let local: InProcess;
  let api: ApiAlone;
  let db: Database;
  let before: Map<string, Row[]>;

  beforeAll(async () => {
    database = await restoreTestDatabase(
      readFileSync(join(import.meta.dirname, 'databases', `${version}.sql`), 'utf8'),
    );
    db = openDatabase(database.url, { applicationName: 'test', poolSize: 2, statementTimeoutMs: 60_000 });
    // as if it had been written yesterday: what is old is counted in no window
    await db.raw(`update syncline.sync set applied_at = now() - interval '1 day' where applied`);
    before = await everything(db);
    await migrate(database.url);
    local = await InProcess.start({ database });
    api = await ApiAlone.start(database.url);
  });
  afterAll(async () => {
    await api.stop();
    await db.destroy();
    await local.stop();
  });

  const syncs = async () => (await api.all<Sync>('/v1/syncs?connector=hr')).reverse();
  const held = async (): Promise<Sync> => {
    const found = (await syncs()).find(({ status }) => status === 'held');
    if (!found) throw new Error('no sync is held');
    return found;
  };
  const people = async () =>
    (await api.all<{ key: string[]; attributes: Record<string, string> }>('/v1/entity-types/Person/resources')).map(
      ({ key, attributes }) => [key.join(), attributes['name'], attributes['mail'] ?? ''].join(' '),
    );

  it('is migrated with every row of every table', async () => {
    expect(await pendingMigrations(db)).toEqual([]);
    expect([...before.values()].flat().length).toBeGreaterThan(150);
    const now = await everything(db);
    for (const [table, old] of before) {
      const wanted = old.map((each) => inWordsOfToday(table, each));
      const found = (now.get(table) ?? []).map((each, i) => withoutGains(each, wanted[i] ?? {}));
      expect({ table, rows: found }).toEqual({ table, rows: wanted });
    }
    // and again, nothing happens
    expect(await migrate(database.url)).toEqual({ applied: [] });
  });

  it('has its history, with digests that are those of their rows, and what later versions count of it', async () => {
    const all = await syncs();
    expect(all.map(({ status }) => status)).toEqual([
      'completed',
      'completed-with-errors',
      'rejected',
      'completed-with-errors',
      'completed',
      'completed',
      'failed',
      'superseded',
      'held',
    ]);
    expect(all[0]?.causes).toMatchObject(
      ['c1', 'c2'].map((id) => ({ id, code: 'first-sync', meant: 'maybe', evidence: { changes: [] } })),
    );
    for (const { id, digest } of all.filter((sync) => sync.digest !== null)) {
      const found = await row<{ no: number }>(db, 'select no from syncline.sync where id = ?', [id]);
      expect((await computeDigest(db, found?.no ?? 0)).digest).toBe(digest);
    }
    const overtaken = all[3];
    expect(overtaken).toMatchObject({
      outcome: { overtaken: 1 },
      may: { revert: true },
      decision: { action: 'resume' },
    });
    const listed = await api.all<{ state: string; key: string[] }>(`/v1/syncs/${overtaken?.id ?? ''}/changes`);
    expect(listed.filter(({ state }) => state === 'overtaken').map(({ key }) => key)).toEqual([['E04']]);
    expect((await api.all<{ state: string }>(`/v1/syncs/${all[2]?.id ?? ''}/changes`))[0]?.state).toBe('refused');
    const deletes = await rows<{ lines: number; links: number }>(
      db,
      `select applied_deletes as lines, applied_link_deletes as links from syncline.sync where id = ?`,
      [overtaken?.id ?? ''],
    );
    expect(deletes).toEqual([{ lines: 3, links: 6 }]);
    expect(await api.all(`/v1/syncs/${all[1]?.id ?? ''}/errors`)).toHaveLength(2);
    expect((await api.all('/v1/sync-errors')).length).toBeGreaterThan(0);
    expect(await people()).toHaveLength(13);
  });

  it('has a held sync that can be reviewed: causes, summary, changes, and no timers that it never had', async () => {
    const sync = await held();
    expect(sync).toMatchObject({ may: { resume: true, reject: true, draft: true } });
    expect(sync.waitingFor).toMatchObject({ reason: 'approval' });
    expect(sync.waitingFor?.expiresAt ?? null).toBeNull();
    const summary = await api.get<{
      digest: string;
      total: number;
      groups: SummaryGroup[];
      causes: Cause[];
      resume: string;
    }>(`/v1/syncs/${sync.id}/summary`);
    expect(summary.digest).toBe(sync.digest);
    expect(summary.resume).toBe(
      'Resume deletes 3 Person, 3 Group.members links and 3 Person.manager links, changes 10 Person (all of them mail), adds 1 Person.',
    );
    expect(summary.causes.map(({ code }) => code)).toEqual(sync.causes.map(({ code }) => code));
    const deletes = summary.groups.find(({ kind, operation }) => kind === 'resource' && operation === 'delete');
    const changes = await api.all<{ key: string[]; state: string }>(
      `/v1/syncs/${sync.id}/changes?group=${deletes?.id ?? ''}`,
    );
    expect(changes.map(({ key, state }) => [key.join(), state])).toEqual(
      ['E10', 'E11', 'E12'].map((key) => [key, 'proposed']),
    );
    expect(await api.all(`/v1/syncs/${sync.id}/changes`)).toHaveLength(summary.total);
    const { items } = await api.get<{ items: { heldSync: { syncId: string } }[] }>('/v1/sync-status?connector=hr');
    expect(items[0]?.heldSync.syncId).toBe(sync.id);
  });

  it('has a held sync that can be resumed, in part too, and its applied syncs can be undone', async () => {
    const sync = await held();
    const inPart = version === '0.2.0';
    const rules = [{ decision: 'refuse' as const, filter: { operation: 'delete' as const } }];
    const done = await local.decide(sync.id, inPart ? { rules, otherwise: 'apply' } : 'resume');
    expect(done).toMatchObject({ status: 'completed-with-errors', applied: true });
    expect(await api.get<Sync>(`/v1/syncs/${sync.id}`)).toMatchObject({
      decision: { action: 'resume', by: 'temporal' },
      outcome: { overtaken: 0 },
    });
    const mails = (await people()).map((line) => line.split(' ').at(-1));
    expect(mails).toHaveLength(inPart ? 14 : 11);
    expect(await api.all('/v1/refusals?state=active')).toHaveLength(inPart ? 9 : 0);

    const undone = await local.revert('hr', [sync.id], 'nothing');
    expect(undone).toMatchObject({ applied: true });
    expect((await people()).filter((line) => line.includes('@example.org'))).toHaveLength(13);
    const older = (await syncs())[3];
    await local.revert('hr', [older?.id ?? ''], 'nothing');
    expect((await people()).map((line) => line.split(' ')[0])).toEqual(expect.arrayContaining(['E13', 'E14', 'E15']));
  });
});
