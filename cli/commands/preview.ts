import type { Command } from 'commander';
import { parse } from 'yaml';
import { bodyOf } from '../client.ts';
import { Failure } from '../failure.ts';
import { print, printJson, printTable } from '../output.ts';
import { repeated } from '../repeated.ts';
import { reach } from '../reach.ts';
import { nameIn, readText } from '../read-file.ts';

interface Options {
  cell?: string[];
  file?: string;
}

/** `preview`: one record through the mapping; nothing is written. */
export function previewCommand(program: Command): void {
  program
    .command('preview <connector> <entityType> [key...]')
    .description('one record through the mapping: its cells, each expression, what would be stored; writes nothing')
    .option(
      '--cell <column=value>',
      'a cell of a row, instead of the key of a row in the newest export; may be repeated',
      repeated,
    )
    .option('-f, --file <file>', 'a connector file that is not saved, YAML or JSON; - for standard input')
    .action(async (name: string, entityType: string, key: string[], options: Options, command: Command) => {
      const { api, json } = await reach(command);
      if (key.length > 0 === (options.cell !== undefined))
        command.error('error: give a key, or cells with --cell column=value');
      const text = options.file === undefined ? undefined : await readText(options.file);
      if (text !== undefined) nameIn(text, options.file ?? '');
      const found = bodyOf(
        await api.POST('/v1/connectors/{name}/preview', {
          params: { path: { name } },
          body: {
            entityType,
            ...(options.cell ? { row: cellsOf(options.cell) } : { key }),
            ...(text === undefined ? {} : { connector: parse(text, { maxAliasCount: 100 }) as unknown }),
          },
        }),
      );
      if (json) {
        printJson(found);
        return;
      }
      print(`${found.entityType}: ${outcomes[found.outcome]}`);
      for (const error of found.errors)
        print(`  ${error.code}${error.property === undefined ? '' : `, ${error.property}`}: ${error.message}`);
      printTable(['column', 'cell'], Object.entries(found.cells), 'The row has no cells.');
      if (found.expressions.length > 0)
        printTable(
          ['property', 'expression', 'gives'],
          found.expressions.map((each) => [each.property, each.expression, each.error ?? shown(each.value)]),
          '',
        );
      if (!found.resource) return;
      print(`${found.resource.key.join(',')}${found.resource.managed ? '' : ' (unmanaged)'}`);
      printTable(
        ['property', 'value'],
        Object.entries({ ...found.resource.attributes, ...found.resource.references }).map(([property, value]) => [
          property,
          shown(value),
        ]),
        'It has no values.',
      );
      const [change] = found.changes;
      print(change ? `A sync would ${change.operation} it.` : 'A sync would not change it.');
    });
}

const outcomes = { row: 'a row', filtered: 'filtered by where', rejected: 'rejected' } as const;

const shown = (value: unknown) =>
  typeof value === 'string' ? value : value == null ? '(none)' : JSON.stringify(value);

function cellsOf(cells: string[]): Record<string, string> {
  return Object.fromEntries(
    cells.map((each) => {
      const at = each.indexOf('=');
      if (at < 1) throw new Failure('usage', `${each} is not a cell. Write a cell as column=value.`, [], 2);
      return [each.slice(0, at), each.slice(at + 1)];
    }),
  );
}
