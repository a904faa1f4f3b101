import net from 'node:net';
import type { ConnectConfig, SFTPWrapper } from 'ssh2';
import { SyncError } from '../../../domain/errors.ts';
import { findTarget } from '../../outbound/find-target.ts';
import type { Outbound } from '../../outbound/index.ts';
import type { SftpLocation } from '../location.ts';
import { sftpError } from './errors.ts';
import { algorithmsFor, fingerprintOf, isKnownKey, parseHostKey, type HostKey } from './host-key.ts';

const connectTimeout = 10_000;
const handshakeTimeout = 20_000;
/** A server that is silent for three of them is lost. */
const keepalive = 10_000;

export interface SftpSession {
  sftp: SFTPWrapper;
  /** The server, for people. */
  where: string;
  close(): void;
}

/**
 * Logs in to a server that shows the key of the settings. The address is the one that was checked.
 * @throws SyncError `host-key`, `credentials`, `outbound-refused` or `connection`
 */
export async function connectSftp(
  outbound: Outbound,
  { host, port, user, hostKey }: SftpLocation,
  secrets: Record<string, string>,
  signal?: AbortSignal,
): Promise<SftpSession> {
  const where = `${host}:${String(port)}`;
  const known = [hostKey]
    .flat()
    .map(parseHostKey)
    .filter((each) => typeof each !== 'string');
  const { host: name, lookup } = await findTarget(outbound.allow, host, port, { signal });
  // loaded where it is needed first: a worker without SFTP does without its memory
  const { Client } = await import('ssh2');
  const socket = await openSocket({ host: name, port, lookup }, where, signal);
  const client = new Client();
  const stop = () => {
    client.destroy();
    socket.destroy();
  };
  signal?.addEventListener('abort', stop, { once: true });
  let shown: Buffer | undefined;
  try {
    const sftp = await new Promise<SFTPWrapper>((resolve, reject) => {
      client.once('error', reject);
      client.once('close', () => {
        reject(new Error('closed'));
      });
      client.once('ready', () => {
        client.sftp((error, opened) => {
          if (error) reject(error);
          else resolve(opened);
        });
      });
      const { password } = secrets;
      // servers that ask by their own words ask for the password alone
      client.on('keyboard-interactive', (_name, _instructions, _language, prompts, answer) => {
        answer(prompts.length === 1 && password !== undefined ? [password] : []);
      });
      client.connect({
        sock: socket,
        username: user,
        ...login(secrets),
        ...algorithms(known),
        readyTimeout: handshakeTimeout,
        keepaliveInterval: keepalive,
        keepaliveCountMax: 3,
        hostVerifier: (key: Buffer) => {
          shown = key;
          return isKnownKey(known, key);
        },
      });
    });
    // what happens later is told by the requests that it breaks
    client.removeAllListeners('error').on('error', () => undefined);
    return {
      sftp,
      where,
      close() {
        signal?.removeEventListener('abort', stop);
        client.end();
        socket.destroy();
      },
    };
  } catch (error) {
    signal?.removeEventListener('abort', stop);
    stop();
    signal?.throwIfAborted();
    if (shown && !isKnownKey(known, shown)) throw otherKey(where, shown);
    if (error instanceof Error && /^Cannot parse privateKey/.test(error.message)) throw badKey();
    throw sftpError(error, where);
  }
}

function login({ password, privateKey, passphrase }: Record<string, string>): ConnectConfig {
  return {
    ...(password === undefined ? {} : { password, tryKeyboard: true }),
    ...(privateKey === undefined ? {} : { privateKey }),
    ...(passphrase === undefined ? {} : { passphrase }),
  };
}

function algorithms(known: readonly HostKey[]): ConnectConfig {
  const serverHostKey = algorithmsFor(known);
  return serverHostKey === undefined ? {} : { algorithms: { serverHostKey: serverHostKey as never } };
}

const otherKey = (where: string, shown: Buffer) =>
  new SyncError(
    'host-key',
    `${where} shows the key ${fingerprintOf(shown)}, which is not that of the settings. Nothing was sent to it. Ask who runs the server whether its key was replaced; only then correct location.sftp.hostKey.`,
  );

const badKey = () =>
  new SyncError(
    'credentials',
    'The secret privateKey is no private key that can be read, or passphrase is not that of the key. Correct the secret.',
  );

const openSocket = (
  target: { host: string; port: number; lookup: net.LookupFunction },
  where: string,
  signal: AbortSignal | undefined,
): Promise<net.Socket> =>
  new Promise((resolve, reject) => {
    const socket = net.connect({ ...target, ...(signal ? { signal } : {}) });
    const fail = (error?: unknown) => {
      socket.destroy();
      reject(signal?.aborted ? (signal.reason as Error) : (sftpError(error ?? new Error('no answer'), where) as Error));
    };
    socket.once('error', fail).setTimeout(connectTimeout, fail);
    socket.once('connect', () => {
      socket.removeListener('error', fail).setTimeout(0, fail);
      socket.setNoDelay(true);
      resolve(socket);
    });
  });
