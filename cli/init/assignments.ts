import { parse } from 'yaml';
import { Failure } from '../failure.ts';

/** A JSON Schema, as far as settings need it. */
export interface Schema {
  type?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  required?: string[];
  description?: string;
  enum?: unknown[];
  anyOf?: Schema[];
}

/** Sets `tls.mode=none` in the settings. A value is YAML, except where the setting is a text. */
export function setSetting(settings: Record<string, unknown>, written: string, schema: Schema): void {
  const [name, value] = split(written, 'setting', '--setting directory=hr');
  const path = name.split('.');
  const last = path.pop() ?? '';
  let at = settings;
  let of: Schema | undefined = schema;
  for (const part of path) {
    if (!isMap(at[part])) at[part] = {};
    at = at[part] as Record<string, unknown>;
    of = below(of, part);
  }
  at[last] = valueOf(value, below(of, last), name);
}

/** Sets `password=env:NAME`. @throws Failure if it is no reference: a secret must not come to files and histories */
export function setSecret(secrets: Record<string, string>, written: string): void {
  const [name, value] = split(written, 'secret', '--secret password=env:SYNCLINE_SECRET_HR');
  if (!/^(env:[A-Za-z_][A-Za-z0-9_]*|file:\/.+)$/.test(value))
    throw new Failure(
      'usage',
      `The secret ${name} is named by a reference, never by its value: --secret ${name}=env:SYNCLINE_SECRET_… or --secret ${name}=file:/…`,
      [],
      2,
    );
  secrets[name] = value;
}

function split(written: string, what: string, example: string): [string, string] {
  const at = written.indexOf('=');
  if (at < 1) throw new Failure('usage', `A ${what} is written as name=value, for example ${example}.`, [], 2);
  return [written.slice(0, at), written.slice(at + 1)];
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const below = (schema: Schema | undefined, name: string): Schema | undefined =>
  schema?.properties?.[name] ??
  (typeof schema?.additionalProperties === 'object' ? schema.additionalProperties : undefined);

function valueOf(text: string, schema: Schema | undefined, name: string): unknown {
  if (schema?.type === 'string') return text;
  try {
    return parse(text, { maxAliasCount: 0 }) as unknown;
  } catch {
    throw new Failure(
      'usage',
      `The value of the setting ${name} is not YAML. Write lists as [a, b] and sections as {a: b}.`,
      [],
      2,
    );
  }
}
