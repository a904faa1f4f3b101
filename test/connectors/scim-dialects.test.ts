import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseOutboundAllow, type OutboundAllow } from '../../connectors/outbound/allow.ts';
import { scimSettings } from '../../connectors/scim/settings.ts';
import { attributesOf } from '../../connectors/scim/write/changes.ts';
import { createScimWritePackage, scimWriteDescription } from '../../connectors/scim/write/index.ts';
import { parsePath } from '../../connectors/scim/write/paths.ts';
import type { AccountWriter } from '../../connectors/write-package.ts';
import { DialectDouble, githubRules, slackRules } from './scim-dialects.ts';
import { anchor, describeWriting, type WriteSubject } from './write-suite.ts';

const options = { outbound: { allow: parseOutboundAllow('127.0.0.1') as OutboundAllow, secretFolders: [] } };
const mail = 'emails[type eq "work"].value';
const userAttributes = ['userName', 'name.familyName', 'displayName', 'title', mail];
const anchorOf = (n: number) => (n === 1 ? anchor : `anchor-${String(n)}`);

describe.each([
  { dialect: 'slack', rules: slackRules },
  { dialect: 'github', rules: githubRules },
])('dialect $dialect', ({ dialect, rules }) => {
  let double: DialectDouble;
  beforeAll(async () => {
    double = await DialectDouble.start(rules);
  });
  afterAll(() => double.stop());

  const settings = (more: Record<string, unknown> = {}) =>
    scimSettings.parse({ baseUrl: `${double.web.origin}/v2`, dialect, timeout: '2s', ...more });
  const mapped = dialect === 'github' ? [...userAttributes, 'externalId'] : userAttributes;
  const open = (kind: 'user' | 'group'): Promise<AccountWriter> =>
    createScimWritePackage(options).open(
      { name: 'chat', settings: settings(), secrets: { token: 'canary-55aa' } },
      { kind, attributes: kind === 'user' ? mapped : ['displayName'] },
    );
  const subject = (): WriteSubject => ({
    open,
    reset() {
      double.users.clear();
      double.groups.clear();
      double.next = undefined;
      return Promise.resolve();
    },
    user: (n) => ({
      userName: `user${String(n)}`,
      'name.familyName': 'Family',
      displayName: `Display ${String(n)}`,
      title: 'Engineer',
      [mail]: `user${String(n)}@example.org`,
      ...(dialect === 'github' ? { externalId: anchorOf(n) } : {}),
    }),
    group: (n) => ({
      displayName: `Group ${String(n)}`,
      ...(dialect === 'github' ? { externalId: anchorOf(n) } : {}),
    }),
    login: 'userName',
    odd: ['*', 'user'],
    plain: { attribute: mail, value: 'other@example.org' },
    cleared: 'title',
    seen(kind) {
      const names = kind === 'user' ? mapped : dialect === 'github' ? ['displayName', 'externalId'] : ['displayName'];
      const paths = names.flatMap((each) => parsePath(each) ?? []);
      const all = kind === 'user' ? double.users : double.groups;
      return Promise.resolve(
        new Map([...all.values()].map((each) => [each.id, { attributes: attributesOf(each, paths) }])),
      );
    },
    membersSeen: (group) =>
      Promise.resolve(((double.groups.get(group)?.['members'] ?? []) as { value: string }[]).map(({ value }) => value)),
    writes: () => double.writes.length,
    loseAnswer() {
      double.next = 'lost';
    },
    busy: [
      {
        what: 'the object is locked',
        make() {
          double.next = (response) => response.writeHead(429).end('{"detail":"resource_locked","status":429}');
        },
      },
      {
        what: 'a limit of requests that write',
        make() {
          double.next = (response) =>
            response.writeHead(403, { 'x-ratelimit-remaining': '0', 'retry-after': '60' }).end('{"message":"limit"}');
        },
        seconds: 60,
      },
    ],
    groups: true,
    keepsAnchor: true,
    deleteDisables: dialect === 'slack',
  });
  describeWriting(`scim, dialect ${dialect}, against a double`, subject);

  describe('what it insists on', () => {
    let users: AccountWriter;
    beforeEach(async () => {
      await subject().reset();
      users = await open('user');
    });
    const last = () => double.writes.at(-1);

    it('says what a delete does, and which attributes it has', () => {
      expect(users.capabilities.delete).toBe(dialect === 'slack' ? 'disables' : 'permanent');
      const problems = (attributes: string[], match: string[]) =>
        scimWriteDescription
          .checkProfile(settings(), { kind: 'user', attributes, match })
          .map((each) => [each.code, each.attribute]);
      expect(problems(mapped, ['userName'])).toEqual([]);
      expect(problems([...mapped, 'active', 'nonsense', 'groups'], ['title'])).toEqual([
        ['reserved-attribute', 'active'],
        ['unknown-attribute', 'nonsense'],
        ['reserved-attribute', 'groups'],
        ['capability-missing', 'title'],
      ]);
      expect(
        problems(
          mapped.filter((each) => each !== mail),
          ['userName'],
        ),
      ).toContainEqual(['required-missing', 'emails']);
      expect(scimSettings.safeParse({ ...settings(), delete: 'restorable' }).success).toBe(false);
    });

    it.runIf(dialect === 'slack')(
      'knows the codes of errors, ids without quotes, and filters of version 1',
      async () => {
        const one = await users.create(subject().user(1), { anchor: null });
        const taken = { ...subject().user(2), [mail]: 'user1@example.org' };
        await expect(users.create(taken, { anchor: null })).rejects.toMatchObject({ kind: 'exists', field: mail });
        const named = { ...subject().user(2), userName: 'user1' };
        await expect(users.create(named, { anchor: null })).rejects.toMatchObject({
          kind: 'exists',
          field: 'userName',
        });
        expect(await users.find([{ [mail]: 'user1@example.org' }])).toMatchObject([{ id: one.id }]);
        expect(double.web.asked.some((path) => path.startsWith('/v1/Users?filter=email'))).toBe(true);
        expect(users.capabilities.rules('externalId').immutable).toBe(true);
        const groups = await open('group');
        const group = await groups.create({ displayName: 'All' }, { anchor: null });
        await groups.addMembers(group.id, [one.id]);
        await groups.removeMembers(group.id, [one.id]);
        expect(last()?.body).toMatchObject({ Operations: [{ op: 'remove', path: `members[value eq ${one.id}]` }] });
      },
    );

    it.runIf(dialect === 'github')(
      'replaces people to change an address, and sends active without a path',
      async () => {
        const { id } = await users.create(subject().user(1), { anchor });
        await users.update(id, { [mail]: 'other@example.org' });
        expect(last()).toMatchObject({
          method: 'PUT',
          body: { userName: 'user1', active: true, externalId: anchor, emails: [{ value: 'other@example.org' }] },
        });
        await users.update(id, { displayName: 'Another' });
        expect(last()?.method).toBe('PATCH');
        await users.disable(id);
        expect(last()?.body).toMatchObject({ Operations: [{ op: 'replace', value: { active: false } }] });
        await expect(users.create({ userName: 'x', displayName: 'X' }, { anchor: 'a' })).rejects.toMatchObject({
          kind: 'terminal',
          code: 'required-missing',
          field: mail,
        });
      },
    );
  });
});
