import net from 'node:net';
import tls from 'node:tls';
import { Client } from 'ldapts';
import { SyncError } from '../../domain/errors.ts';
import { findTarget, type OutboundTarget } from '../outbound/find-target.ts';
import type { Outbound } from '../outbound/index.ts';
import { readTlsFiles, type TlsContents } from '../outbound/tls-files.ts';
import { toSyncError, tlsError, unreachable } from './errors.ts';
import type { LdapSettings } from './settings.ts';

const connectTimeout = 10_000;

/** A connection to one server, encrypted as the settings say, before the login. @throws SyncError */
export async function connect(
  outbound: Outbound,
  url: string,
  settings: LdapSettings,
  signal?: AbortSignal,
): Promise<net.Socket> {
  signal?.throwIfAborted();
  const { hostname, port: given, protocol } = new URL(url);
  const secure = protocol === 'ldaps:';
  const port = given === '' ? (secure ? 636 : 389) : Number(given);
  const usesTls = secure || settings.tls?.startTls === true;
  const target = await findTarget(outbound.allow, hostname, port, { signal });
  const files = usesTls ? await readTlsFiles(settings.tls, outbound.secretFolders) : {};
  const socket = await open(target, signal);
  try {
    if (!usesTls) return socket;
    if (!secure) await startTls(socket, target);
    return await encrypt(socket, target, settings.tls?.serverName, files, signal);
  } catch (error) {
    socket.destroy();
    signal?.throwIfAborted();
    // a file that is no certificate is found here
    throw error instanceof SyncError ? error : tlsError(target.host, error);
  }
}

/** Connects an address that was checked. */
const open = ({ host, port, lookup }: OutboundTarget, signal: AbortSignal | undefined): Promise<net.Socket> =>
  new Promise((resolve, reject) => {
    const socket = net.connect({ host, port, lookup });
    const fail = (error: unknown) => {
      socket.destroy();
      signal?.removeEventListener('abort', fail);
      reject(signal?.aborted ? (signal.reason as Error) : unreachable(host, port, error));
    };
    socket.setTimeout(connectTimeout, () => {
      fail(undefined);
    });
    socket.once('error', fail);
    signal?.addEventListener('abort', fail, { once: true });
    socket.once('connect', () => {
      signal?.removeEventListener('abort', fail);
      socket.removeAllListeners('error');
      socket.removeAllListeners('timeout');
      socket.setTimeout(0);
      socket.setNoDelay(true);
      socket.setKeepAlive(true, 30_000);
      resolve(socket);
    });
  });

/** Asks for TLS on an open connection (RFC 4511, 4.14). */
async function startTls(socket: net.Socket, { host }: OutboundTarget): Promise<void> {
  const client = new Client({
    url: 'ldap://directory',
    timeout: connectTimeout,
    createConnection: opened(socket),
  });
  try {
    await client.exop('1.3.6.1.4.1.1466.20037');
  } catch (error) {
    const mapped = toSyncError(error);
    if (mapped instanceof SyncError && mapped.code === 'connection' && socket.destroyed) throw mapped;
    throw new SyncError(
      'tls',
      `${host} does not begin TLS on this port. Use ldaps://, or set up TLS in the directory.`,
    );
  }
  // what ldapts still hears of the plain connection would be ciphertext
  for (const event of ['data', 'end', 'close', 'error', 'timeout']) socket.removeAllListeners(event);
}

/** What ldapts takes for a new connection. */
const opened = (socket: net.Socket) =>
  (() => Object.assign(socket, { connecting: false })) as unknown as typeof net.connect;

function encrypt(
  socket: net.Socket,
  { host }: OutboundTarget,
  serverName: string | undefined,
  files: TlsContents,
  signal?: AbortSignal,
): Promise<net.Socket> {
  const expected = serverName ?? host;
  return new Promise((resolve, reject) => {
    const secured = tls.connect({
      socket,
      ...(net.isIP(expected) === 0 ? { servername: expected } : {}),
      host: expected,
      minVersion: 'TLSv1.2',
      checkServerIdentity: (_name, certificate) => tls.checkServerIdentity(expected, certificate),
      ...files,
    });
    const timer = setTimeout(() => {
      fail(undefined);
    }, connectTimeout);
    const fail = (error: unknown) => {
      clearTimeout(timer);
      secured.destroy();
      reject(signal?.aborted ? (signal.reason as Error) : tlsError(host, error));
    };
    secured.once('error', fail);
    secured.once('close', fail);
    secured.once('secureConnect', () => {
      clearTimeout(timer);
      secured.removeAllListeners('error');
      secured.removeAllListeners('close');
      resolve(secured);
    });
  });
}
