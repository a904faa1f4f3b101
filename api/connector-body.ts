import type { ConnectorFile } from '../domain/connector-file.ts';
import { isDirectory } from '../domain/directory/directory-file.ts';
import type { ConnectorRow } from '../repository/connectors.ts';
import { findRevision } from '../repository/connectors.ts';
import type { Database } from '../repository/database.ts';
import { briefsOf } from '../repository/sync-views.ts';
import { hasIncremental } from '../connectors/registry.ts';

/** A connector as the contract has it. */
export async function connectorBody(db: Database, connector: ConnectorRow) {
  const used = await findRevision(db, connector.id, connector.activeRevision ?? connector.newestRevision);
  return {
    name: connector.name,
    displayName: connector.displayName,
    revision: connector.newestRevision,
    activeRevision: connector.activeRevision,
    active: connector.active,
    modes: used ? modesOf(used.file) : ['complete'],
    ...(await briefsOf(db, connector.id)),
    createdAt: connector.createdAt,
    self: `/v1/connectors/${connector.name}`,
  };
}

const modesOf = (file: ConnectorFile) =>
  isDirectory(file) || hasIncremental(file) ? ['complete', 'incremental'] : ['complete'];
