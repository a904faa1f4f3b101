import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { bodyOf } from '../../client.ts';
import { print, printJson } from '../../output.ts';
import { reach } from '../../reach.ts';

export function reloadCommand(connectors: Command): void {
  connectors
    .command('reload <connector>')
    .description('check the newest revision against the source, and use it')
    .action(async (name: string, _options: unknown, command: Command) => {
      const { api, json } = await reach(command);
      const answer = bodyOf(
        await api.POST('/v1/connectors/{name}/reload', {
          params: { path: { name }, header: { 'idempotency-key': randomUUID() } },
        }),
      );
      if (json) {
        printJson(answer);
        return;
      }
      const before = answer.previousRevision;
      print(
        before === answer.revision
          ? `${name}: revision ${String(answer.revision)} fits the source and stays in use`
          : `${name}: revision ${String(answer.revision)} fits the source and is in use from the next sync${before === null ? '' : `, instead of ${String(before)}`}`,
      );
      for (const [what, { added, retired }] of Object.entries(answer.changes)) {
        if (added.length > 0) print(`  ${words[what] ?? what} added: ${added.join(', ')}`);
        if (retired.length > 0) print(`  ${words[what] ?? what} retired: ${retired.join(', ')}`);
      }
      for (const { scope, parts, since } of answer.filters)
        print(
          `  ${parts.join(', ')} of ${scope} changed since revision ${String(since)}: the first sync that would delete because of this is held`,
        );
    });
}

const words: Record<string, string> = {
  entityTypes: 'entity types',
  properties: 'properties',
  navigationProperties: 'navigation properties',
};
