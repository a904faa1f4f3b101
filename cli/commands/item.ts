import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { bodyOf, type Api, type Sync } from '../client.ts';
import { describeSync } from '../describe.ts';
import { Failure } from '../failure.ts';
import { note, print, printJson, time } from '../output.ts';
import { reach } from '../reach.ts';
import { watch } from '../watch.ts';
import { exitCodeOf } from './sync.ts';

/** The parts of a key, each encoded and joined by commas. */
const pathOf = (name: string, key: string[]) => ({ name, key: key as unknown as string });

/** `sync-item`: one resource, at high priority. */
export function itemCommand(program: Command): void {
  program
    .command('sync-item <entityType> <key...>')
    .description('synchronise one resource at once, beside any other sync')
    .option('--no-wait', 'do not wait until the sync has ended')
    .action(async (name: string, key: string[], { wait }: { wait: boolean }, command: Command) => {
      const { api, json, hint } = await reach(command);
      const started = bodyOf(
        await api.POST('/v1/entity-types/{name}/resources/{key}/sync', {
          params: { path: pathOf(name, key), header: { 'idempotency-key': randomUUID() } },
        }),
      );
      const sync = wait ? await watch(api, started, json) : started;
      if (json) printJson(sync);
      else if (wait) print(describeSync(sync, hint));
      else print(`started ${sync.id}\nwatch it: ${hint(`syncs ${sync.id}`)}`);
      if (!wait) return;
      process.exitCode = exitCodeOf(sync.status);
      await tellUnknown(api, sync, `${name} ${key.join(' ')}`);
    });
}

/** If the key is not found, the sync had nothing to do; that must not look like a success. */
async function tellUnknown(api: Api, { id }: Sync, what: string): Promise<void> {
  const query = { code: 'unknown-resource', limit: 1 } as const;
  const { items } = bodyOf(await api.GET('/v1/syncs/{id}/errors', { params: { path: { id }, query } }));
  const [first] = items;
  if (!first) return;
  // the column that the source was asked by, where it did not say whether it has the key
  note(
    first.column === null
      ? `${what} is neither in the source nor stored: check the key.`
      : `${what} was not synchronised. ${first.message}`,
  );
}

/** `managed`: choose whether a resource is managed. */
export function managedCommand(program: Command): void {
  program
    .command('managed <entityType> <keyAndChoice...>')
    .usage('<entityType> <key...> <on|off>')
    .description('set whether a resource is managed, if its entity type has by: hand')
    .action(async (name: string, words: string[], _options: object, command: Command) => {
      const { api, json } = await reach(command);
      const choice = words.at(-1);
      if (words.length < 2 || (choice !== 'on' && choice !== 'off'))
        throw new Failure('usage', 'Write on or off after the key: syncline managed <EntityType> <key…> on', [], 2);
      const chosen = bodyOf(
        await api.PUT('/v1/entity-types/{name}/resources/{key}/managed', {
          params: { path: pathOf(name, words.slice(0, -1)) },
          body: { managed: choice === 'on' },
        }),
      );
      if (json) printJson(chosen);
      else
        print(
          `${chosen.entityType} ${chosen.key.join(',')} (${chosen.label}): ${chosen.managed ? 'managed' : 'unmanaged'}, ` +
            `chosen by ${chosen.managedChoice.by} at ${time(chosen.managedChoice.at)}`,
        );
    });
}
