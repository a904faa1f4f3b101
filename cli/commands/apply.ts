import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { parse } from 'yaml';
import { bodyOf, commonOptions, connect } from '../client.ts';
import { Failure } from '../failure.ts';
import { print, printJson } from '../output.ts';

export function applyCommand(program: Command): void {
  program
    .command('apply')
    .description('create or replace a connector from its file')
    .requiredOption('-f, --file <file>', 'connector file, YAML or JSON; - for standard input')
    .option('--no-activate', 'keep it as the newest revision without using it')
    .action(async (options: { file: string; activate: boolean }, command: Command) => {
      const { url, json } = commonOptions(command);
      const text = await readText(options.file);
      const name = nameIn(text, options.file);
      const answer = bodyOf(
        await connect(url).PUT('/v1/connectors/{name}', {
          params: { path: { name }, query: options.activate ? {} : { activate: 'false' } },
          // sent as it was written: the server's messages point into this text
          body: text as never,
          bodySerializer: (body: unknown) => body as string,
          headers: { 'content-type': 'application/yaml' },
        }),
      );
      if (json) printJson(answer);
      else
        print(
          `${name}: revision ${String(answer.revision)}${answer.activeRevision === answer.revision ? ', in use from the next sync' : ', not in use yet'}`,
        );
    });
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file === '-' ? '/dev/stdin' : file, 'utf8');
  } catch {
    throw new Failure('missing-file', `The file ${file} cannot be read.`);
  }
}

function nameIn(text: string, file: string): string {
  let name: unknown;
  try {
    name = (parse(text) as { name?: unknown } | null)?.name;
  } catch (error) {
    throw new Failure('invalid', `${file} is neither YAML nor JSON: ${error instanceof Error ? error.message : ''}`);
  }
  if (typeof name !== 'string' || name === '')
    throw new Failure('invalid', `${file} has no name; a connector file says name: at its top.`);
  return name;
}
