import type { IncomingHttpHeaders } from 'node:http';
import { networkInterfaces } from 'node:os';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { ApiAlone } from '../support/api-alone.ts';

describe('for whom the API answers', () => {
  let api: ApiAlone | undefined;
  const started: ApiAlone[] = [];
  afterEach(() => {
    if (api) started.push(api);
    api = undefined;
  });
  afterAll(() => Promise.all(started.map((each) => each.stop())));

  const serve = async (environment: NodeJS.ProcessEnv) => (api = await ApiAlone.start(undefined, environment));
  const network = { SYNCLINE_API_HOST: '0.0.0.0', SYNCLINE_TRUST_NETWORK: 'true' };
  const status = async (headers: IncomingHttpHeaders, path = '/v1/packages', method = 'GET') => {
    const answer = await api?.send(path, { method, headers });
    if (answer?.status === 403) expect(JSON.parse(answer.body)).toMatchObject({ code: 'forbidden' });
    return answer?.status;
  };
  const port = () => new URL(api?.api ?? '').port;

  it('answers to the names of this machine, and to no other name that is made to lead here', async () => {
    await serve({});
    for (const host of ['localhost', '127.0.0.1:8080', '[::1]:1', `LOCALHOST:${port()}`])
      expect([host, await status({ host })]).toEqual([host, 200]);
    for (const host of [
      'rebound.example',
      'rebound.example:8080',
      '0.0.0.0',
      'localhost.rebound.example',
      '127.0.0.1@x',
    ])
      expect([host, await status({ host })]).toEqual([host, 403]);
  });

  it('does the same on a network: its own address and the names that it is told, nothing else', async () => {
    await serve({
      ...network,
      SYNCLINE_ALLOWED_HOSTS: 'syncline.internal,other.internal:8443',
      SYNCLINE_PUBLIC_URL: 'https://syncline.example',
    });
    for (const host of [
      'localhost:8080',
      'syncline.internal',
      'syncline.internal:99',
      'other.internal:8443',
      'syncline.example',
    ])
      expect([host, await status({ host })]).toEqual([host, 200]);
    for (const host of [
      'rebound.example',
      'other.internal',
      'other.internal:1',
      '0.0.0.0:8080',
      '10.255.255.1',
      'x.syncline.internal',
    ])
      for (const path of ['/v1/packages', '/metrics', '/docs/', '/v1/openapi.json', '/healthz'])
        expect([host, path, await status({ host }, path)]).toEqual([host, path, 403]);
  });

  it('answers a probe that asks by the address of the container', async () => {
    await serve(network);
    const own = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
    for (const { address } of own.filter(({ family }) => family === 'IPv4')) {
      const answer = await fetch(`http://${address}:${port()}/healthz`);
      expect([address, answer.status]).toEqual([address, 200]);
    }
  });

  it.each([
    ['on this machine', {}],
    ['on a network', network],
  ])('takes no requests from pages of other sites, %s', async (_mode, environment) => {
    await serve(environment);
    const own = `127.0.0.1:${port()}`;
    const from = (origin: string) => status({ host: own, origin }, '/v1/packages', 'GET');
    expect(await from(`http://${own}`)).toBe(200);
    for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:3000', `http://localhost:${port()}`])
      expect([origin, await from(origin)]).toEqual([origin, 403]);
    // a script, an image or a form of another page; such a request may come without an origin
    for (const site of ['cross-site', 'same-site'])
      expect(await status({ host: own, 'sec-fetch-site': site, 'sec-fetch-mode': 'no-cors' })).toBe(403);
    // a link in a mail that somebody follows, and the page itself
    const followed = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    expect(await status({ host: own, ...followed })).toBe(200);
    expect(await status({ host: own, ...followed }, '/v1/syncs', 'POST')).toBe(403);
    expect(await status({ host: own, 'sec-fetch-site': 'same-origin' })).toBe(200);
  });

  it('hears what a proxy forwards only where it trusts the proxy', async () => {
    const forwarded = { 'x-forwarded-host': 'syncline.example', 'x-forwarded-proto': 'https' };
    const environment = { SYNCLINE_PUBLIC_URL: 'https://syncline.example', SYNCLINE_ALLOWED_HOSTS: 'shown.example' };
    await serve(environment);
    const own = () => `127.0.0.1:${port()}`;
    const asks = (more: IncomingHttpHeaders) => status({ host: own(), ...forwarded, ...more });
    // nobody is trusted: what counts is the Host that the connection names
    expect(await asks({ 'x-forwarded-host': 'rebound.example' })).toBe(200);
    expect(await asks({ origin: 'https://shown.example', 'x-forwarded-host': 'shown.example' })).toBe(403);
    await serve({ ...environment, SYNCLINE_TRUSTED_PROXIES: 'loopback' });
    expect(await asks({ origin: 'https://syncline.example' })).toBe(200);
    expect(await asks({ origin: 'https://shown.example', 'x-forwarded-host': 'shown.example' })).toBe(200);
    expect(await asks({ 'x-forwarded-host': 'rebound.example' })).toBe(403);
    // a header that the proxy only passes on does not hide the name that the page was reached by
    expect(await asks({ host: 'rebound.example', 'x-forwarded-host': 'localhost' })).toBe(403);
    // the page without encryption is another site
    expect(await asks({ origin: 'http://syncline.example' })).toBe(403);
    expect(await asks({ origin: 'http://shown.example', 'x-forwarded-host': 'shown.example' })).toBe(403);
  });
});
