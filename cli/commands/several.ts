import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { bodyOf, type Sync } from '../client.ts';
import { describeSync } from '../describe.ts';
import type { components } from '../generated/api.ts';
import { print, printJson } from '../output.ts';
import { reach, type Reach } from '../reach.ts';
import { watch } from '../watch.ts';
import { exitCodeOf } from './sync.ts';

/** The result of one connector: its sync, ended or held, or why there is none. */
type Outcome = Omit<components['schemas']['StartedSyncs']['items'][number], 'sync'> & { sync: Sync | null };

/** `inventory` and `sync-users`: start one sync for each connector, and wait for all of them. */
export function severalCommands(program: Command): void {
  for (const which of ['inventory', 'sync-users'] as const)
    program
      .command(`${which} [connector...]`)
      .description(descriptions[which])
      .option('--no-wait', 'do not wait until the syncs have ended')
      .action((connectors: string[], options: { wait: boolean }, command: Command) =>
        startAll(which, connectors, options, command),
      );
}

const descriptions = {
  inventory: 'synchronise every active connector, or the named ones; attributes of existing users do not change',
  'sync-users': 'update the attributes of existing users; none is created or removed',
};

async function startAll(
  which: keyof typeof descriptions,
  connectors: string[],
  { wait }: { wait: boolean },
  command: Command,
): Promise<void> {
  const { api, json, hint } = await reach(command);
  const call = {
    params: { header: { 'idempotency-key': randomUUID() } },
    body: connectors.length > 0 ? { connectors } : {},
  };
  const { items } =
    which === 'inventory' ? bodyOf(await api.POST('/v1/syncs', call)) : bodyOf(await api.POST('/v1/sync-users', call));
  const outcomes: Outcome[] = [];
  for (const item of items) {
    const sync = item.sync && wait ? await watch(api, item.sync, json) : item.sync;
    outcomes.push({ ...item, status: sync?.status ?? item.status, sync });
    if (!json) print(told(item, sync, wait, hint));
  }
  if (json) printJson({ items: outcomes });
  else if (items.length === 0) print('There is no connector to synchronise.');
  process.exitCode = outcomes.reduce((worst, { sync }) => Math.max(worst, codeOf(sync, wait)), 0);
}

function told(
  { connector, detail }: Pick<Outcome, 'connector' | 'detail'>,
  sync: Sync | null,
  wait: boolean,
  hint: Reach['hint'],
): string {
  if (!sync) return `${connector}: not started. ${detail ?? ''}`;
  return wait ? describeSync(sync, hint) : `${connector}: started ${sync.id}`;
}

/** 3 if one is held, else 1 if one failed or could not start. */
function codeOf(sync: Sync | null, wait: boolean): number {
  if (!sync) return 1;
  return wait ? exitCodeOf(sync.status) : 0;
}
