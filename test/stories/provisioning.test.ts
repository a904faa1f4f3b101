import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sync } from '../../domain/sync.ts';
import { openDatabase, rows, type Database } from '../../repository/database.ts';
import { Scim2Server, type Resource } from '../connectors/scim2-server.ts';
import { csv } from '../support/connector.ts';
import { adFile, directoryFile, hrFile, hrMapping, profiles } from '../support/directory.ts';
import { chatFile } from '../support/provisioning.ts';
import { hasPython, needsPython } from '../support/python.ts';
import { Stack } from '../support/stack.ts';
import { WriteProxy, type PassedWrite, type WriteFault } from '../support/write-proxy.ts';

const present = await hasPython('scim2-server');
const token = 'canary-77f1';
const header = 'id,first,last,mail,department,phone,type,manager';
const ann = 'E1,Ann,Arc,ann@x.org,Eng,1,staff,';
const bob = 'E2,Bob,Bow,bob@x.org,Eng,,staff,E1';
const cyd = 'E3,Cyd,Cor,cyd@x.org,Ops,3,staff,E1';
const dan = 'E4,Dan,Dee,dan@x.org,Law,4,staff,E1';

type ProvisioningSync = Sync & { kind: string };

/** The directory of directory.ts, whose people are disabled when HR no longer has them. */
function withLifecycle(): ReturnType<typeof directoryFile> {
  const file = directoryFile();
  const [user, ...others] = file.entityTypes;
  const properties = { ...user?.properties, status: {} };
  return { ...file, entityTypes: [{ ...user, properties, lifecycle: { status: 'status' } }, ...others] } as typeof file;
}

interface Order {
  id: string;
  operation: string;
  status: string;
  calls: number;
  error: { code: string; message: string } | null;
  attempts: { outcome: string }[];
}

