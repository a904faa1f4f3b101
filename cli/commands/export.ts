import type { Command } from 'commander';
import { download } from '../download.ts';
import { Failure } from '../failure.ts';
import { note, printJson } from '../output.ts';
import { repeated } from '../repeated.ts';
import { reach } from '../reach.ts';

interface Options {
  output?: string;
  q?: string;
  filter?: string[];
  sort?: string;
  asOf?: string;
  managed?: boolean;
  unmanaged?: boolean;
}

/** `export`: the resources of an entity type, or the changes or errors of a sync, as a CSV file. */
export function exportCommand(program: Command): void {
  const exports = program.command('export').description('download CSV: resources, changes of a sync, errors of a sync');
  exports
    .command('resources <entityType>')
    .description('the resources of an entity type, one row each')
    .option('-o, --output <file>', 'write this file instead of standard output')
    .option('-q, --q <text>', 'only resources that have this text in a value')
    .option(
      '--filter <property=value>',
      'only this value; if given several times for a property, one of the values has to fit',
      repeated,
    )
    .option('--sort <property>', 'sort by this property; with - before it in descending order')
    .option('--as-of <sync>', 'the state after this applied sync')
    .option('--managed', 'only managed resources')
    .option('--unmanaged', 'only unmanaged resources')
    .action(async (entityType: string, options: Options, command: Command) => {
      const query = resourceQuery(options);
      const end = query.size > 0 ? `?${query.toString()}` : '';
      await save(`/v1/entity-types/${encodeURIComponent(entityType)}/resources.csv${end}`, options, command);
    });
  for (const what of ['changes', 'errors'] as const)
    exports
      .command(`${what} <sync>`)
      .description(what === 'changes' ? 'the exact changes of a sync' : 'the rows and links that a sync could not use')
      .option('-o, --output <file>', 'write this file instead of standard output')
      .action(async (id: string, options: Options, command: Command) => {
        await save(`/v1/syncs/${encodeURIComponent(id)}/${what}.csv`, options, command);
      });
}

async function save(path: string, { output }: Options, command: Command): Promise<void> {
  const { target, json } = await reach(command);
  if (json && output === undefined)
    throw new Failure('usage', 'The download is CSV, not JSON: with --json, name a file for it with --output.', [], 2);
  await download(target, path, output);
  if (json) printJson({ file: output });
  else if (output !== undefined) note(`wrote ${output}`);
}

function resourceQuery({ q, filter, sort, asOf, managed, unmanaged }: Options): URLSearchParams {
  const query = new URLSearchParams();
  if (q !== undefined) query.set('q', q);
  if (sort !== undefined) query.set('sort', sort);
  if (asOf !== undefined) query.set('asOf', asOf);
  if (managed !== unmanaged) query.set('managed', managed ? 'true' : 'false');
  for (const each of filter ?? []) {
    const at = each.indexOf('=');
    if (at < 1) throw new Failure('usage', `${each} is not a filter. Write a filter as property=value.`, [], 2);
    query.append(`filter[${each.slice(0, at)}]`, each.slice(at + 1));
  }
  return query;
}
