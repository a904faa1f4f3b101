import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Refusal } from '../../repository/refusals/list.ts';
import type { Sync } from '../../domain/sync.ts';
import { Stack } from '../support/stack.ts';

/** A community: people, groups below others, and who is in which group; as large as such directories are. */
const name = 'community';
const file = {
  apiVersion: 'syncline/v1',
  kind: 'Connector',
  name,
  thresholds: { maximumLinkInsertedLines: 20, maximumInsertedLines: 200, maxPercentageInsertedLines: 50 },
  connections: [{ name: 'files', package: 'csv', settings: { directory: name } }],
  entityTypes: [
    {
      name: 'User',
      users: true,
      source: { connection: 'files', table: 'users.csv' },
      key: ['user_id'],
      label: 'display_name',
      properties: { user_id: { column: 'user_id' }, display_name: { column: 'display_name' } },
    },
    {
      name: 'Group',
      source: { connection: 'files', table: 'groups.csv' },
      key: ['group_id'],
      label: 'name',
      properties: { group_id: { column: 'group_id' }, name: { column: 'name' } },
      navigationProperties: {
        parent: { to: 'Group', column: 'parent_group_id' },
        members: {
          to: 'User',
          table: 'memberships.csv',
          sourceColumn: 'group_id',
          targetColumn: 'member_id',
          multiValued: true,
        },
      },
    },
  ],
};

interface Sheet {
  header: string[];
  rows: string[][];
}
/** What the week begins with. */
interface Base {
  what: string;
  users: Sheet;
  groups: Sheet;
  memberships: Sheet;
}

/** 120 people, each in two of 30 groups. */
function generated(): Base {
  const users = Array.from({ length: 120 }, (_, n) => `u-${String(n).padStart(3, '0')}`);
  const groups = Array.from({ length: 30 }, (_, n) => `team-${String(n).padStart(2, '0')}`);
  return {
    what: 'a generated directory',
    users: { header: ['user_id', 'display_name'], rows: users.map((id) => [id, `Person ${id}`]) },
    groups: {
      header: ['group_id', 'name', 'parent_group_id'],
      rows: groups.map((id, n) => [id, id, n === 0 ? '' : (groups[0] ?? '')]),
    },
    memberships: {
      header: ['group_id', 'member_id'],
      rows: users.flatMap((user, n) => [
        [groups[n % 30] ?? '', user],
        [groups[(n * 7 + 3) % 30] ?? '', user],
      ]),
    },
  };
}

/** The directory of a real community, where its snapshots stand beside the checkout. */
const snapshot = join(import.meta.dirname, '..', '..', '..', 'shared', 'data', 'community', '0020');
function real(): Base {
  const sheet = (name: string): Sheet => {
    const [header = [], ...rows] = parse(readFileSync(join(snapshot, `${name}.csv`), 'utf8'), { bom: true });
    return { header, rows };
  };
  return {
    what: 'the directory of a real community',
    users: sheet('users'),
    groups: sheet('groups'),
    memberships: sheet('memberships'),
  };
}
const bases = [generated(), ...(existsSync(snapshot) ? [real()] : [])];

interface Day {
  /** Display names that are not those of the first day. */
  renamed?: Record<string, string>;
  /** More users. */
  users?: string[];
  /** The name of the bad group, of which sixty people have become members. */
  bad?: string;
}

const text = ({ header, rows }: Sheet, more: Record<string, string>[] = []) =>
  stringify([header, ...rows, ...more.map((row) => header.map((column) => row[column] ?? ''))]);
const column = ({ header, rows }: Sheet, name: string) => rows.map((row) => row[header.indexOf(name)] ?? '');

function directory(base: Base, { renamed = {}, users = [], bad }: Day): Record<string, string> {
  const at = base.users.header.indexOf('display_name');
  const known = base.users.rows.map((row) => row.with(at, renamed[row[0] ?? ''] ?? row[at] ?? ''));
  const [parent = ''] = column(base.groups, 'group_id');
  const group = { group_id: 'everything', name: bad ?? '', parent_group_id: parent };
  const members = column(base.users, 'user_id').slice(0, 60);
  return {
    'users.csv': text(
      { ...base.users, rows: known },
      users.map((id) => ({ user_id: id, display_name: renamed[id] ?? `Person ${id}` })),
    ),
    'groups.csv': text(base.groups, bad === undefined ? [] : [group]),
    'memberships.csv': text(
      base.memberships,
      bad === undefined ? [] : members.map((id) => ({ group_id: 'everything', member_id: id })),
    ),
  };
}

interface Suppressed {
  changes: number;
  deletes: number;
  oldestSince: string | null;
}

