import { z } from 'zod';
import type { Outbound } from '../outbound/index.ts';
import { plainCredentialsGap } from '../outbound/index.ts';
import { tlsFileFaults, tlsFilesShape, type TlsFiles } from '../outbound/tls-files.ts';

/** A URL without what belongs to a single request, and without a name and password. */
export const baseUrl = z
  .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
  .refine((text) => {
    const { username, password, search, hash } = URL.canParse(text) ? new URL(text) : new URL('http://none');
    return `${username}${password}${search}${hash}` === '';
  }, 'must have no name, password, query or fragment: secrets belong into secrets')
  // paths are appended to it
  .transform((text) => text.replace(/\/+$/, ''));

/** Settings of how a request is authorized; packages take those that they need. */
export const authShape = {
  user: z.string().min(1).optional().describe('auth: basic: the name of the user'),
  tokenUrl: baseUrlOf('auth: oauth2: where tokens are issued'),
  clientId: z.string().min(1).optional().describe('auth: oauth2: the id of the client'),
  scope: z.string().min(1).optional().describe('auth: oauth2: the scopes to ask for, separated by spaces'),
  audience: z.string().min(1).optional().describe('auth: oauth2: who the token is for, if the issuer needs to know'),
};

function baseUrlOf(description: string) {
  return z
    .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
    .refine((text) => !URL.canParse(text) || `${new URL(text).username}${new URL(text).password}` === '', {
      message: 'must have no name and password',
    })
    .optional()
    .describe(description);
}

export const tlsShape = { tls: z.strictObject(tlsFilesShape).optional() };

export type AuthKind = 'none' | 'basic' | 'bearer' | 'apiKey' | 'oauth2';

export interface WebSettings {
  baseUrl: string;
  auth: AuthKind;
  user?: string | undefined;
  tokenUrl?: string | undefined;
  clientId?: string | undefined;
  scope?: string | undefined;
  audience?: string | undefined;
  /** auth: apiKey: the header that the key goes into. */
  header?: string | undefined;
  tls?: TlsFiles | undefined;
}

/** The settings and the secret that each kind needs. */
const needed: Record<AuthKind, { settings: readonly (keyof WebSettings)[]; secret?: string }> = {
  none: { settings: [] },
  basic: { settings: ['user'], secret: 'password' },
  bearer: { settings: [], secret: 'token' },
  apiKey: { settings: ['header'], secret: 'apiKey' },
  oauth2: { settings: ['tokenUrl', 'clientId'], secret: 'clientSecret' },
};

/** For `superRefine` of a settings schema: what the kind of auth lacks. */
export function checkAuth(settings: WebSettings, context: z.RefinementCtx): void {
  for (const name of needed[settings.auth].settings)
    if (settings[name] === undefined)
      context.addIssue({ code: 'custom', path: [name], message: `auth: ${settings.auth} needs ${name}` });
}

/** What is wrong with a connection whose settings fit the schema. */
export function webFaults(
  settings: WebSettings,
  secrets: readonly string[],
  here: Outbound | undefined,
): { path: PropertyKey[]; detail: string }[] {
  const { secret } = needed[settings.auth];
  const faults: { path: PropertyKey[]; detail: string }[] = [];
  if (secret !== undefined && !secrets.includes(secret))
    faults.push({ path: ['secrets'], detail: `auth: ${settings.auth} needs the secret ${secret}.` });
  if (!here) return faults;
  faults.push(...tlsFileFaults(settings.tls, here.secretFolders, ['settings', 'tls']));
  for (const name of secret === undefined ? [] : (['baseUrl', 'tokenUrl'] as const)) {
    const url = settings[name];
    const gap = url === undefined ? undefined : plainCredentialsGap(url, here.allow);
    if (gap !== undefined) faults.push({ path: ['settings', name], detail: gap });
  }
  return faults;
}

/** The part of the scope that all packages have here: which server is asked, and as whom. */
export const webScope = ({ baseUrl: url, auth, user, clientId }: WebSettings): Record<string, unknown> => ({
  baseUrl: url,
  auth,
  ...(user === undefined ? {} : { user }),
  ...(clientId === undefined ? {} : { clientId }),
});
