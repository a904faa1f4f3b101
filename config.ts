import { isIP } from 'node:net';
import { delimiter, resolve } from 'node:path';
import { config as readDotEnv } from 'dotenv';
import { z } from 'zod';
import { parseOutboundAllow, type OutboundAllow } from './connectors/outbound/allow.ts';
import { installationFault } from './domain/installation.ts';
import type { Retention } from './domain/retention.ts';
import { secretFoldersVariable, secretPrefix } from './domain/secret-reference.ts';

/**
 * The environment, read in this one file and passed on as values.
 * Every variable is documented in docs/reference/configuration.md.
 */

const port = (fallback: number) =>
  z
    .string()
    .regex(/^\d{1,5}$/, 'must be a port number from 0 to 65535')
    .transform(Number)
    .refine((n) => n <= 65535, 'must be a port number from 0 to 65535')
    .default(fallback);
const flag = (fallback: boolean) =>
  z
    .enum(['true', 'false'], 'must be true or false')
    .transform((v) => v === 'true')
    .default(fallback);
/** Folders of examples to load: those that are named; `true` is the first of them, `false` is none. */
const exampleNames = z
  .string()
  .regex(/^[a-z][a-z-]*(,[a-z][a-z-]*)*$/, 'must be true, false, or folders of examples like community,spreadsheet')
  .transform((text) => (text === 'false' ? [] : text === 'true' ? ['community'] : text.split(',')))
  .default(['community']);
const seconds = (fallback: number) =>
  z
    .string()
    .regex(/^\d{1,6}$/, 'must be a whole number of seconds')
    .transform(Number)
    .refine((n) => n >= 1, 'must be at least 1')
    .default(fallback);
const number = (fallback: number) =>
  z
    .string()
    .regex(/^\d{1,6}$/, 'must be a whole number')
    .transform(Number)
    .default(fallback);
/** Parts that are there to be tried, and not complete yet. */
const previews = ['directory', 'provisioning'] as const;
const text = z.string().min(1, 'must not be empty');
/** `export=8,dmz=2`: steps at once of each task queue; Syncline's own queues keep their default if they are not named. */
const slots = (fallback: Record<string, number>) =>
  z
    .string()
    .regex(
      /^[A-Za-z0-9._-]{1,200}=\d{1,3}(,[A-Za-z0-9._-]{1,200}=\d{1,3})*$/,
      'must be task queues with their slots, for example sync=20,export=8, each from 0 to 999',
    )
    .transform((list) => list.split(',').map((each) => each.split('=') as [string, string]))
    .refine((pairs) => new Set(pairs.map(([queue]) => queue)).size === pairs.length, 'names a task queue twice')
    .transform((pairs) => ({ ...fallback, ...Object.fromEntries(pairs.map(([queue, n]) => [queue, Number(n)])) }))
    .refine((all) => Object.values(all).some((n) => n > 0), 'gives no queue a slot: at least one queue needs one')
    .default(fallback);

/** A list separated by commas, each of its entries checked. */
const list = (fits: (entry: string) => boolean, message: string) =>
  z
    .string()
    .transform((entries) => entries.split(',').map((entry) => entry.trim().toLowerCase()))
    .refine((entries) => entries.every(fits), message)
    .default([]);
/** `syncline.example`, `10.0.0.7:8080`, `[::1]`. */
const isHost = (text: string) => /^([a-z0-9_]([a-z0-9._-]*[a-z0-9_])?|\[[0-9a-f:.]+\])(:\d{1,5})?$/.test(text);
/** An address, a network such as `10.0.0.0/8`, or a name that stands for some. */
function isNetwork(text: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true;
  const [address = '', bits] = text.split('/');
  const longest = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return (
    longest > 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= longest))
  );
}
/** The origin alone: links lead to the top of the host. */
function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, pathname, search, hash, username } = new URL(text);
  return /^https?:$/.test(protocol) && pathname === '/' && `${search}${hash}${username}` === '';
}
/** Where connectors may reach. */
const outboundAllow = z
  .string()
  .transform((text, context): OutboundAllow => {
    const parsed = parseOutboundAllow(text);
    if (typeof parsed !== 'string') return parsed;
    context.addIssue({ code: 'custom', message: parsed });
    return z.NEVER;
  })
  .default([]);
