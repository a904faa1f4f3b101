import { isIP } from 'node:net';
import type { NextFunction, Request, Response } from 'express';
import type { Config } from '../config.ts';
import { Problem } from './problems.ts';

const loopback = ['localhost', '127.0.0.1', '::1'];

export const isLoopback = (host: string) => loopback.includes(host);

/**
 * A page of another site in somebody's browser must not reach the API, whether it listens to this machine or to a network:
 * neither by a name of its own that leads here (Host), nor from its own origin. A page cannot choose the Host header, and an
 * address as a name cannot be made to lead elsewhere.
 */
export function sameOrigin(api: Config['api']) {
  const names = allowedNames(api);
  return (request: Request, _response: Response, next: NextFunction): void => {
    // of a trusted proxy, both names count: the one that it was asked by, and the one that it asks by
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
  // where it listens on every address, no request is meant for this one
  for (const every of ['0.0.0.0', '[::]']) names.delete(every);
  if (publicUrl !== undefined) names.add(new URL(publicUrl).host);
  return names;
}

/** @param listening the address at which the connection came in */
function isAllowed(host: string, names: ReadonlySet<string>, listening: string | undefined): boolean {
  const [, name, port] = /^([a-z0-9._-]+|\[[0-9a-f:.]+\])(:\d{1,5})?$/.exec(host) ?? [];
  if (name === undefined) return false;
  return names.has(name) || (port !== undefined && names.has(host)) || name === addressAsName(listening);
}

/** As it stands in a Host header; an IPv4 address that came in by IPv6 is itself. */
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

/** Whether a trusted proxy tells by which scheme it was asked; without one, this end cannot know. */
function namesScheme(request: Request): boolean {
  const isTrusted = request.app.get('trust proxy fn') as (address: string | undefined, hop: number) => boolean;
  return request.headers['x-forwarded-proto'] !== undefined && isTrusted(request.socket.remoteAddress, 0);
}

/** What a browser says of a request without an origin; a link that is followed is none of another page's. */
function comesFromElsewhere(request: Request): boolean {
  const { 'sec-fetch-site': site, 'sec-fetch-mode': mode, 'sec-fetch-dest': destination } = request.headers;
  const followed = request.method === 'GET' && mode === 'navigate' && destination === 'document';
  return (site === 'cross-site' || site === 'same-site') && !followed;
}
