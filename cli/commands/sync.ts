import { randomUUID } from 'node:crypto';
import { Option, type Command } from 'commander';
import { bodyOf } from '../client.ts';
import { overridesOf } from '../limit-option.ts';
import { print, printJson } from '../output.ts';
import { reach } from '../reach.ts';
import { repeated } from '../repeated.ts';
import { describeSync } from '../describe.ts';
import { watch } from '../watch.ts';

interface Options {
  complete?: boolean;
  incremental?: boolean;
  dryRun?: boolean;
  entityType?: string[];
  managedOnly?: boolean;
  task?: ('export' | 'prepare' | 'synchronize' | 'update-expressions')[];
  priority?: 'high' | 'normal' | 'low';
  supersede?: string;
  watch?: boolean;
  limit?: string[];
  reason?: string;
}

export function syncCommand(program: Command): void {
  program
    .command('sync <connector>')
    .description('start a sync')
    .option('--complete', 'read everything (the default)')
    .option('--incremental', 'read only changes')
    .option('--dry-run', 'stop after the verdicts; apply nothing')
    .option('--entity-type <name...>', 'limit it to these entity types')
    .option('--managed-only', 'limit it to managed resources')
    .option('--task <task...>', 'one task instead of all: export, prepare, synchronize, update-expressions')
    .addOption(new Option('--priority <priority>').choices(['high', 'normal', 'low']))
    .option('--supersede <id>', 'replace this held sync')
    .option(
      '--limit <name=value>',
      'a limit for this sync alone, like maximumDeletedLines=500 or Type.maximumDeletedLines=20; may be repeated',
      repeated,
    )
    .option('--reason <text>', 'why the limits are overridden')
    .option('--watch', 'show its progress until it is held or has ended')
    .action(async (connector: string, options: Options, command: Command) => {
      const overrides = overridesOf(options.limit, options.reason);
      const { api, json, hint } = await reach(command);
      const started = bodyOf(
        await api.POST('/v1/connectors/{name}/syncs', {
          params: { path: { name: connector }, header: { 'idempotency-key': randomUUID() } },
          body: {
            mode: options.incremental ? 'incremental' : 'complete',
            ...(options.task ? { tasks: options.task } : {}),
            ...scopeOf(options),
            ...(options.dryRun ? { dryRun: true } : {}),
            ...(options.priority ? { priority: options.priority } : {}),
            ...(options.supersede ? { supersede: options.supersede } : {}),
            ...(overrides ? { overrides } : {}),
          },
        }),
      );
      const sync = options.watch ? await watch(api, started, json) : started;
      if (json) printJson(sync);
      else if (options.watch) print(describeSync(sync, hint));
      else print(`started ${sync.id}\nwatch it: ${hint(`syncs ${sync.id}`)}`);
      if (options.watch) process.exitCode = exitCodeOf(sync.status);
    });
}

function scopeOf({ entityType, managedOnly }: Options) {
  if (!entityType && !managedOnly) return {};
  return { scope: { ...(entityType ? { entityTypes: entityType } : {}), ...(managedOnly ? { managedOnly } : {}) } };
}

/** 3 if a person has to decide, 1 if the sync failed. */
export function exitCodeOf(status: string): number {
  if (status === 'held') return 3;
  return status === 'completed' || status === 'completed-with-errors' ? 0 : 1;
}
