import type { NextFunction, Request, Response } from 'express';
import type { Config } from '../config.ts';
import { Problem } from './problems.ts';

const loopback = ['localhost', '127.0.0.1', '[::1]'];

export const isLoopback = (host: string) => loopback.includes(host) || host === '::1';

/**
 * Until there are logins, a page of another site in this machine's browser must not reach the API: neither by a name of
 * its own that leads here (Host), nor from its own origin.
 */
export function sameOrigin({ host, trustNetwork }: Config['api']) {
  return (request: Request, _response: Response, next: NextFunction): void => {
    const asked = (request.headers.host ?? '').toLowerCase();
    const name = asked.replace(/:\d+$/, '');
    if (!trustNetwork && !isLoopback(name) && name !== host.toLowerCase())
      throw new Problem(
        'forbidden',
        'The API answers to localhost and 127.0.0.1 only. Set SYNCLINE_TRUST_NETWORK=true to serve a network.',
      );
    const origin = request.headers.origin;
    if (origin !== undefined && hostOf(origin) !== asked)
      throw new Problem('forbidden', 'The API takes no requests from pages of other sites.');
    next();
  };
}

function hostOf(origin: string): string | undefined {
  try {
    return new URL(origin).host.toLowerCase();
  } catch {
    return undefined;
  }
}
