import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createSocketServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { connect } from './client.ts';
import { watch } from './watch.ts';
import type { Sync } from './client.ts';

let servers: { close: () => unknown }[] = [];
afterEach(() => {
  for (const server of servers) server.close();
  servers = [];
});

const target = (url: string, timeout = 5000) => ({ url, headers: new Headers({ authorization: 'Bearer t' }), timeout });
const ask = (url: string, timeout?: number) => connect(target(url, timeout)).GET('/v1/jobs');

async function serve(listener: RequestListener, port = 0): Promise<{ url: string; server: Server }> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, server };
}

describe('an address that leads to no Syncline', () => {
  it('is explained where nothing listens', async () => {
    const { url, server } = await serve(() => undefined);
    await new Promise((resolve) => server.close(resolve));
    await expect(ask(url)).rejects.toThrow(`Nothing listens at ${new URL(url).host}. Start Syncline with npm start`);
  });

  it('is explained where there is no such host', async () => {
    await expect(ask('http://no-such-host.invalid')).rejects.toThrow(/no-such-host\.invalid/);
  });

  it('is explained where another server answers', async () => {
    const { url } = await serve((_request, response) => response.setHeader('content-type', 'text/html').end('<html>'));
    await expect(ask(url)).rejects.toThrow(`${url} answers, but is not Syncline (200 with text/html)`);
  });

  it('is explained where something before it wants a login, or says that it is away', async () => {
    let status = 401;
    const { url } = await serve((_request, response) =>
      response.writeHead(status, { 'content-type': 'text/html' }).end(),
    );
    await expect(ask(url)).rejects.toThrow('--header');
    status = 502;
    await expect(ask(url)).rejects.toThrow('Syncline does not answer');
  });

  it('is explained where the server speaks no TLS, or no HTTP', async () => {
    const { url } = await serve((_request, response) => response.end());
    await expect(ask(url.replace('http:', 'https:'))).rejects.toThrow('write http://');
    const odd = createSocketServer((socket) => socket.end('220 mail.example ESMTP\r\n'));
    servers.push(odd);
    await new Promise<void>((resolve) => odd.listen(0, '127.0.0.1', resolve));
    await expect(ask(`http://127.0.0.1:${String((odd.address() as AddressInfo).port)}`)).rejects.toThrow('not in HTTP');
  });

  it('is given up after the time-out', async () => {
    const { url } = await serve(() => undefined);
    await expect(ask(url, 1000)).rejects.toThrow('did not answer within 1 seconds');
  });
});

describe('a command that waits for a sync', () => {
  it('sends its headers, and survives an API that is away for a moment', async () => {
    const asked: string[] = [];
    const sync = {
      id: 'S',
      status: 'running',
      phase: 'export',
      progress: { rowsExported: 0, rowsPrepared: 0, rowsRejected: 0 },
    };
    const answer: RequestListener = (request, response) => {
      asked.push(request.headers.authorization ?? '');
      response
        .setHeader('content-type', 'application/json')
        .end(JSON.stringify({ ...sync, status: asked.length < 3 ? 'running' : 'held' }));
    };
    const { url, server } = await serve(answer);
    const held = watch(connect(target(url)), sync as Sync, true);
    await expect.poll(() => asked.length).toBe(2);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await new Promise((resolve) => setTimeout(resolve, 500));
    await serve(answer, Number(new URL(url).port));
    expect((await held).status).toBe('held');
    expect(asked).toEqual(['Bearer t', 'Bearer t', 'Bearer t']);
  });
});
