import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkConnectorFile } from './check-connector-file.ts';
import type { ConnectorFile } from './connector-file.ts';
import { checkShape } from './parse-connector-file.ts';
import { firstPollAt, nextPollAt, pollsOf } from './poll.ts';
import { z } from 'zod';

const defaults = { interval: '15m', failures: 5, reset: '12h' };

const connection = (name: string, more: object = {}) => ({
  name,
  package: 'csv',
  settings: { delta: true },
  ...more,
});
const type = (name: string, source: string, members?: string) => ({
  name,
  source: { connection: source, table: `${name}.csv` },
  key: ['id'],
  properties: { id: { column: 'id' } },
  navigationProperties: members
    ? { members: { to: name, connection: members, table: 'm.csv', sourceColumn: 'a', targetColumn: 'b' } }
    : {},
});
const fileOf = (connections: object[], entityTypes: object[] = [type('A', 'one')]) => ({
  apiVersion: 'syncline/v1',
  kind: 'Connector',
  name: 'hr',
  connections,
  entityTypes,
});
function read(connections: object[], entityTypes?: object[]): ConnectorFile {
  const shape = checkShape(fileOf(connections, entityTypes));
  if (!shape.ok) throw new Error(JSON.stringify(shape.errors));
  return shape.file;
}
const faults = (connections: object[], entityTypes?: object[]) => {
  const shape = checkShape(fileOf(connections, entityTypes));
  if (!shape.ok) return shape.errors;
  return checkConnectorFile(shape.file, {
    settingsOf: () => z.object({ delta: z.boolean() }),
    pollGap: (_, settings) => ((settings as { delta: boolean }).delta ? undefined : 'It has no settings.delta.'),
    secretFolders: [],
    elsewhere: new Map(),
  });
};

describe('poll in a connector file', () => {
  it('takes from the package what it leaves out, and polls nothing without it', () => {
    expect(pollsOf(read([connection('one')]), () => defaults)).toEqual([]);
    expect(pollsOf(read([connection('one', { poll: {} })]), () => defaults)).toEqual([
      { connection: 'one', interval: 900_000, failures: 5, reset: 43_200_000, entityTypes: null },
    ]);
    expect(
      pollsOf(read([connection('one', { poll: { interval: 'PT2M30S', failures: 3, reset: '30m' } })]), () => defaults),
    ).toMatchObject([{ interval: 150_000, failures: 3, reset: 1_800_000 }]);
  });

  it('reads everything each time where the package tells no changes, and needs no setting for that', () => {
    const complete = { ...defaults, complete: true };
    expect(pollsOf(read([connection('one', { poll: {} })]), () => complete)).toMatchObject([{ complete: true }]);
    const shape = checkShape(fileOf([connection('one', { settings: { delta: false }, poll: {} })]));
    if (!shape.ok) throw new Error('no file');
    const around = {
      settingsOf: () => z.object({ delta: z.boolean() }),
      pollGap: () => 'It has no settings.delta.',
      secretFolders: [],
      elsewhere: new Map(),
    };
    expect(checkConnectorFile(shape.file, { ...around, pollsCompletely: () => true })).toEqual([]);
    expect(checkConnectorFile(shape.file, around)).toHaveLength(1);
  });

  it('limits the syncs of one connection among several to its entity types', () => {
    const file = read(
      [connection('one', { poll: {} }), connection('two'), connection('idle', { poll: {} })],
      [type('A', 'one'), type('B', 'two'), type('C', 'one')],
    );
    expect(pollsOf(file, () => defaults)).toMatchObject([{ connection: 'one', entityTypes: ['A', 'C'] }]);
  });

  it.each([
    [{ interval: '15' }, '/connections/0/poll/interval', /no unit/],
    [{ interval: 15 }, '/connections/0/poll/interval', /as text/],
    [{ interval: '0s' }, '/connections/0/poll/interval', /from 1s to 30d/],
    [{ interval: '31d' }, '/connections/0/poll/interval', /from 1s to 30d/],
    [{ reset: 'soon' }, '/connections/0/poll/reset', /not a duration/],
    [{ failures: 0 }, '/connections/0/poll/failures', /at least 1/],
    [{ failures: 1.5 }, '/connections/0/poll/failures', /whole number/],
    [{ every: '15m' }, '/connections/0/poll/every', /not a field/],
    [true, '/connections/0/poll', /poll: \{\}/],
  ])('%j is refused where it is wrong', (poll, pointer, message) => {
    const [fault] = faults([connection('one', { poll })]);
    expect(fault?.pointer).toBe(pointer);
    expect(fault?.detail).toMatch(message);
  });

  it('is refused where a connection that it reads cannot tell changes', () => {
    const [own] = faults([connection('one', { poll: {}, settings: { delta: false } })]);
    expect(own).toEqual({
      pointer: '/connections/0/poll',
      detail: 'The connection one cannot be polled: It has no settings.delta.',
    });
    const pair = [connection('one', { poll: {} }), connection('two', { settings: { delta: false } })];
    expect(faults(pair, [type('A', 'one'), type('B', 'two')])).toEqual([]);
    expect(faults(pair, [type('A', 'one', 'two')])).toMatchObject([{ pointer: '/connections/0/poll' }]);
  });

  it('is not known at another place', () => {
    const shape = checkShape({ ...fileOf([connection('one')]), poll: {} });
    expect(shape).toMatchObject({ ok: false, code: 'not-supported', errors: [{ pointer: '/poll' }] });
  });
});

describe('the next poll', () => {
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const interval = fc.integer({ min: 1_000, max: 30 * 86_400_000 });

  it('begins an interval after the last, give or take a tenth', () => {
    fc.assert(
      fc.property(interval, random, fc.double({ min: 0, max: 0.7, noNaN: true }), (length, r, share) => {
        const at = nextPollAt(1_000_000, 1_000_000 + Math.floor(length * share), length, r) - 1_000_000;
        expect(at).toBeGreaterThanOrEqual(Math.floor(length * 0.9));
        expect(at).toBeLessThanOrEqual(Math.ceil(length * 1.1));
      }),
    );
  });

  it('leaves a tenth of an interval after a sync that took longer', () => {
    fc.assert(
      fc.property(interval, random, fc.integer({ min: 2, max: 50 }), (length, r, times) => {
        const ended = length * times;
        expect(nextPollAt(0, ended, length, r)).toBe(ended + Math.round(length / 10));
      }),
    );
  });

  it('is within a minute and within the interval where it is the first', () => {
    fc.assert(
      fc.property(interval, random, (length, r) => {
        const wait = firstPollAt(5_000, length, r) - 5_000;
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(Math.min(length, 60_000));
      }),
    );
  });
});
