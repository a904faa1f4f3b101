import { Failure } from '../failure.ts';
import { setSecret, setSetting, type Schema } from './assignments.ts';

/** What a first file is proposed from. */
export interface Wish {
  settings: Record<string, unknown>;
  secrets: Record<string, string>;
}

/** Asks a person; absent where there is no terminal. */
export type Ask = (question: string) => Promise<string>;

/** No connection needs more questions than this. */
const mostQuestions = 40;

/**
 * Proposes, and asks for what is missing: first for what the package always needs, then for what the API names.
 * @throws Failure that names the options to add, where nobody can be asked
 */
export async function complete<Proposal>(
  wish: Wish,
  schema: Schema,
  propose: (wish: Wish) => Promise<Proposal>,
  ask: Ask | undefined,
): Promise<Proposal> {
  const required = (schema.required ?? []).filter((name) => !Object.hasOwn(wish.settings, name));
  if (!ask && required.length > 0)
    throw new Failure('usage', `These settings are missing. Add ${required.map(settingOption).join(' ')}.`, [], 2);
  if (ask) for (const name of required) await askForSetting(wish, schema, name, ask);
  for (let asked = 0; ; asked++)
    try {
      return await propose(wish);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const wanted = error.details.flatMap(({ pointer, detail }) => missingOf(wish, pointer, detail));
      if (wanted.length === 0) throw error;
      if (!ask || asked >= mostQuestions)
        throw new Failure(
          error.code,
          `${error.message} Add ${wanted.map(({ kind, name }) => (kind === 'secrets' ? secretOption(name) : settingOption(name))).join(' ')}.`,
          error.details,
        );
      for (const { kind, name, detail } of wanted)
        if (kind === 'settings') await askForSetting(wish, schema, name, ask, detail);
        else
          setSecret(
            wish.secrets,
            `${name}=${await ask(`${detail}\n${name}, as env:SYNCLINE_SECRET_… or file:/… (never the secret itself): `)}`,
          );
    }
}

const settingOption = (name: string) => `--setting ${name}=…`;
const secretOption = (name: string) => `--secret ${name}=env:SYNCLINE_SECRET_…`;

async function askForSetting(wish: Wish, schema: Schema, name: string, ask: Ask, detail?: string): Promise<void> {
  const of = schema.properties?.[name];
  const about = [detail ?? of?.description, of?.enum && `One of ${of.enum.join(', ')}`].filter((text) => text);
  const value = (await ask(`${about.length > 0 ? `${about.join('. ')}\n` : ''}${name}: `)).trim();
  if (value === '') throw new Failure('usage', `Without ${name} there is no file.`, [], 2);
  setSetting(wish.settings, `${name}=${value}`, schema);
}

/** What a fault says is missing, not wrong: a person has to see what is wrong. */
function missingOf(
  wish: Wish,
  pointer: string | undefined,
  detail: string,
): { kind: 'settings' | 'secrets'; name: string; detail: string }[] {
  const [, kind, name] = /^\/(settings|secrets)\/([^/]+)$/.exec(pointer ?? '') ?? [];
  if ((kind !== 'settings' && kind !== 'secrets') || name === undefined || Object.hasOwn(wish[kind], name)) return [];
  return [{ kind, name, detail }];
}
