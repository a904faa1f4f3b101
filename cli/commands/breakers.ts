import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { bodyOf } from '../client.ts';
import { print, printJson, time } from '../output.ts';
import { reach } from '../reach.ts';

/** Circuit breakers of polled connections. */
export function breakersCommand(program: Command): void {
  program
    .command('breakers')
    .description('circuit breakers of polled connections')
    .command('reset <connector> <connection>')
    .description('close the breaker of a connection and synchronise at once; if it was open, by a complete sync')
    .action(async (connector: string, connection: string, _options: unknown, command: Command) => {
      const { api, json } = await reach(command);
      const breaker = bodyOf(
        await api.POST('/v1/connectors/{name}/connections/{connection}/reset-breaker', {
          params: { path: { name: connector, connection }, header: { 'idempotency-key': randomUUID() } },
        }),
      );
      if (json) printJson(breaker);
      else
        print(
          breaker.state === 'closed'
            ? `${connector} ${connection}: closed, next sync ${time(breaker.nextAt)}`
            : `${connector} ${connection}: requested; ${breaker.state} until a worker closes it`,
        );
    });
}
