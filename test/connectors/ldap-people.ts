import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { createLdapPackage } from '../../connectors/ldap/index.ts';
import { parseOutboundAllow } from '../../connectors/outbound/allow.ts';
import type { Connection, ReadEvent, ReadRequest } from '../../connectors/package.ts';
import { cellText } from '../../domain/cell.ts';
import { SyncError } from '../../domain/errors.ts';
import { hasDebian } from '../support/debian.ts';
import { admin, person, Slapd, suffix, unit } from '../support/slapd.ts';

export const ready = await hasDebian('slapd', 'ldap-utils');
export const people = `ou=people,${suffix}`;
export const allow = parseOutboundAllow('127.0.0.1,localhost');
if (typeof allow === 'string') throw new Error(allow);
export const folder = mkdtempSync(join(tmpdir(), 'syncline-ldap-'));
export const adapter = createLdapPackage({ allow, secretFolders: [folder] });
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

export const canary = [{ dn: `uid=p1,${people}`, attributes: ['cn'] }];
export const wanted = { columns: ['uid', 'cn', 'dn', 'entryUUID'], key: ['uid'], identity: 'entryUUID' };

export function connect(url: string, settings: object = {}, table: object = {}, password = admin.password): Connection {
  return {
    name: 'directory',
    settings: adapter.settings.parse({
      url,
      bindDN: admin.dn,
      baseDN: suffix,
      pageSize: 10,
      ...(url.startsWith('ldap:') ? { tls: { plaintext: true } } : {}),
      changes: 'syncrepl',
      tables: { people: { base: people, filter: '(objectClass=inetOrgPerson)', canary, ...table } },
      ...settings,
    }),
    secrets: { password },
  };
}

export async function readAll(connection: Connection, request: Partial<ReadRequest> = {}): Promise<ReadEvent[]> {
  const events: ReadEvent[] = [];
  const whole: ReadRequest = { table: 'people', mode: 'complete', tables: ['people'], wanted, ...request };
  for await (const event of adapter.read(connection, whole)) events.push(event);
  return events;
}

/** The code that a read ends with. */
export async function codeOf(connection: Connection, request: Partial<ReadRequest> = {}): Promise<string> {
  const error: unknown = await readAll(connection, request).then(
    () => new Error('the read came to its end'),
    (failed: unknown) => failed,
  );
  if (!(error instanceof SyncError)) throw error;
  // neither entries nor secrets in what people and logs see
  expect(error.message).not.toMatch(/uid=|Surname|canary-/);
  return error.code;
}

export const rowsOf = (events: readonly ReadEvent[], kind: 'structured' | 'tombstones' | 'present' = 'structured') =>
  events.flatMap((event) =>
    event.kind === kind ? event.records.map(({ cells }) => cells.map((cell) => cellText(cell ?? ''))) : [],
  );
export const endOf = (events: readonly ReadEvent[]) => events.find((event) => event.kind === 'end');

/** Uids of the people in the directory. */
export const all = Array.from({ length: 45 }, (_, i) => `p${String(i + 1)}`);

/** A directory that each test of the file finds as it was. */
export function directoryOfPeople(): {
  slapd: () => Slapd;
  restarted: (changes: Parameters<Slapd['begin']>[0]) => Promise<void>;
} {
  let slapd: Slapd;
  beforeAll(async () => {
    slapd = await Slapd.start({ sessionLog: 1000 });
  });
  afterAll(() => slapd.stop());
  beforeEach(async () => {
    await slapd.clear();
    await slapd.change(unit('people') + all.map((uid) => person(uid)).join(''));
  });
  const restarted = async (changes: Parameters<Slapd['begin']>[0]) => {
    await slapd.end();
    await slapd.begin(changes);
  };
  return { slapd: () => slapd, restarted };
}
