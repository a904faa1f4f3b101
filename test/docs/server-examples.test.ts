import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadExamples } from '../../local/examples.ts';
import { findPostgres } from '../../local/postgres-binaries.ts';
import { freePort } from '../../local/ports.ts';
import { hasDebian, needs } from '../support/debian.ts';
import { hasKeycloak, keycloakHome, needsKeycloak } from '../support/keycloak.ts';
import { Stack } from '../support/stack.ts';

const examples = join(import.meta.dirname, '..', '..', 'examples');
const samba = ['samba-ad-dc', 'samba-ad-provision', 'samba-dsdb-modules', 'ldap-utils'] as const;
const hasSlapd = await hasDebian('slapd', 'ldap-utils');
const hasPsql = await hasDebian('postgresql-client');
const hasScim = await hasKeycloak();
const hasSamba = (await hasDebian(...samba)) && process.getuid?.() === 0;

/** The commands of the examples that start a server, and the connectors beside them. */
describe('the examples', () => {
  let stack: Stack;
  const servers: ChildProcess[] = [];
  beforeAll(async () => {
    stack = await Stack.start({
      SYNCLINE_OUTBOUND_ALLOW: '127.0.0.0/8',
      SYNCLINE_SECRET_ACTIVE_DIRECTORY: 'Example-1234',
      SYNCLINE_SECRET_HR_DATABASE: 'example',
      SYNCLINE_SECRET_KEYCLOAK: 'example',
      SYNCLINE_SECRET_OPENLDAP: 'example',
    });
  });
  afterAll(async () => {
    for (const server of servers) {
      const ended = once(server, 'exit');
      server.kill('SIGTERM');
      await ended;
    }
    await stack.stop();
  });

  async function start(example: string, argument: string): Promise<void> {
    const { folder } = await findPostgres(undefined, process.env['PATH'] ?? '');
    const server = spawn(join(examples, example, 'start.sh'), [argument], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, KEYCLOAK_HOME: keycloakHome, PATH: [process.env['PATH'], folder].join(delimiter) },
    });
    servers.push(server);
    // it says so once the server answers and has its people
    await Promise.race([
      once(server.stdout, 'data'),
      once(server, 'exit').then(() => Promise.reject(new Error(`${example} did not start`))),
    ]);
  }
  const connector = (example: string, file: string, place: string, instead: string): unknown =>
    parse(readFileSync(join(examples, example, file), 'utf8').replaceAll(place, instead));

  it.skipIf(!hasSlapd)(
    hasSlapd
      ? 'have an OpenLDAP whose people and groups are read by the connector beside it'
      : needs('slapd', 'ldap-utils'),
    { timeout: 120_000 },
    async () => {
      const port = String(await freePort());
      await start('openldap', port);
      await stack.put(connector('openldap', 'directory.yaml', '3389', port), 'openldap');
      const sync = await stack.sync('openldap', { mode: 'complete', dryRun: true });
      expect(sync, JSON.stringify(sync)).toMatchObject({
        status: 'completed',
        counters: {
          OpenLDAP_Person: { inserted: 6, rejected: 0 },
          OpenLDAP_Group: { inserted: 4, rejected: 0, links: { members: { inserted: 9, rejected: 0 } } },
        },
        completeness: { people: { certified: true }, groups: { certified: true } },
      });
    },
  );

  it.skipIf(!hasPsql)(
    hasPsql ? 'have a PostgreSQL whose HR schema is read by the connector beside it' : needs('postgresql-client'),
    { timeout: 120_000 },
    async () => {
      const port = String(await freePort());
      await start('postgres', port);
      await stack.put(connector('postgres', 'hr.yaml', '5544', port), 'hr-database');
      const sync = await stack.sync('hr-database', { mode: 'complete', dryRun: true });
      expect(sync, JSON.stringify(sync)).toMatchObject({
        status: 'completed',
        counters: { HRDB_Employee: { inserted: 3, rejected: 0 }, HRDB_Team: { links: { members: { inserted: 3 } } } },
        completeness: { employee: { certified: true } },
      });
    },
  );

  it.skipIf(!hasScim)(
    hasScim ? 'have a Keycloak whose people and groups are read by the connector beside it' : needsKeycloak,
    { timeout: 240_000 },
    async () => {
      const port = String(await freePort());
      await start('keycloak', port);
      await stack.put(connector('keycloak', 'keycloak.yaml', '8180', port), 'keycloak');
      const sync = await stack.sync('keycloak', { mode: 'complete', dryRun: true });
      expect(sync, JSON.stringify(sync)).toMatchObject({
        status: 'completed',
        counters: {
          Keycloak_User: { inserted: 3, rejected: 0 },
          Keycloak_Group: { inserted: 2, rejected: 0, links: { members: { inserted: 5, rejected: 0 } } },
        },
        completeness: { Users: { certified: true }, Groups: { certified: true } },
      });
    },
  );

  it.skipIf(!hasSamba)(
    hasSamba ? 'have an Active Directory whose people and groups are read by the connector beside it' : needs(...samba),
    { timeout: 240_000 },
    async () => {
      const address = `127.78.${String(process.pid % 250)}.7`;
      await start('active-directory', address);
      await stack.put(connector('active-directory', 'directory.yaml', '127.77.0.1', address), 'active-directory');
      const sync = await stack.sync('active-directory', { mode: 'complete', dryRun: true });
      expect(sync, JSON.stringify(sync)).toMatchObject({
        status: 'completed',
        counters: {
          AD_User: { inserted: 5, rejected: 0 },
          AD_Group: { inserted: 3, rejected: 0, links: { members: { inserted: 6, rejected: 0 } } },
        },
        completeness: { users: { certified: true }, groups: { certified: true } },
      });
    },
  );

  it('are loaded by name beside each other, and one that is not there is said', async () => {
    await stack.placeFolder('spreadsheet', join(examples, 'spreadsheet'));
    const { signal } = new AbortController();
    const loaded = await loadExamples(stack.api, examples, ['spreadsheet'], signal);
    expect(loaded).toMatchObject([{ connector: 'contractors', sync: { status: 'held' } }]);
    await expect(loadExamples(stack.api, examples, ['nothing'], signal)).rejects.toThrow(/no example nothing/);
  });
});