describe.skipIf(!present)(
  `provisioning${present ? '' : `, ${needsPython('scim2-server')}`}`,
  { timeout: 300_000 },
  () => {
    let stack: Stack;
    let server: Scim2Server;
    let proxy: WriteProxy;
    let db: Database;
    const file = (more: Record<string, unknown> = {}) => chatFile(`${proxy.origin}/v2`, more);
    beforeAll(async () => {
      server = await Scim2Server.start(token);
      proxy = await WriteProxy.start(() => server.origin);
      stack = await Stack.start({
        SYNCLINE_PREVIEW: 'directory,provisioning',
        SYNCLINE_OUTBOUND_ALLOW: '127.0.0.1',
        SYNCLINE_SECRET_CHAT: token,
      });
      db = openDatabase(stack.databaseUrl, { applicationName: 'test', poolSize: 2, statementTimeoutMs: 60_000 });
      await stack.put(withLifecycle(), 'directory');
      await stack.put(hrFile([hrMapping({ lifecycle: true })]), 'hr');
      const [accounts, ...others] = adFile().mappings;
      await stack.put({ ...adFile(), mappings: [{ ...accounts, lifecycle: false }, ...others] }, 'ad');
      await people(ann, bob, cyd, dan);
      await stack.place('ad', {
        'accounts.csv': csv('sam,employee,mail,phone', 'aarc,E1,,', 'bbow,E2,,', 'ddee,E4,,'),
        'groups.csv': csv('cn', 'all'),
        'members.csv': csv('group,account', 'all,aarc', 'all,bbow', 'all,ddee'),
      });
      await stack.syncAndResume('ad');
      await directory();
    });
    afterAll(async () => {
      await db.destroy();
      await stack.stop();
      await proxy.stop();
      await server.stop();
    });

    async function people(...rows: string[]): Promise<void> {
      await stack.place('hr', { 'people.csv': csv(header, ...rows) });
      expect((await stack.syncAndResume('hr')).status).toBe('completed');
    }

    /** Waits until nothing is open or due, and resumes what is held. @returns the syncs of a connector, newest first */
    async function quiet(connector: string, decide = true): Promise<Sync[]> {
      let all: Sync[] = [];
      await stack.until(async () => {
        all = await stack.all<Sync>(`/v1/syncs?connector=${connector}`);
        const held = all.find(({ status }) => status === 'held');
        if (held && !decide) return true;
        if (held) await stack.decide(held, 'resume');
        return (
          !held && all.length > 0 && all.every(({ endedAt }) => endedAt !== null) && (await dueOf(connector)) === 0
        );
      }, 60);
      return all;
    }
    async function dueOf(connector: string): Promise<number> {
      const due = await rows(
        db,
        `select 1 from syncline.due d join syncline.connector c on c.id = d.consumer where split_part(c.name, ':', 1) = ?`,
        [connector],
      );
      return due.length;
    }
    const directory = () => quiet('directory');

    const orders = (query = '') => stack.all<Order>(`/v1/orders?connector=chat${query}`);
    async function sent(): Promise<void> {
      await stack.until(async () => {
        const all = await orders();
        return all.every(({ status }) => !['pending', 'running', 'unknown'].includes(status));
      }, 60);
    }
    const told = ({ method, path, body }: PassedWrite) => {
      const operations = (body as { Operations?: unknown }).Operations as
        { op: string; path?: string; value?: unknown }[] | undefined;
      const what = operations
        ?.map(({ op, path: at }) => `${op.toLowerCase()} ${at?.replace(/\[.*/, '') ?? ''}`.trim())
        .join('; ');
      return `${method} ${path.split('/')[2] ?? ''}${what === undefined ? '' : ` ${what}`}`;
    };
    const users = async (): Promise<Record<string, unknown>> =>
      Object.fromEntries(
        (await server.list('Users')).map((user: Resource): [string, unknown] => [
          user.userName ?? '',
          user['active'] === false ? 'disabled' : user['displayName'],
        ]),
      );
    const members = async () => {
      const [group] = await server.list('Groups');
      const ids = new Map((await server.list('Users')).map(({ id, userName }) => [id, userName]));
      return ((group?.['members'] ?? []) as { value: string }[]).map(({ value }) => ids.get(value)).sort();
    };

    it('makes the accounts of those who are assigned, and their groups, after a person has seen them', async () => {
      await stack.put(file(), 'chat');
      const held = (await quiet('chat', false))[0] as ProvisioningSync;
      expect(held).toMatchObject({
        status: 'held',
        kind: 'provisioning',
        connector: 'chat',
        tasks: ['compute', 'provision'],
        trigger: 'configuration',
      });
      expect(held.counters['Chat_User']).toMatchObject({ inserted: 3, updated: 0, deleted: 0 });
      expect(held.counters['Chat_Group']).toMatchObject({ inserted: 1, links: { members: { inserted: 2 } } });
      expect(proxy.take()).toEqual([]);
      await quiet('chat');
      await sent();
      expect(await users()).toEqual({ 'ann@x.org': 'Ann Arc', 'bob@x.org': 'Bob Bow', 'cyd@x.org': 'Cyd Cor' });
      expect(await members()).toEqual(['ann@x.org', 'bob@x.org']);
      expect(proxy.take().map(told).sort()).toEqual(
        ['POST Users', 'POST Users', 'POST Users', 'POST Groups', 'PATCH Groups add members'].sort(),
      );
      expect(await stack.get('/v1/connectors/chat/provisioning')).toMatchObject({
        users: { impacted: 3, succeeded: 3 },
        groups: { impacted: 1, succeeded: 1 },
      });
    });

    it('sends exactly what a hire, a change of name and a change of department mean', async () => {
      await people(
        ann,
        'E2,Bob,Bay,bob@x.org,Eng,,staff,E1',
        'E3,Cyd,Cor,cyd@x.org,Law,3,staff,E1',
        dan,
        'E5,Eve,Elm,eve@x.org,Ops,5,staff,E1',
      );
      await directory();
      await quiet('chat');
      await sent();
      expect(await users()).toEqual({
        'ann@x.org': 'Ann Arc',
        'bob@x.org': 'Bob Bay',
        'cyd@x.org': 'disabled',
        'eve@x.org': 'Eve Elm',
      });
      expect(proxy.take().map(told).sort()).toEqual(
        ['POST Users', 'PATCH Users replace displayName; replace name.familyName', 'PATCH Users replace active'].sort(),
      );
    });

    it('sends nothing where nothing has changed', async () => {
      const before = (await orders()).length;
      const run = await stack.settled((await stack.startSync('chat', { tasks: ['compute', 'provision'] })).id);
      expect(run).toMatchObject({ status: 'completed', kind: 'provisioning', mode: 'complete' });
      await sent();
      expect(await orders()).toHaveLength(before);
      expect(proxy.take()).toEqual([]);
    });

    it('enables the account of who is assigned again, and takes a member out who no longer is', async () => {
      await people(
        'E1,Ann,Arc,ann@x.org,Law,1,staff,',
        'E2,Bob,Bay,bob@x.org,Eng,,staff,E1',
        cyd,
        dan,
        'E5,Eve,Elm,eve@x.org,Ops,5,staff,E1',
      );
      await directory();
      await quiet('chat');
      await sent();
      expect(await users()).toMatchObject({ 'ann@x.org': 'disabled', 'cyd@x.org': 'Cyd Cor' });
      expect(await members()).toEqual(['bob@x.org']);
      expect(proxy.take().map(told).sort()).toEqual(
        ['PATCH Users replace active', 'PATCH Users replace active', 'PATCH Groups remove members'].sort(),
      );
    });

    describe('where the target is not reliable', () => {
      const staff = () => [bayOf('Eng'), cyd, 'E5,Eve,Elm,eve@x.org,Ops,5,staff,E1', ...more];
      const bayOf = (department: string) => `E2,Bob,Bay,bob@x.org,${department},,staff,E1`;
      const more: string[] = [];
      async function hire(name: string): Promise<void> {
        more.push(`J${String(more.length)},${name},New,${name}@x.org,Eng,,staff,E1`);
        await people('E1,Ann,Arc,ann@x.org,Law,1,staff,', dan, ...staff());
        await directory();
        await quiet('chat');
      }
      const lastOf = async (name: string) => {
        const [profile] = await stack.all<{ key: string[] }>(`/v1/connectors/chat/profiles?q=${name}`);
        return (await orders(`&key=${profile?.key[0] ?? ''}`))[0] as Order;
      };
      it.each<[string, WriteFault, string[]]>([
        ['answers after the time is over', { kind: 'late' }, ['unknown', 'succeeded']],
        ['answers 500 and has made it', { kind: 'failed', status: 500 }, ['unknown', 'succeeded']],
        [
          'says to wait a second',
          { kind: 'answered', status: 429, headers: { 'retry-after': '1' } },
          ['pending', 'succeeded'],
        ],
      ])('makes an account once where the target %s', async (what, fate, outcomes) => {
        const name = `n${String(outcomes.length)}${String(what.length)}`;
        proxy.spoil(fate);
        await hire(name);
        await sent();
        expect((await server.list('Users')).filter(({ userName }) => userName === `${name}@x.org`)).toHaveLength(1);
        expect((await lastOf(name)).attempts.map(({ outcome }) => outcome)).toEqual(outcomes);
      });

      it('neither takes nor changes an account that is there already, and says so', async () => {
        await server.ask('POST', 'Users', {
          schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
          userName: 'fay@x.org',
          displayName: 'Somebody',
        });
        proxy.take();
        await hire('fay');
        await sent();
        expect(proxy.take()).toEqual([]);
        const failed = await lastOf('Fay');
        expect(failed).toMatchObject({ operation: 'create', status: 'failed', error: { code: 'account-exists' } });
        expect(await stack.get('/v1/connectors/chat/provisioning')).toMatchObject({
          users: { failed: 1, unsynced: 0 },
        });
        // the account is given away, and the order is sent again
        const [own] = (await server.list('Users')).filter(({ userName }) => userName === 'fay@x.org');
        await server.ask('DELETE', `Users/${own?.id ?? ''}`);
        expect((await stack.call('POST', `/v1/orders/${failed.id}/retry`)).status).toBe(202);
        await sent();
        expect((await users())['fay@x.org']).toBe('fay New');
      });

      it('sends nothing while it is paused, and then what is desired by then', async () => {
        proxy.take();
        await stack.call('POST', '/v1/connectors/chat/provisioning/pause', { reason: 'The target is moved.' });
        await people('E1,Ann,Arc,ann@x.org,Law,1,staff,', dan, ...[bayOf('Law'), ...staff().slice(1)]);
        await directory();
        await quiet('chat');
        await people('E1,Ann,Arc,ann@x.org,Law,1,staff,', dan, ...staff());
        await directory();
        await quiet('chat');
        expect(await stack.get('/v1/connectors/chat/provisioning')).toMatchObject({
          paused: { reason: 'The target is moved.' },
          orders: { pending: expect.any(Number) as number },
        });
        expect(proxy.take()).toEqual([]);
        await stack.call('POST', '/v1/connectors/chat/provisioning/unpause');
        await sent();
        // he left and came back meanwhile
        expect(proxy.take()).toEqual([]);
      });
    });

    describe('leavers', () => {
      const staff = ['E1,Ann,Arc,ann@x.org,Law,1,staff,', cyd, dan, 'E5,Eve,Elm,eve@x.org,Ops,5,staff,E1'];
      const bay = 'E2,Bob,Bay,bob@x.org,Eng,,staff,E1';
      const statusOf = async (employee: string) => (await profiles(stack, 'User', 'employeeId'))[employee]?.['status'];

      it('are disabled though another system still has them, and their accounts too; who returns has them again', async () => {
        await people(...staff, bay);
        await directory();
        await quiet('chat');
        await sent();
        expect(await statusOf('E2')).toBe('active');
        proxy.take();
        await people(...staff);
        await directory();
        await quiet('chat');
        await sent();
        expect(await statusOf('E2')).toBe('disabled');
        expect((await users())['bob@x.org']).toBe('disabled');
        expect(proxy.take().map(told).sort()).toEqual(['PATCH Groups remove members', 'PATCH Users replace active']);
        await people(...staff, bay);
        await directory();
        await quiet('chat');
        await sent();
        expect(await statusOf('E2')).toBe('active');
        expect((await users())['bob@x.org']).toBe('Bob Bay');
        expect(proxy.take().map(told).sort()).toEqual(['PATCH Groups add members', 'PATCH Users replace active']);
      });

      it('are held by the limit of deletes where they are too many', async () => {
        const limited = withLifecycle();
        await stack.put({ ...limited, thresholds: { ...limited.thresholds, maximumDeletedLines: 1 } }, 'directory');
        await directory();
        await people('E4,Dan,Dee,dan@x.org,Law,4,staff,');
        const [held] = (await quiet('directory', false)) as [Sync];
        expect(held.status).toBe('held');
        expect(held.holds.map(({ code }) => code)).toContain('watched-transition');
        await stack.decide(held, 'reject');
        await people(...staff, bay);
        await directory();
        expect(await statusOf('E2')).toBe('active');
        expect(proxy.take()).toEqual([]);
      });
    });

    describe('rules that change', () => {
      const assigned = (rule: string) => {
        const changed = file() as { provisioning: { profiles: { assigned: string }[] } };
        (changed.provisioning.profiles[0] as { assigned: string }).assigned = rule;
        return changed;
      };

      it('take nobody out where they fail for everybody', async () => {
        const before = await users();
        proxy.take();
        await stack.put(assigned('int(user.department) > 1'), 'chat');
        const [run] = await quiet('chat');
        expect(run).toMatchObject({ mode: 'complete', status: 'completed-with-errors' });
        expect(run?.counters['Chat_User']).toMatchObject({ updated: 0, deleted: 0 });
        await sent();
        expect(proxy.take()).toEqual([]);
        expect(await users()).toEqual(before);
      });

      it('are held before the first order where they take everybody out, and nothing is sent if they are rejected', async () => {
        const before = await users();
        await stack.put(assigned("user.department == 'None'"), 'chat');
        const [held] = (await quiet('chat', false)) as [Sync];
        expect(held.status).toBe('held');
        expect(held.holds.map(({ code }) => code)).toEqual(expect.arrayContaining(['zero-rows', 'rules-changed']));
        await stack.decide(held, 'reject');
        await sent();
        expect(proxy.take()).toEqual([]);
        expect(await users()).toEqual(before);
      });
    });
  },
);
