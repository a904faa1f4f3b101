import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { Failure } from './failure.ts';

/** One Syncline that the command line knows by name. */
export interface Installation {
  url: string;
  headers: Record<string, string>;
  timeout?: string;
}

export interface Settings {
  /** The file of the settings; it need not exist. */
  path: string;
  default?: string;
  installations: Record<string, Installation>;
  /** Warnings about the file, for example that other users can read a secret in it. */
  warnings: string[];
}

/** The file that is read if `--config` names none. */
export const settingsPath = (env: NodeJS.ProcessEnv) =>
  join(env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'syncline', 'config.yaml');

/**
 * Reads the settings of the command line: `default`, and `installations` by name with `url`, `headers` and `timeout`.
 * @param required whether a missing file is an error: it is one if a person named the file
 * @throws Failure that names the file and what is wrong in it
 */
export async function readSettings(path: string, required: boolean): Promise<Settings> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (!required && (error as NodeJS.ErrnoException).code === 'ENOENT')
      return { path, installations: {}, warnings: [] };
    throw new Failure('settings', `The settings file ${path} cannot be read.`, [], 2);
  }
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 0 });
  } catch (error) {
    throw wrong(path, error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'It is not YAML.');
  }
  const settings: Settings = { path, installations: Object.create(null) as Record<string, Installation>, warnings: [] };
  if (value === null) return settings;
  if (!isObject(value)) throw wrong(path, 'It must have `default` and `installations`.');
  for (const [name, each] of Object.entries(value)) {
    if (name === 'default' && typeof each === 'string') settings.default = each;
    else if (name === 'installations' && isObject(each))
      for (const [known, of] of Object.entries(each)) settings.installations[known] = readInstallation(path, known, of);
    else throw wrong(path, `\`${name}\` is not a known field, or has a value of the wrong kind.`);
  }
  if (settings.default !== undefined && !settings.installations[settings.default])
    throw wrong(path, `\`default\` names ${settings.default}, which is not among \`installations\`.`);
  const secrets = Object.values(settings.installations).some(({ headers }) => Object.values(headers).some(isLiteral));
  if (secrets && ((await stat(path)).mode & 0o077) !== 0)
    settings.warnings.push(
      `Other users can read the headers in ${path}: chmod 600 it, or write env:NAME or file:PATH.`,
    );
  return settings;
}

function readInstallation(path: string, name: string, value: unknown): Installation {
  const at = `installations.${name}`;
  if (!isObject(value)) throw wrong(path, `\`${at}\` must have a \`url\`.`);
  const { url, headers = {}, timeout, ...unknown } = value;
  const [surplus] = Object.keys(unknown);
  if (surplus !== undefined)
    throw wrong(path, `\`${at}.${surplus}\` is not a known field. The fields are url, headers, timeout.`);
  if (typeof url !== 'string')
    throw wrong(path, `\`${at}.url\` must be an address, for example http://127.0.0.1:8080.`);
  if (!isObject(headers) || !Object.values(headers).every((each) => typeof each === 'string'))
    throw wrong(path, `\`${at}.headers\` must have a text for each header.`);
  if (timeout !== undefined && typeof timeout !== 'string')
    throw wrong(path, `\`${at}.timeout\` must be a duration, for example 30s.`);
  return { url, headers: headers as Record<string, string>, ...(timeout === undefined ? {} : { timeout }) };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isLiteral = (header: string) => !/^(env|file):/.test(header);

const wrong = (path: string, detail: string) => new Failure('settings', `${path}: ${detail}`, [], 2);

/**
 * The value of a header as it is sent: `env:NAME` and `file:PATH` say where it is, anything else is the value.
 * @throws Failure that names the header, never its value
 */
export async function headerValue(name: string, written: string, env: NodeJS.ProcessEnv): Promise<string> {
  if (written.startsWith('env:')) {
    const value = env[written.slice(4)];
    if (value === undefined || value === '')
      throw new Failure(
        'settings',
        `The header ${name} needs the variable ${written.slice(4)}, which is not set.`,
        [],
        2,
      );
    return value;
  }
  if (written.startsWith('file:'))
    try {
      return (await readFile(written.slice(5), 'utf8')).trim();
    } catch {
      throw new Failure(
        'settings',
        `The header ${name} needs the file ${written.slice(5)}, which cannot be read.`,
        [],
        2,
      );
    }
  return written;
}
