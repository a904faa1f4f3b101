import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { bodyOf } from '../../client.ts';
import { print, printJson } from '../../output.ts';
import { reach } from '../../reach.ts';
import { readText } from '../../read-file.ts';

export function testCommand(connectors: Command): void {
  connectors
    .command('test [connector]')
    .description('test each connection of a connector, or of a file that is not saved')
    .option('-f, --file <file>', 'connector file to test instead, YAML or JSON; - for standard input')
    .action(async (name: string | undefined, options: { file?: string }, command: Command) => {
      const { api, json } = await reach(command);
      if ((name === undefined) === (options.file === undefined))
        command.error('error: name a connector, or a file with -f');
      const header = { 'idempotency-key': randomUUID() };
      const found = bodyOf(
        options.file === undefined
          ? await api.POST('/v1/connectors/{name}/test', { params: { path: { name: name ?? '' }, header } })
          : await api.POST('/v1/connectors/test', {
              params: { header },
              body: (await readText(options.file)) as never,
              bodySerializer: (body: unknown) => body as string,
              headers: { 'content-type': 'application/yaml' },
            }),
      );
      if (json) printJson(found);
      else
        for (const each of found.connections)
          print(
            `${each.ok ? 'ok    ' : 'failed'} ${each.connection}: ${each.code === undefined ? '' : `${each.code}: `}${each.message}`,
          );
      process.exitCode = found.ok ? 0 : 1;
    });
}
