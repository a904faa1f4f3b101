import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cellText, ExactNumber } from '../../domain/cell.ts';
import { rosterPackage } from './roster-package.ts';
import { RosterServer } from './roster-server.ts';
import { describePackage, type Subject } from './suite.ts';

const token = 'canary-3f9a';
const columns: Subject['columns'] = [
  { name: 'id', type: 'string', multiValued: false, nullable: false },
  { name: 'mails', type: 'string', multiValued: true, nullable: true },
  { name: 'hours', type: 'number', multiValued: false, nullable: true },
];

let roster: RosterServer;
beforeAll(async () => {
  roster = await RosterServer.start({ people: columns }, token);
});
afterAll(() => roster.stop());

const row = (value: string) => ({ mails: [`${value}@example.org`], hours: new ExactNumber('37.50') });

describePackage('roster, of the guide', () => ({
  adapter: rosterPackage,
  connection: () => ({ name: 'r', settings: { url: roster.url }, secrets: { token } }),
  badSettings: [
    { settings: {}, path: 'url' },
    { settings: { url: 'ftp://example.org' }, path: 'url' },
  ],
  unreachable: [
    {
      what: 'nothing listens',
      connection: () => ({ name: 'r', settings: { url: 'http://127.0.0.1:1' }, secrets: { token } }),
      code: 'connection',
    },
    {
      what: 'another token',
      connection: () => ({ name: 'r', settings: { url: roster.url }, secrets: { token: 'canary-wrong' } }),
      code: 'credentials',
    },
  ],
  table: 'people',
  tables: ['people'],
  key: ['id'],
  columns,
  reset() {
    roster.tellsEnd = true;
    roster.busySeconds = undefined;
    for (const { id } of roster.rows('people')) roster.remove('people', id as string);
    for (const id of ['a', 'b', 'c', 'd', 'e']) roster.put('people', id, row(id));
  },
  list: () =>
    roster
      .rows('people')
      .map((each) => Object.fromEntries(columns.map(({ name }) => [name, cellText(each[name] ?? null)]))),
  put(key, value) {
    roster.put('people', key, row(value));
  },
  remove(key) {
    roster.remove('people', key);
  },
  storedKey: 'b',
  freshKey: 'x',
  shows: (shown, value) => shown['mails'] === cellText([`${value}@example.org`]),
  requests: () => roster.requests,
  busy(seconds) {
    roster.busySeconds = seconds;
  },
  incomplete: [
    {
      what: 'the last page does not say that it is the last one',
      make() {
        roster.tellsEnd = false;
      },
      code: 'not-final',
    },
  ],
}));

it('the guide shows this package, in less than 150 lines', () => {
  const read = (...path: string[]) => readFileSync(join(import.meta.dirname, ...path), 'utf8');
  const [, shown] = /```ts\n([\s\S]*?)```/.exec(read('..', '..', 'docs', 'guides', 'write-a-package.md')) ?? [];
  expect(shown).toBe(read('roster-package.ts'));
  expect(shown?.split('\n').length).toBeLessThan(150);
});
