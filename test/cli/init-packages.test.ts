import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sync } from '../../domain/sync.ts';
import { ScimmyServer } from '../connectors/scimmy-server.ts';
import { runCommand } from '../support/command-line.ts';
import { Stack } from '../support/stack.ts';
import { sendJson, WebServer } from '../support/web-server.ts';
import { textRow, workbook } from '../support/workbook.ts';

const token = 'canary-init-packages-64f0';
const secret = (name: string) => `${name}=env:SYNCLINE_SECRET_WEB`;
const people = [
  { id: 1, name: 'Ada', active: true, mails: ['ada@example.org'] },
  { id: 2, name: 'Ben', active: false, mails: [] },
];

/** From a system of each package to a file that is tested, saved and read, with no editor in between. */
describe('connectors init', () => {
  let stack: Stack;
  let scim: ScimmyServer;
  let web: WebServer;
  beforeAll(async () => {
    scim = await ScimmyServer.start(token);
    web = await WebServer.start();
    stack = await Stack.start({ SYNCLINE_OUTBOUND_ALLOW: '127.0.0.1', SYNCLINE_SECRET_WEB: token });
  });
  afterAll(async () => {
    await stack.stop();
    await web.stop();
    await scim.stop();
  });

  /** @returns the dry run, and the file as text */
  async function accepts(
    name: string,
    settings: string[],
    secrets: string[] = [],
  ): Promise<{ text: string; sync: Sync }> {
    const at = join(stack.folder, `${name}.yaml`);
    const run = async (...args: string[]) => {
      const done = await runCommand(args, { XDG_CONFIG_HOME: stack.folder, SYNCLINE_URL: stack.api });
      expect(done.code, done.out + done.err).toBe(0);
    };
    const options = [...settings.flatMap((each) => ['-s', each]), ...secrets.flatMap((each) => ['--secret', each])];
    await run('connectors', 'init', name, '-p', name, ...options, '-o', at);
    await run('connectors', 'test', '-f', at);
    await run('apply', '-f', at);
    const sync = await stack.sync(name, { mode: 'complete', dryRun: true });
    expect(sync, JSON.stringify(sync)).toMatchObject({ status: 'completed', dryRun: true, error: null });
    expect(stack.output).not.toContain(token);
    return { text: await readFile(at, 'utf8'), sync };
  }

  it('writes a file for spreadsheets', async () => {
    const rows = textRow(1, 'id', 'name') + textRow(2, 'E1', 'Ada') + textRow(3, 'E2', 'Ben');
    await stack.place('sheets', { 'people.xlsx': workbook({ sheets: { People: rows } }) });
    const { text, sync } = await accepts('xlsx', ['directory=sheets']);
    expect(text).toContain('# Guess: ');
    expect(Object.values(sync.counters)).toMatchObject([{ inserted: 2, rejected: 0 }]);
  });

  it('writes a file for LDIF', async () => {
    const block = (uid: string) =>
      `dn: uid=${uid},dc=example,dc=org\nobjectClass: inetOrgPerson\nuid: ${uid}\ncn: Person ${uid}\nsn: X\n\n`;
    await stack.place('dumps', { 'people.ldif': `${block('a')}${block('b')}` });
    const { sync } = await accepts('ldif', ['directory=dumps']);
    expect(Object.values(sync.counters)).toMatchObject([{ inserted: 2, rejected: 0 }]);
  });

  it('writes a file for a SCIM service, whose groups have their members', async () => {
    for (const id of ['u1', 'u2'])
      scim.put(scim.users, id, { userName: id, active: true, emails: [{ value: `${id}@example.org`, primary: true }] });
    scim.put(scim.groups, 'g1', { displayName: 'All', members: [{ value: 'u1' }, { value: 'u2' }] });
    const { sync } = await accepts('scim', [`baseUrl=${scim.origin}/scim/v2`], [secret('token')]);
    expect(sync.counters).toMatchObject({
      Scim_User: { inserted: 2, rejected: 0 },
      Scim_Group: { inserted: 1, rejected: 0 },
    });
  });

  it('writes a file for an HTTP service, of the tables that are named', async () => {
    web.answer = ({ searchParams }, response, request) => {
      if (request.headers['x-key'] !== token) return void response.writeHead(401).end();
      const offset = Number(searchParams.get('offset') ?? 0);
      return sendJson(response, { data: people.slice(offset), count: people.length });
    };
    const tables = 'tables={people: {path: people, id: id, records: data, paging: {kind: offset, total: count}}}';
    const settings = [`baseUrl=${web.origin}/api`, 'auth=apiKey', 'header=x-key', tables];
    const { sync } = await accepts('http', settings, [secret('apiKey')]);
    expect(Object.values(sync.counters)).toMatchObject([{ inserted: 2, rejected: 0 }]);
  });

  it('writes a file for reports of Workday', async () => {
    web.answer = (_, response) => response.end('Employee_ID,Name\nE1,Ada\nE2,Ben\n');
    const settings = [`baseUrl=${web.origin}/ccx`, 'user=ISU@tenant', 'tables={workers: {report: owner/Workers}}'];
    const { sync } = await accepts('workday', settings, [secret('password')]);
    expect(Object.values(sync.counters)).toMatchObject([{ inserted: 2, rejected: 0 }]);
  });
});
