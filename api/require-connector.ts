import type { ConnectorFile } from '../domain/connector-file.ts';
import { isTargetName, targetName } from '../domain/provisioning/target.ts';
import { findConnector, findRevision, type ConnectorRow } from '../repository/connectors.ts';
import type { Queryable } from '../repository/database.ts';
import { findTarget, type TargetInUse } from '../repository/provisioning/targets.ts';
import { notFound, Problem } from './problems.ts';

/** @throws Problem if there is no such connector */
export async function requireConnector(db: Queryable, name: string): Promise<ConnectorRow> {
  const connector = isTargetName(name) ? undefined : await findConnector(db, name);
  if (!connector) throw notFound(`There is no connector ${name}. PUT /v1/connectors/${name} creates it from its file.`);
  return connector;
}

/** What keeps the app profiles of a connector. @throws Problem if it provisions nothing */
export async function requireTarget(db: Queryable, name: string): Promise<TargetInUse> {
  await requireConnector(db, name);
  const known = await findConnector(db, targetName(name));
  const target = known && (await findTarget(db, known.id));
  if (!target)
    throw new Problem(
      'provisioning-disabled',
      `The file of ${name} has no section provisioning, so there is nothing to compute or to send.`,
    );
  return target;
}

/** The file of a revision. @throws Problem if there is none */
export async function requireFile(db: Queryable, connector: ConnectorRow, revision: number): Promise<ConnectorFile> {
  const found = await findRevision(db, connector.id, revision);
  if (!found) throw notFound(`The connector ${connector.name} has no revision ${String(revision)}.`);
  return found.file;
}

/** The revision in use. @throws Problem if none is */
export async function requireActiveFile(
  db: Queryable,
  connector: ConnectorRow,
): Promise<{ revision: number; file: ConnectorFile }> {
  if (connector.activeRevision === null)
    throw new Problem(
      'conflict',
      `No revision of ${connector.name} is in use. POST /v1/connectors/${connector.name}/reload uses the newest.`,
    );
  return { revision: connector.activeRevision, file: await requireFile(db, connector, connector.activeRevision) };
}
