import { execFile } from 'node:child_process';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { parse } from 'yaml';
import type { Sync } from '../../domain/sync.ts';
import { runCommand } from '../support/command-line.ts';
import { csv } from '../support/connector.ts';
import { Stack } from '../support/stack.ts';
import { blocksOf, commandsIn, documents, wordsOf } from './commands.ts';

const root = join(import.meta.dirname, '..', '..');
const execute = promisify(execFile);

/** Commands that stand for something else than Syncline: what they do is tested elsewhere, or is the reader's. */
const others =
  /^(npm (start|test)|git |cp \.env|docker compose|source |case |esac|\d\)|\*\)|ln -s|create |grant |[a-z]+=)/;

const readme = blocksOf('README.md').find(({ language, text }) => language === 'yaml' && text.startsWith('apiVersion'));

/**
 * Every command of the README and the guides is run, in the order in which it is written, on an installation that has what the
 * documents speak of: the example of `npm start`, held, and the connector of the README beside an `ad`.
 */
describe('the commands of the documents', { timeout: 300_000 }, () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await Stack.start(undefined, { defaultJobs: true });
    await cp(join(root, 'examples', 'community'), join(stack.files, 'community'), { recursive: true });
    await stack.put(parse(await stack.readFile('files/community/connector.yaml')), 'community');
    await stack.put(parse(readme?.text ?? ''), 'hr');
    await stack.put(ad, 'ad');
    await stack.place('ad', { 'groups.csv': csv('id,name', 'G-4711,Admins', 'G-1,All') });
    await fill('hr', true);
    await writeFile(join(stack.folder, 'hr.yaml'), readme?.text ?? '');
    await stack.syncAndResume('hr');
    await stack.syncAndResume('ad');
  });
  afterAll(() => stack.stop());

  /** What the connector of the documents is read from: somebody, or nobody. */
  async function fill(connector: string, full: boolean): Promise<void> {
    if (connector === 'community') {
      const source = await readFile(join(root, 'examples', 'community', 'users.csv'), 'utf8');
      await stack.place('community', { 'users.csv': full ? source : `${source.split('\n')[0] ?? ''}\n` });
    } else
      await stack.place('hr', {
        'users.csv': csv('employee_id,first_name,last_name,start_date,manager_no,status', ...(full ? people : [])),
        'groups.csv': csv('name', 'all'),
        'memberships.csv': csv('user,group', ...(full ? ['E1042,all'] : [])),
      });
  }

  /** Waits for what runs, and rejects what an earlier example has left held. */
  async function settle(): Promise<void> {
    for (const status of ['queued', 'running', 'held'])
      for (const { id } of (await stack.get<{ items: Sync[] }>(`/v1/syncs?status=${status}`)).items) {
        const sync = await stack.settled(id);
        if (sync.status === 'held') await stack.decide(sync, 'reject');
      }
  }

  /** A sync of the connector that is held: its people come or go as a whole, which no limit lets through. */
  async function held(connector: string): Promise<Sync> {
    const { items } = await stack.get<{ items: Sync[] }>(`/v1/syncs?connector=${connector}&status=held`);
    if (items[0]) return items[0];
    await settle();
    const type = connector === 'hr' ? 'HR_Person' : 'Community_User';
    const stored = await stack.get<{ counts: { resources: number } }>(`/v1/entity-types/${type}`);
    await fill(connector, stored.counts.resources === 0);
    const sync = await stack.sync(connector);
    if (sync.status !== 'held') throw new Error(`the sync of ${connector} is ${sync.status}`);
    return sync;
  }

  /** The newest sync that has ended. */
  async function ended(): Promise<Sync | undefined> {
    const { items } = await stack.get<{ items: Sync[] }>('/v1/syncs?status=completed&limit=1');
    return items[0];
  }

  async function run(command: string, document: string): Promise<void> {
    if (others.test(command)) return;
    const connector = /first-sync|README/.test(document) && !/ hr\b|sync:hr/.test(command) ? 'community' : 'hr';
    const isLog = command.startsWith('./syncline logs');
    const needsHeld = /<id>|sha256:…/.test(command) && !isLog;
    if (!needsHeld) await settle();
    const sync = needsHeld ? await held(connector) : isLog ? await ended() : undefined;
    const text = command.replaceAll('<id>', sync?.id ?? '').replaceAll('sha256:…', sync?.digest ?? '');
    const [program = '', ...words] = wordsOf(text.replace(/ >.*$/, ''));
    if (program === './syncline') {
      const yes = /^(resume|reject)$/.test(words[0] ?? '') ? ['--yes'] : [];
      const args = words.map((word) => (/^(hr|first)\.yaml$/.test(word) ? join(stack.folder, word) : word));
      const ran = await runCommand([...args, ...yes], { SYNCLINE_URL: stack.api, XDG_CONFIG_HOME: stack.folder });
      // 3: a sync is held, which is as good an end of an example as any
      expect({ command, ...ran, code: ran.code === 3 ? 0 : ran.code }).toMatchObject({ code: 0 });
    } else if (program === 'curl') {
      const { stdout } = await execute('curl', [
        ...['--silent', '--show-error', '--fail-with-body'],
        ...words.map((word) => word.replace('localhost:8080', new URL(stack.api).host)),
      ]);
      expect(stdout).toContain(sync?.id ?? '');
    } else if (program === 'temporal') {
      const address = ['--address', inject('temporalAddress'), '--namespace', stack.namespace];
      await execute(inject('temporalCli'), [...words, ...address]);
    } else expect.fail(`${document}: nothing runs ${command}`);
    // a signal is answered before it has done anything
    if (sync && / (resume|reject) |\/resume|--name resume/.test(command))
      await stack.settled(sync.id, ['running', 'held']);
  }

  for (const document of documents) {
    const blocks = blocksOf(document).filter(({ language }) => language === 'sh');
    if (blocks.length > 0)
      it(`of ${document} do what they are written for`, async () => {
        await settle();
        await fill('hr', true);
        await stack.syncAndResume('hr');
        // the guide of polling is about a connection whose breaker has opened
        if (document.endsWith('polling.md')) await stack.put(polled(), 'hr');
        if (document.endsWith('polling.md')) await stack.until(breakerIsOpen);
        for (const command of blocks.flatMap(commandsIn)) {
          try {
            await run(command, document);
          } catch (error) {
            throw new Error(`${document}: ${command}`, { cause: error });
          }
        }
        if (document.endsWith('polling.md')) await stack.put(parse(readme?.text ?? ''), 'hr');
      });
  }

  function polled() {
    const file = parse(readme?.text ?? '') as { connections: { settings: object }[] };
    const [connection] = file.connections;
    const settings = { ...connection?.settings, delta: { directory: 'hr-delta', commandColumn: 'command' } };
    return { ...file, connections: [{ ...connection, settings, poll: { interval: '1s', failures: 1, reset: '12h' } }] };
  }

  async function breakerIsOpen(): Promise<boolean> {
    const { items } = await stack.get<{ items: { breaker: { state: string } | null }[] }>(
      '/v1/sync-status?connector=hr',
    );
    return items[0]?.breaker?.state === 'open';
  }
});

const people = ['E1042,Ada,Byron,01/02/2020,,active', 'E2,Ben,Ray,03/04/2021,E1042,active'];

const ad = {
  apiVersion: 'syncline/v1',
  kind: 'Connector',
  name: 'ad',
  connections: [{ name: 'files', package: 'csv', settings: { directory: 'ad' } }],
  entityTypes: [
    {
      name: 'AD_Group',
      source: { connection: 'files', table: 'groups.csv' },
      key: ['id'],
      label: 'name',
      managed: { by: 'hand' },
      properties: { id: { column: 'id' }, name: { column: 'name' } },
    },
  ],
};
