import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { bodyOf } from '../../client.ts';
import { Failure } from '../../failure.ts';
import { setSecret, setSetting, type Schema } from '../../init/assignments.ts';
import { complete, type Ask, type Wish } from '../../init/complete.ts';
import { note, print, printJson } from '../../output.ts';
import { reach } from '../../reach.ts';
import { repeated } from '../../repeated.ts';

interface Options {
  package: string;
  setting?: string[];
  secret?: string[];
  tables?: string[];
  out?: string;
}

/** `connectors init`: a first file for a system, from what the system says of itself. */
export function initCommand(connectors: Command): void {
  connectors
    .command('init <name>')
    .description(
      'a first connector file for a system, from its own tables and columns; guesses stand in it as comments',
    )
    .requiredOption(
      '-p, --package <package>',
      'how the system is read: csv, ldap, sql, xlsx, scim, http, workday, ldif',
    )
    .option(
      '-s, --setting <name=value>',
      'a setting of the package, like tls.mode=none; lists and sections as YAML, like url=[a, b]; may be repeated',
      repeated,
    )
    .option('--secret <name=reference>', 'a secret, as env:NAME or file:PATH of the worker; may be repeated', repeated)
    .option('--tables <table...>', 'only these tables; default: all that are found, at most 50')
    .option('-o, --out <file>', 'write the file there, instead of to standard output')
    .action(async (name: string, options: Options, command: Command) => {
      const { api, json, hint } = await reach(command);
      const { items } = bodyOf(await api.GET('/v1/packages'));
      const found = items.find((each) => each.name === options.package);
      if (!found)
        throw new Failure(
          'usage',
          `There is no package ${options.package}. There are ${items.map((each) => each.name).join(', ')}.`,
          [],
          2,
        );
      const schema = found.settings as Schema;
      const wish: Wish = { settings: {}, secrets: {} };
      for (const each of options.setting ?? []) setSetting(wish.settings, each, schema);
      for (const each of options.secret ?? []) setSecret(wish.secrets, each);
      const propose = async ({ settings, secrets }: Wish) =>
        bodyOf(
          await api.POST('/v1/connectors/propose', {
            params: { header: { 'idempotency-key': randomUUID() } },
            body: {
              name,
              package: options.package,
              settings,
              secrets,
              ...(options.tables ? { tables: options.tables } : {}),
            },
          }),
        );
      const { file, guesses } = await complete(wish, schema, propose, json ? undefined : terminal());
      if (options.out !== undefined) await writeNew(options.out, file);
      if (json) printJson({ file, guesses, ...(options.out === undefined ? {} : { out: options.out }) });
      else if (options.out === undefined) print(file.trimEnd());
      if (json) return;
      const path = options.out ?? 'FILE';
      note(
        `${options.out === undefined ? '' : `wrote ${path}. `}It has ${String(guesses.length)} ${guesses.length === 1 ? 'guess' : 'guesses'}, each with a comment: read them.`,
      );
      note(
        `Next: ${hint(`connectors test -f ${path}`)}\n      ${hint(`apply -f ${path}`)}\n      ${hint(`sync ${name} --dry-run --watch`)}`,
      );
    });
}

/** Questions go to standard error, so that standard output has the file alone. */
function terminal(): Ask | undefined {
  if (!process.stdin.isTTY) return undefined;
  return async (question) => {
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return await lines.question(question);
    } finally {
      lines.close();
    }
  };
}

/** @throws Failure if there is a file: people may have worked on it */
async function writeNew(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST')
      throw new Failure('conflict', `${path} exists already. Name another file with --out, or remove it.`);
    throw new Failure('missing-file', `${path} cannot be written: ${error instanceof Error ? error.message : ''}`);
  }
}
