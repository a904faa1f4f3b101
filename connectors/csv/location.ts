import { z } from 'zod';
import { plainCredentialsGap, type Outbound } from '../outbound/index.ts';
import { tlsFileFaults, tlsFilesShape } from '../outbound/tls-files.ts';
import { baseUrl } from '../web/settings.ts';
import { parseHostKey } from './sftp/host-key.ts';

const folder = z.string().refine((text) => !text.split('/').some((part) => part === '..' || part === '.'), {
  message: 'must not have . or .. between slashes',
});

const s3 = z
  .strictObject({
    bucket: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]$/, 'is not the name of a bucket')
      .describe('Name of the bucket'),
    prefix: folder.default('').describe('Where the keys of the files begin, like a folder: hr/exports'),
    region: z
      .string()
      .regex(/^[a-z0-9-]{1,64}$/, 'is not a region, like eu-central-1')
      .optional()
      .describe('Region of the bucket. Needed unless endpoint is given'),
    endpoint: baseUrl.optional().describe('URL of a service that speaks S3, if it is not that of Amazon'),
    tls: z.strictObject(tlsFilesShape).optional(),
  })
  .refine(({ region, endpoint }) => region !== undefined || endpoint !== undefined, {
    path: ['region'],
    message: 'is needed where there is no endpoint',
  });

const hostKey = z.string().superRefine((text, context) => {
  const parsed = parseHostKey(text);
  if (typeof parsed === 'string') context.addIssue({ code: 'custom', message: parsed });
});

const sftp = z.strictObject({
  host: z
    .string()
    .regex(/^[^\s/@:]+$|^\[?[0-9A-Fa-f:]+\]?$/, 'is the name or address of the server alone')
    .describe('Name or address of the server'),
  port: z.int().min(1).max(65_535).default(22),
  user: z.string().min(1).describe('Who logs in'),
  hostKey: z
    .union([hostKey, z.array(hostKey).min(1).max(10)])
    .describe(
      'Public key of the server, as ssh-keyscan writes it, or its fingerprint (SHA256:…). Several while it is replaced',
    ),
});

export type S3Location = z.infer<typeof s3>;
export type SftpLocation = z.infer<typeof sftp>;

/** Where files are, if not below the file roots. */
export const locationSchema = z
  .strictObject({ s3: s3.optional(), sftp: sftp.optional() })
  .refine((of) => (of.s3 === undefined) !== (of.sftp === undefined), 'is either s3 or sftp')
  .describe('Where the files are, if they are not below the file roots');

export interface Located {
  directory?: string | undefined;
  location?: z.infer<typeof locationSchema> | undefined;
}

/** What decides which files there are, without how they are reached. The folder alone for files below the roots. */
export function whereOf({ directory, location }: Located): string | Record<string, unknown> {
  if (location?.s3) {
    const { bucket, prefix, endpoint, region } = location.s3;
    return { s3: { bucket, prefix: prefixOf(prefix), ...(endpoint === undefined ? { region } : { endpoint }) } };
  }
  if (location?.sftp) {
    const { host, port, user } = location.sftp;
    return { directory, sftp: { host, port, user } };
  }
  return directory ?? '';
}

/** Like a folder: without a slash at its beginning, and with one at its end unless it is empty. */
export const prefixOf = (text: string): string => {
  const bare = text.replace(/^\/+|\/+$/g, '');
  return bare === '' ? '' : `${bare}/`;
};

/** What is wrong with a location whose settings fit the schema: secrets, certificates, a way that is not encrypted. */
export function locationFaults(
  { location }: Located,
  secrets: readonly string[],
  here: Outbound | undefined,
): { path: PropertyKey[]; detail: string }[] {
  const faults: { path: PropertyKey[]; detail: string }[] = [];
  const path = ['settings', 'location'];
  if (location?.sftp && !secrets.includes('password') && !secrets.includes('privateKey'))
    faults.push({ path: ['secrets'], detail: 'sftp needs the secret password, or privateKey.' });
  if (!location?.s3) return faults;
  for (const name of ['accessKeyId', 'secretAccessKey'])
    if (!secrets.includes(name)) faults.push({ path: ['secrets'], detail: `s3 needs the secret ${name}.` });
  if (!here) return faults;
  const { tls, endpoint } = location.s3;
  faults.push(...tlsFileFaults(tls, here.secretFolders, [...path, 's3', 'tls']));
  const gap = endpoint === undefined ? undefined : plainCredentialsGap(endpoint, here.allow);
  if (gap !== undefined) faults.push({ path: [...path, 's3', 'endpoint'], detail: gap });
  return faults;
}
