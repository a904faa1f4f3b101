import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createHttpPackage } from '../../connectors/http/index.ts';
import { parseOutboundAllow, type OutboundAllow } from '../../connectors/outbound/allow.ts';
import type { ConnectorPackage } from '../../connectors/package.ts';
import type { WebPackageOptions } from '../../connectors/web/open.ts';
import { createScimPackage } from '../../connectors/scim/index.ts';
import { createWorkdayPackage } from '../../connectors/workday/index.ts';
import { cellText } from '../../domain/cell.ts';
import { SyncError } from '../../domain/errors.ts';
import { Authority, contentsOf } from '../support/authority.ts';
import { HttpProxy } from '../support/http-proxy.ts';
import { sendJson, WebServer } from '../support/web-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'syncline-ways-'));
const authority = new Authority(folder);
/** A name that only the proxy can look up. */
const inside = 'hr.internal.example';
const token = 'canary-ways-1c7e';
const proxyPassword = 'canary-proxy-90d2';

const api: WebServer['answer'] = (url, response, request) => {
  const { authorization } = request.headers;
  if (![`Bearer ${token}`, `Basic ${Buffer.from(`reader:${token}`).toString('base64')}`].includes(authorization ?? ''))
    return void response.writeHead(401).end();
  switch (url.pathname) {
    case '/people':
      return sendJson(response, [{ id: '1' }, { id: '2' }]);
    case '/Users': {
      const at = Number(url.searchParams.get('startIndex') ?? 1) - 1;
      const Resources = [
        { id: '1', userName: 'ann' },
        { id: '2', userName: 'bob' },
      ].slice(at);
      return sendJson(response, { Resources, totalResults: 2, startIndex: at + 1, itemsPerPage: Resources.length });
    }
    case '/owner/People':
      return void response.end('id\n1\n2\n');
    case '/away':
      return void response.writeHead(302, { location: 'http://elsewhere.internal.example/people' }).end();
    default:
      return void response.writeHead(404).end();
  }
};

/** Each web package, asked for the same two people under an address. */
const packages = {
  http: {
    create: createHttpPackage,
    settings: { auth: 'bearer', tables: { people: { path: 'people' }, away: { path: 'away' } } },
    ...{ secret: 'token', table: 'people', column: 'id' },
  },
  scim: { create: createScimPackage, settings: { auth: 'bearer' }, secret: 'token', table: 'Users', column: 'id' },
  workday: {
    create: createWorkdayPackage,
    settings: { user: 'reader', tables: { people: { report: 'owner/People' } } },
    ...{ secret: 'password', table: 'people', column: 'id' },
  },
} as const;
type Name = keyof typeof packages;
const names = Object.keys(packages) as Name[];

const limits = { connect: 3000, headers: 3000, silence: 3000 };
/** @param named hosts of this machine that may be reached */
function optionsOf(named: string, proxy?: string): WebPackageOptions {
  const allow = parseOutboundAllow(named) as OutboundAllow;
  return { outbound: { allow, secretFolders: [folder], ...(proxy === undefined ? {} : { proxy }) }, pause: 1, limits };
}

async function read(
  name: Name,
  baseUrl: string,
  options: WebPackageOptions,
  tls: object = { ca: authority.ca },
  table: string = packages[name].table,
): Promise<string[]> {
  const { create, settings, secret, column } = packages[name];
  const adapter: ConnectorPackage = create(options);
  const connection = {
    name: 'web',
    settings: adapter.settings.parse({ ...settings, baseUrl, tls }),
    secrets: { [secret]: token },
  };
  const wanted = { columns: [column], key: [column] };
  const found: string[] = [];
  for await (const event of adapter.read(connection, { table, tables: [table], mode: 'complete', wanted })) {
    if (event.kind === 'records') found.push(...event.records.map(({ cells }) => cells.join()));
    if (event.kind === 'structured')
      found.push(...event.records.map(({ cells }) => cells.map((cell) => cellText(cell ?? '')).join()));
    if (event.kind === 'end') expect(event.certificate).toEqual({ certified: true });
  }
  return found;
}

async function failureOf(...args: Parameters<typeof read>): Promise<SyncError> {
  const error: unknown = await read(...args).then(
    () => new Error('the read came to its end'),
    (failed: unknown) => failed,
  );
  if (!(error instanceof SyncError)) throw error;
  expect(error.message).not.toMatch(/canary-/);
  return error;
}

