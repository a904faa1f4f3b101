import type { Command } from 'commander';
import { bodyOf } from '../client.ts';
import { print, printJson } from '../output.ts';
import { reach } from '../reach.ts';
import { nameIn, readText } from '../read-file.ts';

export function applyCommand(program: Command): void {
  program
    .command('apply')
    .description('create or replace a connector from its file')
    .requiredOption('-f, --file <file>', 'connector file, YAML or JSON; - for standard input')
    .option('--no-activate', 'save it as the newest revision, but do not use it yet')
    .action(async (options: { file: string; activate: boolean }, command: Command) => {
      const { api, json } = await reach(command);
      const text = await readText(options.file);
      const name = nameIn(text, options.file);
      const answer = bodyOf(
        await api.PUT('/v1/connectors/{name}', {
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
