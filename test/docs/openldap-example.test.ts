import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadExamples } from '../../local/examples.ts';
import { freePort } from '../../local/ports.ts';
import { hasDebian, needs } from '../support/debian.ts';
import { Stack } from '../support/stack.ts';

const ready = await hasDebian('slapd', 'ldap-utils');
const examples = join(import.meta.dirname, '..', '..', 'examples');

describe.skipIf(!ready)(ready ? 'the examples' : needs('slapd', 'ldap-utils'), () => {
  let stack: Stack;
  let server: ChildProcess;
  let port = 0;
  beforeAll(async () => {
    port = await freePort();
    server = spawn(join(examples, 'openldap', 'start.sh'), [String(port)], { stdio: ['ignore', 'pipe', 'inherit'] });
    const answered = once(server.stdout ?? server, 'data');
    stack = await Stack.start({ SYNCLINE_OUTBOUND_ALLOW: '127.0.0.1', SYNCLINE_SECRET_OPENLDAP: 'example' });
    await answered;
  });
  afterAll(async () => {
    const ended = once(server, 'exit');
    server.kill('SIGTERM');
    await ended;
    await stack.stop();
  });

  it('have an OpenLDAP whose people and groups are read by the connector beside it', async () => {
    const text = readFileSync(join(examples, 'openldap', 'directory.yaml'), 'utf8');
    await stack.put(parse(text.replace('127.0.0.1:3389', `127.0.0.1:${String(port)}`)), 'openldap');
    const sync = await stack.sync('openldap', { mode: 'complete', dryRun: true });
    expect(sync, JSON.stringify(sync)).toMatchObject({
      status: 'completed',
      counters: {
        OpenLDAP_Person: { inserted: 6, rejected: 0 },
        OpenLDAP_Group: { inserted: 4, rejected: 0, links: { members: { inserted: 9, rejected: 0 } } },
      },
      completeness: { people: { certified: true }, groups: { certified: true } },
    });
  });

  it('are loaded by name beside each other, and one that is not there is said', async () => {
    await stack.placeFolder('spreadsheet', join(examples, 'spreadsheet'));
    const { signal } = new AbortController();
    const loaded = await loadExamples(stack.api, examples, ['spreadsheet'], signal);
    expect(loaded).toMatchObject([{ connector: 'contractors', sync: { status: 'held' } }]);
    await expect(loadExamples(stack.api, examples, ['nothing'], signal)).rejects.toThrow(/no example nothing/);
  });
});