describe.each(bases)('a week of $what with a bad group', (base) => {
  /** Somebody who was there on the first day. */
  const [ada = ''] = column(base.users, 'user_id');
  let stack: Stack;
  beforeAll(async () => {
    stack = await Stack.start();
    await stack.put(file, name);
  });
  afterAll(async () => {
    await stack.stop();
  });

  const read = async (day: Day) => {
    await stack.place(name, directory(base, day));
    return stack.sync(name);
  };
  const refusals = (state: string) => stack.all<Refusal>(`/v1/refusals?connector=${name}&state=${state}`);
  const status = async () =>
    (
      await stack.get<{
        items: {
          suppressed: Suppressed;
          needsComplete: { code: string } | null;
          entityTypes: { entityType: string; counts: { unsynced: number } }[];
        }[];
      }>(`/v1/sync-status?connector=${name}`)
    ).items[0];

  async function refuse(sync: Sync, filter: Record<string, unknown>): Promise<Sync> {
    const draft = await stack.call('POST', `/v1/syncs/${sync.id}/decisions`, {
      digest: sync.digest,
      rules: [{ decision: 'refuse', filter, remember: '14d' }],
      otherwise: 'apply',
    });
    expect(draft.status).toBe(201);
    const { digest, draftId } = draft.body as { digest: string; draftId: string };
    const decided = await stack.call('POST', `/v1/syncs/${sync.id}/resume`, { digest, draftId, reason: 'not a group' });
    expect(decided.status).toBe(200);
    return stack.settled(sync.id, ['running', 'held']);
  }

  it('holds on Monday, stays quiet until the row changes, and holds again on Thursday', async () => {
    const first = await read({});
    expect((await stack.decide(first, 'resume')).status).toBe('completed');

    // Monday: the bad group comes, and somebody new
    const monday = await read({ users: ['u-new'], bad: 'Everything' });
    expect(monday.status).toBe('held');
    expect(monday.holds.map(({ code }) => code)).toContain('threshold-exceeded');
    const decided = await refuse(monday, { entityType: 'Group', keys: [['everything']] });
    expect(decided).toMatchObject({ status: 'completed', applied: true });
    expect((await stack.call('GET', '/v1/entity-types/User/resources/u-new')).status).toBe(200);
    expect((await stack.call('GET', '/v1/entity-types/Group/resources/everything')).status).toBe(404);
    const active = await refusals('active');
    expect(active).toHaveLength(62);
    const group = active.find(({ kind }) => kind === 'resource');
    expect(group).toMatchObject({
      entityType: 'Group',
      operation: 'insert',
      key: ['everything'],
      label: 'Everything',
      by: 'user:local',
      reason: 'not a group',
      syncId: monday.id,
      endedBy: null,
    });
    expect(active.filter(({ property }) => property === 'members')[0]).toMatchObject({
      kind: 'link',
      operation: 'insert',
    });
    expect((await status())?.suppressed).toMatchObject({ changes: 62, deletes: 0 });

    // Tuesday, with the same files; Wednesday, with an ordinary change
    const tuesday = await read({ users: ['u-new'], bad: 'Everything' });
    expect(tuesday).toMatchObject({ status: 'completed', holds: [] });
    const wednesday = await read({ users: ['u-new'], bad: 'Everything', renamed: { [ada]: 'Ada of Wednesday' } });
    expect(wednesday).toMatchObject({ status: 'completed', holds: [] });
    expect(wednesday.counters.User).toMatchObject({ updated: 1 });
    expect(wednesday.counters.Group).toMatchObject({
      inserted: 0,
      suppressed: 1,
      links: { members: { inserted: 0, rejected: 0, suppressed: 60 }, parent: { suppressed: 1 } },
    });
    const listed = await stack.all<{ state: string; kind: string }>(`/v1/syncs/${wednesday.id}/changes`);
    expect(listed.filter(({ state }) => state === 'suppressed')).toHaveLength(62);
    expect((await refusals('active')).every(({ lastSeenAt }) => lastSeenAt !== null)).toBe(true);

    // Thursday: somebody has given the group another name
    const thursday = await read({ users: ['u-new'], bad: 'All of us', renamed: { [ada]: 'Ada of Wednesday' } });
    expect(thursday.status).toBe('held');
    expect(thursday.counters.Group).toMatchObject({ inserted: 1, links: { members: { inserted: 60 } } });
    expect((await refusals('ended')).find(({ kind }) => kind === 'resource')).toMatchObject({ endedBy: 'changed' });
    expect(await refusals('active')).toEqual([]);
    expect((await stack.decide(thursday, 'resume')).status).toBe('completed');
    const gone = await stack.call('GET', '/v1/entity-types/Group/resources/everything');
    expect(gone.status).toBe(200);
    expect((await status())?.suppressed).toEqual({ changes: 0, deletes: 0, oldestSince: null });
  });

  it('suppresses a refused delete, until somebody lifts the refusal: the next sync proposes it again', async () => {
    const held = await read({ users: ['u-new'] });
    expect(held.status).toBe('held');
    await refuse(held, { entityType: 'Group', keys: [['everything']] });
    const [refusal] = await stack.all<Refusal>('/v1/refusals?entityType=Group&key=everything&state=active');
    expect(refusal).toMatchObject({ operation: 'delete', key: ['everything'] });
    const before = await status();
    expect(before?.suppressed.deletes).toBeGreaterThan(60);
    expect(before?.entityTypes.find(({ entityType }) => entityType === 'Group')?.counts.unsynced).toBe(1);

    const again = await read({ users: ['u-new'] });
    expect(again).toMatchObject({ status: 'completed', holds: [] });
    const group = (await stack.all<Refusal>(`/v1/refusals?connector=${name}&state=active`)).find(
      ({ kind }) => kind === 'resource',
    );
    expect((await stack.call('DELETE', `/v1/refusals/${group?.id ?? ''}`)).status).toBe(204);
    expect((await stack.call('DELETE', `/v1/refusals/${group?.id ?? ''}`)).status).toBe(204);
    expect((await stack.call('DELETE', '/v1/refusals/nothing')).status).toBe(404);
    expect((await status())?.needsComplete).toMatchObject({ code: 'refusal-ended' });
    const back = await stack.sync(name);
    expect(back.status).toBe('held');
    expect(back.counters.Group).toMatchObject({ deleted: 1 });
    await stack.decide(back, 'reject');
  });
});
