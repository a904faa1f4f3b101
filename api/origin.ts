import { isIP } from 'node:net';
import type { NextFunction, Request, Response } from 'express';
import type { Config } from '../config.ts';
import { Problem } from './problems.ts';

const loopback = ['localhost', '127.0.0.1', '::1'];

export const isLoopback = (host: string) => loopback.includes(host);

/**
 * A page of another site in somebody's browser must not reach the API, on this machine or on a network: neither by a host name
 * that points to the API (Host), nor from its own origin (Origin). A page cannot choose the Host header, and nobody can make an
 * IP address point elsewhere.
 */
export function sameOrigin(api: Config['api']) {
  const names = allowedNames(api);
  return (request: Request, _response: Response, next: NextFunction): void => {
    // from a trusted proxy, both names are checked: the host that the proxy was asked for, and the host that it asks for
    const asked = (request.host as string | undefined)?.toLowerCase() ?? '';
    for (const host of [asked, (request.headers.host ?? '').toLowerCase()])
      if (!isAllowed(host, names, request.socket.localAddress)) throw otherHost(host);
    const { origin } = request.headers;
    if (origin !== undefined ? !isOurs(origin.toLowerCase(), asked, request, api) : comesFromElsewhere(request))
      throw new Problem('forbidden', 'The API refuses requests from pages of other sites.');
    next();
  };
}

function allowedNames({ host, allowedHosts, publicUrl }: Config['api']): Set<string> {
  const listening = isIP(host) === 6 ? `[${host}]` : host.toLowerCase();
  const names = new Set(['localhost', '127.0.0.1', '[::1]', listening, ...allowedHosts]);
  // if the API listens on every address, this address is not a name of it
  for (const every of ['0.0.0.0', '[::]']) names.delete(every);
  if (publicUrl !== undefined) names.add(new URL(publicUrl).host);
  return names;
}

/** @param listening the address on which the API got the connection */
function isAllowed(host: string, names: ReadonlySet<string>, listening: string | undefined): boolean {
  const [, name, port] = /^([a-z0-9._-]+|\[[0-9a-f:.]+\])(:\d{1,5})?$/.exec(host) ?? [];
  if (name === undefined) return false;
  return names.has(name) || (port !== undefined && names.has(host)) || name === addressAsName(listening);
}

/** The address in the form of a Host header; an IPv4 address inside IPv6 is written as IPv4. */
function addressAsName(address: string | undefined): string | undefined {
  const plain = address?.replace(/^::ffff:(?=\d+\.)/, '');
  return plain !== undefined && isIP(plain) === 6 ? `[${plain}]` : plain;
}

const otherHost = (host: string) =>
  new Problem(
    'forbidden',
    host === ''
      ? 'The request names no host.'
      : `The API does not answer as ${host.slice(0, 255)}. If it is a name of the API, add it to SYNCLINE_ALLOWED_HOSTS or SYNCLINE_PUBLIC_URL.`,
  );

function isOurs(origin: string, asked: string, request: Request, { publicUrl }: Config['api']): boolean {
  if (origin === publicUrl) return true;
  // the public address is reached by its own scheme only
  if (!URL.canParse(origin) || (publicUrl !== undefined && new URL(publicUrl).host === asked)) return false;
  const { host, protocol } = new URL(origin);
  return host === asked && (!namesScheme(request) || protocol === `${request.protocol}:`);
}

/** Whether a trusted proxy reports the scheme of the request; without a proxy the API cannot know the scheme. */
function namesScheme(request: Request): boolean {
  const isTrusted = request.app.get('trust proxy fn') as (address: string | undefined, hop: number) => boolean;
  return request.headers['x-forwarded-proto'] !== undefined && isTrusted(request.socket.remoteAddress, 0);
}

/** Whether a browser marks a request without an origin as another site's. Following a link is allowed. */
function comesFromElsewhere(request: Request): boolean {
  const { 'sec-fetch-site': site, 'sec-fetch-mode': mode, 'sec-fetch-dest': destination } = request.headers;
  const followed = request.method === 'GET' && mode === 'navigate' && destination === 'document';
  return (site === 'cross-site' || site === 'same-site') && !followed;
}
