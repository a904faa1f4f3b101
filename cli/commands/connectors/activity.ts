import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { bodyOf } from '../../client.ts';
import { print, printJson } from '../../output.ts';
import { reach } from '../../reach.ts';

/** `activate` and `deactivate`: in or out of scheduled jobs and polling. */
export function activityCommands(connectors: Command): void {
  for (const action of ['activate', 'deactivate'] as const)
    connectors
      .command(`${action} <connector>`)
      .description(
        action === 'activate'
          ? 'let jobs and polls synchronise it'
          : 'stop jobs and polls of it; people can still start syncs',
      )
      .action(async (name: string, _options: unknown, command: Command) => {
        const { api, json } = await reach(command);
        const call = { params: { path: { name }, header: { 'idempotency-key': randomUUID() } } };
        const connector = bodyOf(
          action === 'activate'
            ? await api.POST('/v1/connectors/{name}/activate', call)
            : await api.POST('/v1/connectors/{name}/deactivate', call),
        );
        if (json) printJson(connector);
        else print(`${connector.name}: ${connector.active ? 'active' : 'deactivated'}`);
      });
}