/** An HTTP proxy: its name and password are in its URL, so the message does not repeat it. */
function isProxy(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, pathname, search, hash } = new URL(text);
  return /^https?:$/.test(protocol) && pathname === '/' && `${search}${hash}` === '';
}
/** A page that people open. Whoever asks the API sees it, so it has no password. */
function isPage(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, search, hash, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && `${search}${hash}${username}${password}` === '';
}
const installation = z
  .string()
  .superRefine((name, context) => {
    const fault = installationFault(name);
    if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
  })
  .default('');

const variables = z.strictObject({
  SYNCLINE_INSTALLATION: installation,
  SYNCLINE_DATA_DIR: text.default('.syncline'),
  SYNCLINE_API_PORT: port(8080),
  SYNCLINE_API_HOST: text.default('127.0.0.1'),
  SYNCLINE_TRUST_NETWORK: flag(false),
  SYNCLINE_ALLOWED_HOSTS: list(
    isHost,
    'must be host names or addresses separated by commas, for example syncline.example,10.0.0.7:8080',
  ),
  SYNCLINE_PUBLIC_URL: text
    .refine(isOrigin, 'must be an http or https URL without a path, for example https://syncline.example')
    .transform((url) => new URL(url).origin)
    .optional(),
  SYNCLINE_TRUSTED_PROXIES: list(
    isNetwork,
    'must be addresses or networks separated by commas, for example 10.0.0.2,192.168.0.0/16',
  ),
  SYNCLINE_DATABASE_URL: text
    .regex(/^postgres(ql)?:\/\//, 'must be a URL that begins with postgres:// or postgresql://')
    .optional(),
  SYNCLINE_TEMPORAL_ADDRESS: text.regex(/^[^/\s]+:\d+$/, 'must be host:port, for example 127.0.0.1:7233').optional(),
  SYNCLINE_TEMPORAL_NAMESPACE: text.default('default'),
  SYNCLINE_TEMPORAL_UI_URL: text
    .refine(isPage, 'must be the http or https URL of the Temporal Web UI, for example https://temporal.example')
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  SYNCLINE_TEMPORAL_API_KEY: text.optional(),
  SYNCLINE_TEMPORAL_TLS_CA: text.optional(),
  SYNCLINE_TEMPORAL_TLS_CERT: text.optional(),
  SYNCLINE_TEMPORAL_TLS_KEY: text.optional(),
  SYNCLINE_TEMPORAL_TLS_SERVER_NAME: text.optional(),
  SYNCLINE_TEMPORAL_CLI: text.optional(),
  SYNCLINE_TEMPORAL_PORT: port(7233),
  SYNCLINE_TEMPORAL_UI_PORT: port(8233),
  SYNCLINE_POSTGRES_PORT: port(0),
  SYNCLINE_FILE_ROOTS: text.optional(),
  SYNCLINE_SECRET_DIRS: text.optional(),
  SYNCLINE_OUTBOUND_ALLOW: outboundAllow,
  SYNCLINE_OUTBOUND_PROXY: text
    .refine(isProxy, 'must be the http or https URL of a proxy, for example http://proxy.example:3128')
    .optional(),
  SYNCLINE_EXPORT_STORE: text.regex(/^(file:.+|s3:\/\/.+)$/, 'must be file:<folder> or s3://bucket/prefix').optional(),
  SYNCLINE_EXAMPLES: exampleNames,
  SYNCLINE_CONSOLE_DIR: text.default('dist/web'),
  SYNCLINE_PREVIEW: z
    .string()
    .transform((list) => list.split(',').filter((each) => each !== ''))
    .pipe(z.array(z.enum(previews, `must be of ${previews.join(', ')}, separated by commas`)))
    .default([]),
  SYNCLINE_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']).default('info'),
  SYNCLINE_LOG_FORMAT: z.enum(['pretty', 'json']).optional(),
  SYNCLINE_WORKER_SLOTS: slots({ sync: 20, export: 4, prepare: 4, apply: 4 }),
  SYNCLINE_RECONCILE_SECONDS: seconds(60),
  SYNCLINE_CLEAN_UP_SECONDS: seconds(86_400),
  SYNCLINE_KEEP_CHANGES_DAYS: number(90),
  SYNCLINE_KEEP_CHANGES_SYNCS: number(50),
  SYNCLINE_KEEP_EXPORTS_DAYS: number(2),
  SYNCLINE_KEEP_EXPORTS_SYNCS: number(3),
  SYNCLINE_JOB_CONCURRENCY: z
    .string()
    .regex(/^([1-9]\d{0,2}|1000)$/, 'must be a whole number from 1 to 1000')
    .transform(Number)
    .default(4),
  // used by the command line: the same .env may have it
  SYNCLINE_URL: z.url('must be a URL, for example http://127.0.0.1:8080').optional(),
});

export interface Config {
  /** Its name among the installations of a Temporal namespace; empty if it is the only one. */
  installation: string;
  /** Absolute path of the folder that holds everything the local stack keeps. */
  dataDir: string;
  api: {
    host: string;
    port: number;
    trustNetwork: boolean;
    /** Names under which the API answers besides the address it listens on; with a port only at that port. */
    allowedHosts: string[];
    /** Where people reach the API, without a slash at the end. */
    publicUrl: string | undefined;
    /** Addresses and networks whose `X-Forwarded-*` headers count. */
    trustedProxies: string[];
    /** Absolute folder of the built console. */
    consoleDir: string;
  };
  /** A Postgres to use instead of the embedded one; `''` means libpq's PG* variables. */
  databaseUrl: string | undefined;
  temporal: {
    /** host:port of a Temporal to use instead of the embedded one. */
    address: string | undefined;
    namespace: string;
    /** Where people reach its Web UI, without a slash at the end. */
    uiUrl: string | undefined;
    apiKey: string | undefined;
    /** Paths of PEM files. */
    tls:
      | { ca: string | undefined; cert: string | undefined; key: string | undefined; serverName: string | undefined }
      | undefined;
  };
  local: {
    temporalCli: string | undefined;
    temporalPort: number;
    temporalUiPort: number;
    postgresPort: number;
    /** Folders below `examples`. */
    examples: string[];
  };
  /** Absolute folders that file packages may read, in order of preference. */
  fileRoots: string[];
  /** Absolute folders whose files connectors may name as secrets. */
  secretFolders: string[];
  /** Which machines connectors may reach, besides those that they always may; and by which proxy. */
  outbound: { allow: OutboundAllow; proxy: string | undefined };
  exportStore: { kind: 'file'; folder: string } | { kind: 's3'; url: string };
  /** Parts that are turned on although they are not complete yet. */
  preview: (typeof previews)[number][];
  log: { level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'; format: 'pretty' | 'json' };
  /** How many steps of each task queue a worker runs at once; 0: it does not serve the queue. */
  workerSlots: Record<string, number>;
  /** Seconds between two runs of the reconcile workflow's check. */
  reconcileSeconds: number;
  /** Seconds between two runs of the clean-up. */
  cleanUpSeconds: number;
  retention: Retention;
  /** Connectors that an execution of a job synchronises at once. */
  jobConcurrency: number;
}

/** Secrets of connectors: they are named by connector files, and read where they are used. */
const isSecret = (name: string) => name.startsWith(secretPrefix) && name !== secretFoldersVariable;

/** A variable of the environment that cannot be used; the message names it and says what to do. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/**
 * Validates the environment.
 * @param env the process environment (`.env` already merged in by `loadConfig`)
 * @param root the folder that relative paths are relative to
 * @throws ConfigError naming every unknown or malformed `SYNCLINE_*` variable
 */
export function parseConfig(env: NodeJS.ProcessEnv, root: string, terminal = false): Config {
  const ours = Object.fromEntries(
    Object.entries(env).filter(
      ([name, value]) => name.startsWith('SYNCLINE_') && !isSecret(name) && value !== undefined && value !== '',
    ),
  );
  const parsed = variables.safeParse(ours);
  if (!parsed.success) {
    const lines = parsed.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => `${key} is not a variable of Syncline: check its spelling, or unset it`)
        : [`${issue.path.join('.')}: ${issue.message}`],
    );
    throw new ConfigError(
      `The environment cannot be used.\n  ${lines.join('\n  ')}\nSee docs/reference/configuration.md`,
    );
  }
  const v = parsed.data;
  const absolute = (path: string) => resolve(root, path);
  const dataDir = absolute(v.SYNCLINE_DATA_DIR);
  const folders = (list: string | undefined) => list?.split(delimiter).filter((folder) => folder !== '');
  const roots = folders(v.SYNCLINE_FILE_ROOTS);
  const secrets = folders(v.SYNCLINE_SECRET_DIRS);
  const store = v.SYNCLINE_EXPORT_STORE ?? `file:${resolve(dataDir, 'exports')}`;
  const hasTls = [v.SYNCLINE_TEMPORAL_TLS_CA, v.SYNCLINE_TEMPORAL_TLS_CERT, v.SYNCLINE_TEMPORAL_TLS_KEY].some(Boolean);
  return {
    installation: v.SYNCLINE_INSTALLATION,
    dataDir,
    api: {
      host: v.SYNCLINE_API_HOST,
      port: v.SYNCLINE_API_PORT,
      trustNetwork: v.SYNCLINE_TRUST_NETWORK,
      allowedHosts: v.SYNCLINE_ALLOWED_HOSTS,
      publicUrl: v.SYNCLINE_PUBLIC_URL,
      trustedProxies: v.SYNCLINE_TRUSTED_PROXIES,
      consoleDir: absolute(v.SYNCLINE_CONSOLE_DIR),
    },
    databaseUrl: v.SYNCLINE_DATABASE_URL ?? (env['PGHOST'] || env['PGDATABASE'] ? '' : undefined),
    temporal: {
      address: v.SYNCLINE_TEMPORAL_ADDRESS,
      namespace: v.SYNCLINE_TEMPORAL_NAMESPACE,
      uiUrl: v.SYNCLINE_TEMPORAL_UI_URL,
      apiKey: v.SYNCLINE_TEMPORAL_API_KEY,
      tls: hasTls
        ? {
            ca: v.SYNCLINE_TEMPORAL_TLS_CA,
            cert: v.SYNCLINE_TEMPORAL_TLS_CERT,
            key: v.SYNCLINE_TEMPORAL_TLS_KEY,
            serverName: v.SYNCLINE_TEMPORAL_TLS_SERVER_NAME,
          }
        : undefined,
    },
    local: {
      temporalCli: v.SYNCLINE_TEMPORAL_CLI,
      temporalPort: v.SYNCLINE_TEMPORAL_PORT,
      temporalUiPort: v.SYNCLINE_TEMPORAL_UI_PORT,
      postgresPort: v.SYNCLINE_POSTGRES_PORT,
      examples: v.SYNCLINE_EXAMPLES,
    },
    fileRoots: roots?.map(absolute) ?? [resolve(dataDir, 'files'), resolve(root, 'examples')],
    secretFolders: secrets?.map(absolute) ?? ['/run/secrets', resolve(dataDir, 'secrets')],
    outbound: { allow: v.SYNCLINE_OUTBOUND_ALLOW, proxy: v.SYNCLINE_OUTBOUND_PROXY },
    exportStore: store.startsWith('s3://')
      ? { kind: 's3', url: store }
      : { kind: 'file', folder: absolute(store.slice('file:'.length)) },
    preview: v.SYNCLINE_PREVIEW,
    log: { level: v.SYNCLINE_LOG_LEVEL, format: v.SYNCLINE_LOG_FORMAT ?? (terminal ? 'pretty' : 'json') },
    workerSlots: v.SYNCLINE_WORKER_SLOTS,
    reconcileSeconds: v.SYNCLINE_RECONCILE_SECONDS,
    cleanUpSeconds: v.SYNCLINE_CLEAN_UP_SECONDS,
    retention: {
      changes: { days: v.SYNCLINE_KEEP_CHANGES_DAYS, syncs: v.SYNCLINE_KEEP_CHANGES_SYNCS },
      exports: { days: v.SYNCLINE_KEEP_EXPORTS_DAYS, syncs: v.SYNCLINE_KEEP_EXPORTS_SYNCS },
    },
    jobConcurrency: v.SYNCLINE_JOB_CONCURRENCY,
  };
}

/** Reads `.env` (existing variables win) and the process environment. */
export function loadConfig(root: string = import.meta.dirname): Config {
  readDotEnv({ path: resolve(root, '.env'), quiet: true });
  return parseConfig(process.env, root, process.stdout.isTTY);
}
