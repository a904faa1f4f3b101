import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MarkedPoint } from '../../domain/marked-points.ts';
import type { Sync } from '../../domain/sync.ts';
import { Scim2Server } from '../connectors/scim2-server.ts';
import { csv } from '../support/connector.ts';
import { directoryFile, hrFile } from '../support/directory.ts';
import { Faults } from '../support/faults.ts';
import { chatFile } from '../support/provisioning.ts';
import { hasPython, needsPython } from '../support/python.ts';
import { Stack } from '../support/stack.ts';
import { WriteProxy } from '../support/write-proxy.ts';

const present = await hasPython('scim2-server');
const token = 'canary-90c2';

/** `npm run test:faults`: both. */
const points: MarkedPoint[] =
  process.env['FAULTS'] === 'all' ? ['order/before-write', 'order/written'] : ['order/written'];

describe.skipIf(!present)(
  `a worker that is killed while an order is sent${present ? '' : `, ${needsPython('scim2-server')}`}`,
  { timeout: 300_000 },
  () => {
    let faults: Faults;
    let stack: Stack;
    let server: Scim2Server;
    let proxy: WriteProxy;
    beforeAll(async () => {
      server = await Scim2Server.start(token);
      proxy = await WriteProxy.start(() => server.origin);
      faults = await Faults.create();
      stack = await Stack.start({
        SYNCLINE_PREVIEW: 'directory,provisioning',
        SYNCLINE_OUTBOUND_ALLOW: '127.0.0.1',
        SYNCLINE_SECRET_CHAT: token,
        ...faults.environment,
      });
      await stack.put(directoryFile(), 'directory');
      await stack.put(hrFile(), 'hr');
      await stack.put(chatFile(`${proxy.origin}/v2`), 'chat');
    });
    afterAll(async () => {
      await stack.stop();
      await faults.remove();
      await proxy.stop();
      await server.stop();
    });

    /** One person, and those who keep limits out of the way. */
    async function person(id: string, department: string): Promise<void> {
      await stack.place('hr', {
        'people.csv': csv(
          'id,first,last,mail,department,phone,type,manager',
          `${id},Ann,Arc,${id}@x.org,${department},,staff,`,
          ...['E2', 'E3', 'E4'].map((other) => `${other},Who,Stays,${other}@x.org,Ops,,staff,`),
        ),
      });
      await stack.syncAndResume('hr');
    }
    /** Resumes what is held on the way. */
    async function until(done: () => Promise<boolean>): Promise<void> {
      await stack.until(async () => {
        const held = (await stack.all<Sync>('/v1/syncs')).find(({ status }) => status === 'held');
        if (held) await stack.decide(held, 'resume');
        return done();
      }, 90);
    }
    const account = async (id: string) =>
      (await server.list('Users')).filter(({ userName }) => userName === `${id}@x.org`);
    const inStatus = async (status: string) => (await stack.all(`/v1/orders?status=${status}`)).length;
    const sent = async () =>
      (await inStatus('pending')) + (await inStatus('running')) + (await inStatus('unknown')) === 0;

    async function killAt(point: MarkedPoint): Promise<void> {
      await until(async () => (await inStatus('running')) > 0);
      await faults.reached(point);
      await stack.kill('worker');
      stack.launch('worker');
    }

    it.each(points)('has made and disabled an account once, if it dies at %s', async (point) => {
      const id = `J${String(points.indexOf(point))}`;
      await person('J', 'Law');
      await until(async () => (await account('E4')).length === 1 && (await sent()));
      await faults.arm(point);
      await person(id, 'Eng');
      await killAt(point);
      await until(sent);
      expect(await account(id)).toMatchObject([{ active: true, displayName: 'Ann Arc' }]);
      await faults.arm(point);
      await person(id, 'Law');
      await killAt(point);
      await until(sent);
      expect(await account(id)).toMatchObject([{ active: false }]);
      const posts = proxy
        .take()
        .filter(({ method, body }) => method === 'POST' && (body as { userName?: string }).userName === `${id}@x.org`);
      expect(posts).toHaveLength(1);
      expect(await inStatus('failed')).toBe(0);
    });
  },
);
