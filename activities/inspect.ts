import { SyncError } from '../domain/errors.ts';
import { addFinding, findInspection, storeDiscovery } from '../repository/inspections-run.ts';
import type { Dependencies } from './dependencies.ts';
import { look } from './look.ts';

export function createInspectActivities({ db, packages, secretFolders, store }: Dependencies) {
  async function find(inspectionId: string, name: string) {
    const inspection = await findInspection(db, inspectionId);
    const configured = inspection?.file.connections.find((each) => each.name === name);
    if (!configured) throw new SyncError('configuration', `The inspection has no connection ${name}.`);
    return configured;
  }

  /** Looks at one connection: `test` says whether it works, `schema` which tables and columns it has. */
  async function inspectConnection(inspectionId: string, kind: 'test' | 'schema', name: string): Promise<void> {
    const connection = await find(inspectionId, name);
    await addFinding(db, inspectionId, await look({ packages, secretFolders }, { kind, connection }));
  }

  /** Writes for a worker without a database at which connection it is to look. A repeat writes the same. */
  async function beginInspection(inspectionId: string, kind: 'test' | 'schema', connection: string): Promise<void> {
    const { name, package: packageName, settings, secrets } = await find(inspectionId, connection);
    await store.exchange.writeInspection(inspectionId, {
      kind,
      connection: { name, package: packageName, settings, secrets },
    });
  }

  /** Takes over what a worker without a database has found at a connection. */
  async function endInspection(inspectionId: string, connection: string): Promise<void> {
    const found = await store.exchange.readFinding(inspectionId, connection);
    if (found) await addFinding(db, inspectionId, found);
    await store.exchange.removeInspection(inspectionId);
  }

  /** Keeps a discovery as the connector's last one. */
  async function finishInspection(inspectionId: string): Promise<void> {
    const inspection = await findInspection(db, inspectionId);
    if (inspection?.kind === 'schema') await storeDiscovery(db, inspection.file.name, inspection.result ?? []);
  }

  return { inspectConnection, beginInspection, endInspection, finishInspection };
}
