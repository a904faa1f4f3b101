import { SyncError } from '../../domain/errors.ts';
import type { WebSettings } from './settings.ts';

/** Authorizes the requests to the origin of `baseUrl`. */
export interface Authorizer {
  /** The headers of a request. They hold secrets. */
  headers(signal?: AbortSignal): Promise<Record<string, string>>;
  /** The source has refused the headers. @returns whether others are worth a try */
  renew(): boolean;
}

/** @param oauth for `auth: oauth2` */
export function authorizerOf(
  settings: WebSettings,
  secrets: Record<string, string>,
  oauth: () => Authorizer,
): Authorizer {
  switch (settings.auth) {
    case 'none':
      return fixed({});
    case 'basic':
      return fixed({ authorization: basic(settings.user ?? '', secretOf(secrets, 'password')) });
    case 'bearer':
      return fixed({ authorization: `Bearer ${secretOf(secrets, 'token')}` });
    case 'apiKey':
      return fixed({ [settings.header ?? 'x-api-key']: secretOf(secrets, 'apiKey') });
    case 'oauth2':
      return oauth();
  }
}

export const fixed = (headers: Record<string, string>): Authorizer => ({
  headers: () => Promise.resolve(headers),
  renew: () => false,
});

export const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/** @throws SyncError `credentials` if the secret is missing, or no header can hold it */
export function secretOf(secrets: Record<string, string>, name: string): string {
  const secret = secrets[name];
  if (secret === undefined) throw new SyncError('credentials', `The connection has no secret ${name}.`);
  if (/[\0\r\n]/.test(secret))
    throw new SyncError(
      'credentials',
      `The secret ${name} has a line break, so it cannot be sent. Write it as one line.`,
    );
  return secret;
}
