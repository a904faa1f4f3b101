import { createHash } from 'node:crypto';
import type { ConnectorFile } from '../../domain/connector-file.ts';
import { directoryName } from '../../domain/directory/directory-file.ts';
import { isTarget, targetFile } from '../../domain/provisioning/target-file.ts';
import { targetName } from '../../domain/provisioning/target.ts';
import { activateRevision, listEntityTypes } from '../catalog.ts';
import { findConnector, lockConnector, saveRevision, setActive, type ConnectorRow } from '../connectors.ts';
import { row, rows, type Queryable } from '../database.ts';
import { refreshViews } from '../views.ts';

/** The connectors that keep the app profiles of targets. */

export interface TargetInUse {
  id: number;
  /** Its own name, see domain/provisioning/target.ts. */
  name: string;
  active: boolean;
  revision: number;
  file: ConnectorFile;
}

const columns = `c.id, c.name, c.active, c.active_revision as revision, r.file
  from syncline.connector c join syncline.connector_revision r on r.connector = c.id and r.revision = c.active_revision
  where c.provisions is not null`;

export const targetsInUse = (db: Queryable): Promise<TargetInUse[]> => rows(db, `select ${columns} order by c.name`);

export const findTarget = (db: Queryable, id: number): Promise<TargetInUse | undefined> =>
  row(db, `select ${columns} and c.id = ?`, [id]);

/** Tells the rules of a target from others. */
export const rulesOfTarget = ({ provisioning }: ConnectorFile): string =>
  createHash('sha256')
    .update(JSON.stringify(provisioning?.profiles ?? []))
    .digest('hex');

/**
 * Brings what keeps the app profiles to the file in use. A file without `provisioning` ends no profile: nothing is computed or
 * sent any longer. The caller has locked the connector.
 */
export async function keepTarget(tx: Queryable, owner: ConnectorRow, file: ConnectorFile): Promise<void> {
  const { provisioning } = file;
  if (!provisioning) {
    const known = await findConnector(tx, targetName(owner.name));
    if (known) await setActive(tx, known.id, false);
    return;
  }
  const types = new Map((await listEntityTypes(tx)).map((type) => [type.name, type]));
  const derived = targetFile(file, provisioning, (name) => {
    const type = types.get(name);
    const own = type?.connectorName === directoryName ? type.properties : [];
    return new Map(own.map((property) => [property.name, property]));
  });
  const connector = await lockConnector(tx, derived.name, derived.displayName ?? derived.name);
  await tx.raw('update syncline.connector set provisions = ? where id = ?', [owner.id, connector.id]);
  const revision = await saveRevision(tx, connector, derived, 'system');
  await activateRevision(tx, connector.id, revision, derived);
  for (const { name, from } of provisioning.profiles)
    await tx.raw('update syncline.entity_type set profiles_of = ? where connector = ? and name = ?', [
      types.get(from)?.id ?? null,
      connector.id,
      name,
    ]);
  await refreshViews(tx, connector.id);
  // what changed at the directory was not noted under these rules, so everything is computed
  await tx.raw(`update syncline.directory_rules set hash = '' where connector = ? and hash <> ?`, [
    connector.id,
    rulesOfTarget(derived),
  ]);
}

/** The rules of a target, or undefined if the connector is none. */
export async function targetRules(db: Queryable, connector: number): Promise<string | undefined> {
  const target = await findTarget(db, connector);
  return target && isTarget(target.file) ? rulesOfTarget(target.file) : undefined;
}