describe('a web service with a certificate of a private authority', () => {
  const good = authority.sign('good', ['localhost', inside]);
  const client = authority.sign('client', ['reader']);
  let secure: WebServer;
  let expired: WebServer;
  let mutual: WebServer;
  const local = (web: WebServer) => `https://localhost:${String(web.port)}`;
  const options = optionsOf('localhost,127.0.0.1');
  beforeAll(async () => {
    secure = await WebServer.start(contentsOf(good));
    expired = await WebServer.start(contentsOf(authority.sign('expired', ['localhost'], -1)));
    mutual = await WebServer.start({
      ...contentsOf(good),
      ...{ ca: contentsOf({ cert: authority.ca, key: good.key }).cert, requestCert: true, rejectUnauthorized: true },
    });
    for (const web of [secure, expired, mutual]) web.answer = api;
  });
  afterAll(async () => {
    for (const web of [secure, expired, mutual]) await web.stop();
  });

  it.each(names)('is read by %s where settings name the authority', async (name) => {
    expect(await read(name, local(secure), options)).toEqual(['1', '2']);
  });

  it('fails with tls for another authority, another name, an expired certificate and no TLS, and gets no token', async () => {
    const asked = secure.asked.length;
    expect(await failureOf('http', local(secure), options, {})).toMatchObject({ code: 'tls' });
    const other = new Authority(folder, 'other');
    expect(await failureOf('http', local(secure), options, { ca: other.ca })).toMatchObject({ code: 'tls' });
    expect(await failureOf('http', secure.origin, options)).toMatchObject({ code: 'tls' });
    expect(secure.asked).toHaveLength(asked);
    const late = await failureOf('http', local(expired), options);
    expect(late).toMatchObject({ code: 'tls' });
    expect(late.message).toContain('EXPIRED');
    expect(expired.asked).toEqual([]);
    const plain = await WebServer.start();
    expect(await failureOf('http', local(plain), options)).toMatchObject({ code: 'tls' });
    await plain.stop();
  });

  it('that wants a certificate of its reader is read with it, and not without', async () => {
    const { cert, key } = client;
    expect(await read('http', local(mutual), options, { ca: authority.ca, cert, key })).toEqual(['1', '2']);
    // this server only hangs up
    expect(await failureOf('http', local(mutual), options)).toMatchObject({ code: 'connection' });
  });

  describe('behind a proxy', () => {
    let plain: WebServer;
    let proxy: HttpProxy;
    const by = (named = inside, password = '') =>
      optionsOf(named, `http://${password === '' ? '' : `syncline:${password}@`}${proxy.address}`);
    beforeAll(async () => {
      proxy = await HttpProxy.start();
      plain = await WebServer.start();
      plain.answer = api;
    });
    afterEach(() => {
      proxy.forget();
    });
    afterAll(async () => {
      await proxy.stop();
      await plain.stop();
    });
    const behind = (web: WebServer, scheme: string) => {
      proxy.ports.clear();
      proxy.ports.set(inside, web.port);
      return `${scheme}://${inside}`;
    };

    it.each(names)('is read by %s through a tunnel that shows the proxy nothing', async (name) => {
      expect(await read(name, behind(secure, 'https'), by())).toEqual(['1', '2']);
      expect(new Set(proxy.asked)).toEqual(new Set([`CONNECT ${inside}:443`]));
      expect(proxy.heard).not.toContain(token);
      expect(proxy.heard).not.toContain(Buffer.from(`reader:${token}`).toString('base64'));
    });

    it.each(names)('is read by %s without encryption where the host is named', async (name) => {
      expect(await read(name, behind(plain, 'http'), by(), {})).toEqual(['1', '2']);
      expect(new Set(proxy.asked)).toEqual(new Set([`GET http://${inside}`]));
    });

    it('logs in to the proxy, and only to the proxy', async () => {
      let seen: string | undefined;
      plain.answer = (url, response, request) => {
        seen = request.headers['proxy-authorization'];
        api(url, response, request);
      };
      expect(await read('http', behind(plain, 'http'), by(inside, proxyPassword), {})).toHaveLength(2);
      plain.answer = api;
      expect(seen).toBeUndefined();
      expect(await read('http', behind(secure, 'https'), by(inside, proxyPassword))).toHaveLength(2);
      const login = `Basic ${Buffer.from(`syncline:${proxyPassword}`).toString('base64')}`;
      expect(new Set(proxy.credentials)).toEqual(new Set([login]));
    });

    it('fails with tls where its certificate is not good', async () => {
      expect(await failureOf('http', behind(expired, 'https'), by())).toMatchObject({ code: 'tls' });
      expect(await failureOf('http', behind(secure, 'https'), by(), {})).toMatchObject({ code: 'tls' });
    });

    it('fails with connection where the proxy refuses, or is gone', async () => {
      const secret = by(inside, proxyPassword);
      for (const status of [403, 407, 502]) {
        proxy.refuses = status;
        const failed = await failureOf('http', behind(secure, 'https'), secret);
        expect(failed, String(status)).toMatchObject({ code: 'connection' });
      }
      const nowhere = optionsOf(inside, `http://syncline:${proxyPassword}@127.0.0.1:1`);
      expect(await failureOf('http', behind(secure, 'https'), nowhere)).toMatchObject({ code: 'connection' });
    });

    it.each([
      ['a metadata service', 'http://169.254.169.254'],
      ['this machine, which is not named', 'http://127.0.0.1:8080'],
      ['this machine in another form', 'http://[::ffff:127.0.0.1]:8080'],
    ])('never asks the proxy for %s', async (_, baseUrl) => {
      const failed = await failureOf('http', baseUrl, by(), {});
      expect(failed).toMatchObject({ code: 'outbound-refused' });
      expect(proxy.asked).toEqual([]);
    });

    it('is not left by a redirect', async () => {
      const failed = await failureOf('http', behind(plain, 'http'), by(), {}, 'away');
      expect(failed).toMatchObject({ code: 'outbound-refused' });
      expect(proxy.asked).toEqual([`GET http://${inside}`]);
    });
  });
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
