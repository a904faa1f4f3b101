import type { Command } from 'commander';
import { activityCommands } from './activity.ts';
import { deleteCommand } from './delete.ts';
import { diffCommand } from './diff.ts';
import { initCommand } from './init.ts';
import { listConnectors } from './list.ts';
import { reloadCommand } from './reload.ts';
import { purgeCommand } from './purge.ts';
import { revertConnectorCommand } from './revert.ts';
import { revisionsCommand } from './revisions.ts';
import { showCommand } from './show.ts';
import { testCommand } from './test.ts';

/** `connectors`: the list of connectors, and the commands for one. */
export function connectorsCommand(program: Command): void {
  const connectors = program
    .command('connectors')
    .description('connectors; connectors --help lists the commands for one connector');
  listConnectors(connectors);
  for (const add of [
    showCommand,
    activityCommands,
    initCommand,
    testCommand,
    reloadCommand,
    revisionsCommand,
    diffCommand,
    purgeCommand,
    revertConnectorCommand,
    deleteCommand,
  ])
    add(connectors);
}
