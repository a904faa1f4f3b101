import type { Command } from 'commander';
import { bodyOf } from '../../client.ts';
import { count, print, printJson, printTable, time } from '../../output.ts';
import { reach } from '../../reach.ts';

export function listConnectors(connectors: Command): void {
  connectors.option('--limit <n>', 'how many', '100').action(async (options: { limit: string }, command: Command) => {
    const { api, json, hint } = await reach(command);
    const page = bodyOf(await api.GET('/v1/connectors', { params: { query: { limit: options.limit as never } } }));
    if (json) {
      printJson(page);
      return;
    }
    printTable(
      ['connector', 'name', 'active', 'revision', 'modes', 'last sync', 'status'],
      page.items.map((each) => [
        each.name,
        each.displayName,
        each.active ? 'yes' : 'no',
        revisionOf(each.revision, each.activeRevision),
        each.modes.join(', '),
        time(each.lastSync?.createdAt ?? null),
        each.runningSync?.status ?? each.lastSync?.status ?? 'never',
      ]),
      `There are no connectors yet. Load a connector file: ${hint('apply -f FILE')}`,
    );
    if (page.nextCursor !== null) print(`These are the first ${count(page.items.length)}; raise --limit for more.`);
  });
}

const revisionOf = (newest: number, used: number | null) =>
  used === newest ? String(newest) : `${used === null ? 'none' : String(used)} (newest ${String(newest)})`;
