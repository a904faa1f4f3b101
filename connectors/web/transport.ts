import { Agent, buildConnector, ProxyAgent, type Dispatcher } from 'undici';
import { checkLiteral, findTarget } from '../outbound/find-target.ts';
import type { Outbound } from '../outbound/index.ts';
import type { TlsContents } from '../outbound/tls-files.ts';

/** How long each part of a request may take, in milliseconds, and how large an answer may be. */
export interface WebLimits {
  connect: number;
  /** Until the headers of the answer are there. */
  headers: number;
  /** Silence in the body. */
  silence: number;
  /** The whole answer. */
  total: number;
  /** Bytes of the answer, unpacked. */
  bytes: number;
}

export const pageLimits: WebLimits = {
  connect: 10_000,
  headers: 30_000,
  silence: 30_000,
  total: 300_000,
  bytes: 64 << 20,
};

export interface Transport {
  dispatcher: Dispatcher;
  /** Judges a host before a proxy gets it. Without a proxy each connection is judged when it is made. */
  check(url: URL): void;
}

export const portOf = ({ protocol, port }: URL): number => Number(port || (protocol === 'https:' ? 443 : 80));

/** One page is read after the other: more connections would not be used. */
const pagesAtOnce = 2;

/** Connections that lead to checked addresses only, directly or by the proxy. */
export function openTransport(
  { allow, proxy }: Outbound,
  tls: TlsContents,
  limits: WebLimits,
  connections = pagesAtOnce,
): Transport {
  const timeouts = {
    headersTimeout: limits.headers,
    bodyTimeout: limits.silence,
    // a server that closes idle connections early must not break the next request
    keepAliveTimeout: 2_000,
    connections,
  };
  const secure = { ...tls, rejectUnauthorized: true, timeout: limits.connect };
  if (proxy !== undefined)
    return {
      dispatcher: new ProxyAgent({ uri: proxy, proxyTunnel: false, requestTls: secure, ...timeouts }),
      check: (url) => {
        checkLiteral(allow, url.hostname, portOf(url));
      },
    };
  const connect: buildConnector.connector = (options, done) => {
    const port = portOf(new URL(`${options.protocol}//${options.host ?? options.hostname}`));
    findTarget(allow, options.hostname, port).then(
      ({ lookup }) => {
        buildConnector({ ...secure, lookup, autoSelectFamily: true })(options, done);
      },
      (error: unknown) => {
        done(error as Error, null);
      },
    );
  };
  return { dispatcher: new Agent({ connect, ...timeouts }), check: () => undefined };
}
