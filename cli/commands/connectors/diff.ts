import type { Command } from 'commander';
import { createTwoFilesPatch } from 'diff';
import { bodyOf, type Api } from '../../client.ts';
import { Failure } from '../../failure.ts';
import { parseFile } from '../../offline.ts';
import { print, printJson } from '../../output.ts';
import { reach } from '../../reach.ts';
import { nameIn, readText } from '../../read-file.ts';
import { sortedYaml } from '../../sorted-yaml.ts';

interface Options {
  file?: string;
  from?: string;
  to?: string;
  exitCode?: boolean;
}

/** `diff`: a file against the revision that is stored, or two revisions. Defaults are written out, fields are in one order. */
export function diffCommand(connectors: Command): void {
  connectors
    .command('diff [connector]')
    .description('the differences between a file and the stored revision, or between two revisions')
    .option('-f, --file <file>', 'connector file, YAML or JSON; - for standard input')
    .option('--from <revision>', 'the revision to compare with; default: the newest')
    .option('--to <revision>', 'without a file: the other revision; default: the newest')
    .option('--exit-code', 'end with 1 if they differ')
    .action(async (named: string | undefined, options: Options, command: Command) => {
      const { api, json } = await reach(command);
      if (options.file !== undefined && options.to !== undefined)
        command.error('error: give a file with -f, or --to with a revision');
      const text = options.file === undefined ? undefined : await readText(options.file);
      const name = named ?? (text === undefined ? undefined : nameIn(text, options.file ?? ''));
      if (name === undefined) command.error('error: name a connector, or a file with -f');
      if (text === undefined && options.from === undefined)
        command.error('error: give a file with -f, or --from with a revision');
      const before = await revision(api, name, options.from);
      const after =
        text === undefined
          ? await revision(api, name, options.to)
          : { title: options.file === '-' ? 'standard input' : (options.file ?? ''), file: parseFile(text) };
      const patch = createTwoFilesPatch(
        before.title,
        after.title,
        sortedYaml(before.file),
        sortedYaml(after.file),
        '',
        '',
        {
          context: 3,
        },
      );
      const equal = !patch.includes('\n@@');
      if (json) printJson({ connector: name, equal, patch: equal ? '' : patch });
      else print(equal ? `${before.title} and ${after.title} are equal.` : patch.trimEnd());
      if (!equal && options.exitCode) process.exitCode = 1;
    });
}

async function revision(api: Api, name: string, wanted: string | undefined): Promise<{ title: string; file: unknown }> {
  if (wanted !== undefined && !/^[1-9]\d{0,8}$/.test(wanted))
    throw new Failure('usage', `${wanted} is not a revision. Revisions are numbers from 1 on.`, [], 2);
  const query = wanted === undefined ? {} : { revision: Number(wanted) };
  const found = bodyOf(await api.GET('/v1/connectors/{name}', { params: { path: { name }, query } }));
  return { title: `${name}, revision ${String(found.fileRevision)}`, file: found.file };
}
