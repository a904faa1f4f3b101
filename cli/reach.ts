import type { Command } from 'commander';
import { connect, type Api } from './client.ts';
import { Failure } from './failure.ts';
import { invocation } from './invocation.ts';
import { note } from './output.ts';
import { headerValue, readSettings, settingsPath } from './settings.ts';
import type { Target } from './target.ts';

interface GlobalOptions {
  url?: string;
  installation?: string;
  config?: string;
  header?: string[];
  timeout?: string;
  json?: boolean;
}

/** What every command needs: the API, and the hints for the next command. */
export interface Reach {
  api: Api;
  target: Target;
  json: boolean;
  /** A command to type next, for the same installation as this one. */
  hint: (command: string) => string;
}

const defaultUrl = 'http://127.0.0.1:8080';

/**
 * Finds the installation that a command is for: `--url`, else `--installation`, else `SYNCLINE_URL`, else the default of
 * the settings file, else this machine.
 * @throws Failure if an option or the settings file is wrong
 */
export async function reach(command: Command): Promise<Reach> {
  const options = command.optsWithGlobals<GlobalOptions>();
  const { env } = process;
  const settings = await readSettings(options.config ?? settingsPath(env), options.config !== undefined);
  for (const warning of settings.warnings) note(warning);
  if (options.url !== undefined && options.installation !== undefined)
    throw new Failure('usage', 'Give --url or --installation, not both.', [], 2);
  const chosen =
    options.installation ?? (options.url === undefined && !env['SYNCLINE_URL'] ? settings.default : undefined);
  const known = chosen === undefined ? undefined : settings.installations[chosen];
  if (chosen !== undefined && !known)
    throw new Failure(
      'usage',
      `The settings file ${settings.path} has no installation ${chosen}. It has: ${Object.keys(settings.installations).join(', ') || 'none'}.`,
      [],
      2,
    );
  const url = readUrl(options.url ?? known?.url ?? (env['SYNCLINE_URL'] || defaultUrl));
  const headers = new Headers();
  for (const [name, written] of Object.entries(known?.headers ?? {}))
    setHeader(headers, name, await headerValue(name, written, env));
  for (const each of options.header ?? []) {
    const at = each.indexOf(':');
    if (at < 1) throw new Failure('usage', 'A header is written as "Name: value".', [], 2);
    const name = each.slice(0, at).trim();
    setHeader(headers, name, await headerValue(name, each.slice(at + 1).trim(), env));
  }
  const target = { url, headers, timeout: readTimeout(options.timeout ?? known?.timeout ?? '2m') };
  const repeated = [
    ...(options.url === undefined ? [] : [`--url ${options.url}`]),
    ...(options.installation === undefined ? [] : [`--installation ${options.installation}`]),
    ...(options.config === undefined ? [] : [`--config ${options.config}`]),
  ];
  return {
    api: connect(target),
    target,
    json: options.json ?? false,
    hint: (next) => [invocation, next, ...repeated].join(' '),
  };
}

function readUrl(text: string): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new Failure('usage', `${text} is not an address. An address looks like ${defaultUrl}.`, [], 2);
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new Failure('usage', `${text} is not an address of an API: it must begin with http:// or https://.`, [], 2);
  if (url.username !== '' || url.password !== '')
    throw new Failure('usage', 'An address must not have a password. Send the password with --header.', [], 2);
  // only the address of the server is used: the command line adds the path
  return `${url.origin}${url.pathname.replace(/\/(v1\/?)?$/, '')}`;
}

function setHeader(headers: Headers, name: string, value: string): void {
  try {
    headers.set(name, value);
  } catch {
    throw new Failure('usage', `The header ${name} has a name or a value that HTTP does not allow.`, [], 2);
  }
}

/** @returns milliseconds */
function readTimeout(text: string): number {
  const [, amount, unit] = /^([1-9]\d{0,3})(s|m)$/.exec(text) ?? [];
  if (amount === undefined)
    throw new Failure('usage', `${text} is not a time-out. A time-out looks like 30s or 2m.`, [], 2);
  return Number(amount) * (unit === 'm' ? 60_000 : 1000);
}
