import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  WriteError,
  type AccountWriter,
  type Attributes,
  type WriteErrorKind,
} from '../../connectors/write-package.ts';

/** One target, as its package writes to it and as its own client reads it. */
export interface WriteSubject {
  open(kind: 'user' | 'group'): Promise<AccountWriter>;
  /** Nothing but what cannot be removed. */
  reset(): Promise<void>;
  /** The values of a new user and of a new group, other ones for each number. */
  user(n: number): Attributes;
  group(n: number): Attributes;
  /** Attributes that one user of a target has alone, and of which an account is found. */
  login: string;
  /** Names that would find everybody if they were taken for a part of the question. */
  odd: readonly string[];
  /** A plain attribute of `user`, one that can be without a value, and values that they may have. */
  plain: { attribute: string; value: string };
  cleared: string;
  /** What a client of others reads: accounts by id, with those of the attributes that are asked for. */
  seen(kind: 'user' | 'group'): Promise<Map<string, { attributes: Attributes; enabled?: boolean | null }>>;
  membersSeen(group: string): Promise<string[]>;
  /** Requests that wrote, since the file began. */
  writes(): number;
  /** The next write is done, and its answer is lost. */
  loseAnswer(): void;
  /** Ways to say that there were too many requests, with the seconds that they name. */
  busy: readonly { what: string; make: () => void; seconds?: number }[];
  /** The next request is refused for its credentials. */
  refuseCredentials?(): void;
  groups: boolean;
  /** The target keeps the anchor. */
  keepsAnchor: boolean;
  /** Deletes nobody: the account is disabled after it. */
  deleteDisables?: boolean;
}

/** Our own id of the first user. */
export const anchor = '7d0c2f10-0000-4000-8000-00000000a001';

/** What every write package proves against its target. */
export function describeWriting(name: string, make: () => WriteSubject): void {
  describe(`writing with ${name}`, () => {
    let subject: WriteSubject;
    let users: AccountWriter;
    beforeAll(() => {
      subject = make();
    });
    beforeEach(async () => {
      await subject.reset();
      users = await subject.open('user');
    });
    afterEach(() => users.close());

    const makeUser = async (n: number, own: string | null = null) =>
      (await users.create(subject.user(n), { anchor: own })).id;
    const seenUser = async (id: string) => (await subject.seen('user')).get(id);
    const failed = async (kind: WriteErrorKind, what: () => Promise<unknown>): Promise<WriteError> => {
      const error: unknown = await what().then(
        () => new Error('it did not fail'),
        (thrown: unknown) => thrown,
      );
      if (!(error instanceof WriteError)) throw error;
      expect(error.kind).toBe(kind);
      expect(error.message.length).toBeLessThan(400);
      return error;
    };
    /** Values that were sent, in none of the words. */
    const withoutValues = (error: WriteError, values: Attributes) => {
      for (const value of Object.values(values))
        if (typeof value === 'string' && value.length > 3) expect(error.message).not.toContain(value);
    };

    it('makes an account that others see, and finds it by id and by what it is known by', async () => {
      const before = subject.writes();
      const id = await makeUser(1, anchor);
      expect(subject.writes() - before).toBe(1);
      expect(await seenUser(id)).toMatchObject({ attributes: subject.user(1) });
      const read = await users.readById(id);
      expect(read).toMatchObject({ id, enabled: true, anchor: subject.keepsAnchor ? anchor : null });
      expect(read?.attributes).toMatchObject(subject.user(1));
      const login = { [subject.login]: subject.user(1)[subject.login] ?? null };
      expect((await users.find([login])).map((each) => each.id)).toEqual([id]);
      expect(await users.find([{ [subject.login]: 'no-such-one' }])).toEqual([]);
      // the second rule is asked only where the first finds nobody
      expect((await users.find([{ [subject.login]: 'no-such-one' }, login])).map((each) => each.id)).toEqual([id]);
      for (const odd of subject.odd) expect(await users.find([{ [subject.login]: odd }])).toEqual([]);
      expect(await users.find([{ [subject.login]: '' }])).toEqual([]);
    });

    it('tells that an account exists already, without the values that it was sent', async () => {
      await makeUser(1);
      const error = await failed('exists', () => users.create(subject.user(1), { anchor: null }));
      expect(error.code).toBe('account-exists');
      withoutValues(error, subject.user(1));
      expect((await subject.seen('user')).size).toBe(1);
    });

    it('says that nobody knows when the answer is lost, and then the account is found once', async () => {
      subject.loseAnswer();
      const before = subject.writes();
      const error = await failed('unknown', () => users.create(subject.user(1), { anchor: null }));
      expect(error.code).toBe('outcome-unknown');
      // a second request would be a second effect
      expect(subject.writes() - before).toBe(1);
      await users.close();
      users = await subject.open('user');
      const found = await users.find([{ [subject.login]: subject.user(1)[subject.login] ?? null }]);
      expect(found).toHaveLength(1);
      expect((await subject.seen('user')).size).toBe(1);
    });

    it('changes what it is told to, and leaves the rest', async () => {
      const id = await makeUser(1);
      const before = subject.writes();
      const { attribute, value } = subject.plain;
      await users.update(id, { [attribute]: value });
      expect(subject.writes() - before).toBe(1);
      expect((await seenUser(id))?.attributes).toEqual({ ...subject.user(1), [attribute]: value });
      await users.update(id, { [attribute]: value });
      expect((await seenUser(id))?.attributes).toEqual({ ...subject.user(1), [attribute]: value });
      expect((await users.readById(id))?.attributes[attribute]).toBe(value);
    });

    it('takes a value away, also where there is none, and several at once', async () => {
      const id = await makeUser(1);
      const { [subject.cleared]: _cleared, ...rest } = subject.user(1);
      await users.update(id, { [subject.cleared]: null });
      expect((await seenUser(id))?.attributes).toEqual(rest);
      const { attribute, value } = subject.plain;
      await users.update(id, { [subject.cleared]: null, [attribute]: value });
      expect((await seenUser(id))?.attributes).toEqual({ ...rest, [attribute]: value });
      await users.update(id, subject.user(1));
      expect((await seenUser(id))?.attributes).toEqual(subject.user(1));
    });

    it('makes no request where nothing differs', async () => {
      const id = await makeUser(1);
      const before = subject.writes();
      await users.update(id, {});
      expect(subject.writes()).toBe(before);
    });

    it('tells that a new value is that of another account', async () => {
      await makeUser(1);
      const second = await makeUser(2);
      const login = { [subject.login]: subject.user(1)[subject.login] ?? null };
      const error = await failed('exists', () => users.update(second, login));
      expect(error.code).toBe('not-unique');
      withoutValues(error, login);
      expect((await seenUser(second))?.attributes).toEqual(subject.user(2));
    });

    it('gives an account another name under the same id', async () => {
      const id = await makeUser(1);
      const renamed = subject.user(3)[subject.login] ?? null;
      await users.update(id, { [subject.login]: renamed });
      expect((await seenUser(id))?.attributes).toMatchObject({ [subject.login]: renamed });
    });

    it('disables, disables again, and enables', async () => {
      const id = await makeUser(1);
      for (const enabled of [false, false, true, true]) {
        await (enabled ? users.enable(id) : users.disable(id));
        expect((await users.readById(id))?.enabled).toBe(enabled);
        expect((await seenUser(id))?.attributes).toEqual(subject.user(1));
      }
    });

    it('makes an account that is disabled', async () => {
      const { id } = await users.create(subject.user(1), { anchor: null, enabled: false });
      expect((await users.readById(id))?.enabled).toBe(false);
    });

    it('deletes, and tells that what is gone is missing', async () => {
      const id = await makeUser(1);
      await users.delete(id);
      if (subject.deleteDisables) {
        expect(users.capabilities.delete).toBe('disables');
        expect((await users.readById(id))?.enabled).toBe(false);
        return;
      }
      expect(await users.readById(id)).toBeNull();
      expect((await subject.seen('user')).size).toBe(0);
      await failed('missing', () => users.delete(id));
      await failed('missing', () => users.update(id, { [subject.plain.attribute]: subject.plain.value }));
      await failed('missing', () => users.disable(id));
    });

    it('tells how long it should wait', async () => {
      const id = await makeUser(1);
      expect(subject.busy.length).toBeGreaterThan(0);
      for (const { what, make: makeBusy, seconds } of subject.busy) {
        makeBusy();
        const error = await failed('throttled', () =>
          users.update(id, { [subject.plain.attribute]: subject.plain.value }),
        );
        expect(error.retryAfterSeconds, what).toBe(seconds);
      }
      expect((await seenUser(id))?.attributes).toEqual(subject.user(1));
    });

    it('tells that its credentials are refused, also after they were good', async () => {
      const id = await makeUser(1);
      if (!subject.refuseCredentials) return;
      subject.refuseCredentials();
      const error = await failed('credentials', () => users.disable(id));
      expect(error.code).toBe('target-credentials');
      await users.disable(id);
      expect((await users.readById(id))?.enabled).toBe(false);
    });

    it('adds and removes members, twice without harm', async () => {
      if (!subject.groups) return;
      const ids: string[] = [];
      for (let n = 1; n <= 3; n++) ids.push(await makeUser(n));
      const [first = '', second = '', third = ''] = ids;
      const groups = await subject.open('group');
      try {
        const { id } = await groups.create(subject.group(1), { anchor: null });
        expect((await subject.seen('group')).get(id)?.attributes).toEqual(subject.group(1));
        expect((await groups.readById(id))?.enabled).toBeNull();
        const members = async () => {
          const found: string[] = [];
          for await (const piece of groups.members(id)) found.push(...piece);
          return found.sort();
        };
        const expectMembers = async (...expected: string[]) => {
          expect((await subject.membersSeen(id)).sort()).toEqual(expected.sort());
          expect(await members()).toEqual(expected.sort());
        };
        for (let twice = 0; twice < 2; twice++) {
          await groups.addMembers(id, [first, second]);
          await expectMembers(first, second);
        }
        // some are there already, and some are not
        await groups.addMembers(id, [second, third]);
        await expectMembers(first, second, third);
        for (let twice = 0; twice < 2; twice++) {
          await groups.removeMembers(id, [first, third]);
          await expectMembers(second);
        }
        await groups.removeMembers(id, [second, third]);
        await expectMembers();
        await groups.addMembers(id, []);
        await groups.delete(id);
        await failed('missing', () => groups.addMembers(id, [first]));
      } finally {
        await groups.close();
      }
    });

    it('sends members in pieces', async () => {
      if (!subject.groups) return;
      const groups = await subject.open('group');
      try {
        const { membersPerCall } = groups.capabilities;
        const ids: string[] = [];
        for (let n = 0; n < membersPerCall + 1; n++) ids.push(await makeUser(n));
        const { id } = await groups.create(subject.group(1), { anchor: null });
        const writesOf = async (what: () => Promise<void>) => {
          const before = subject.writes();
          await what();
          return subject.writes() - before;
        };
        expect(await writesOf(() => groups.addMembers(id, ids.slice(0, membersPerCall)))).toBe(1);
        expect(await writesOf(() => groups.addMembers(id, ids))).toBe(2);
        expect(await subject.membersSeen(id)).toHaveLength(membersPerCall + 1);
        expect(await writesOf(() => groups.removeMembers(id, ids))).toBe(2);
        expect(await subject.membersSeen(id)).toHaveLength(0);
      } finally {
        await groups.close();
      }
    });

    it('ends when it is told to, before it writes', async () => {
      const id = await makeUser(1);
      const before = subject.writes();
      const ended = AbortSignal.abort(new Error('the lease has ended'));
      await failed('transient', () => users.disable(id, ended));
      expect(subject.writes()).toBe(before);
    });
  });
}
