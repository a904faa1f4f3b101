import { SyncError } from '../domain/errors.ts';
import { addFinding, findInspection, storeDiscovery } from '../repository/inspections-run.ts';
import { openConnection } from './connection.ts';
import type { Dependencies } from './dependencies.ts';

export function createInspectActivities({ db, packages, secretFolders }: Dependencies) {
  /** Looks at one connection: `test` says whether it works, `schema` which tables and columns it has. */
  async function inspectConnection(inspectionId: string, kind: 'test' | 'schema', name: string): Promise<void> {
    const inspection = await findInspection(db, inspectionId);
    const configured = inspection?.file.connections.find((each) => each.name === name);
    if (!configured) throw new SyncError('configuration', `The inspection has no connection ${name}.`);
    try {
      const { adapter, connection } = await openConnection({ packages, secretFolders }, configured);
      const found =
        kind === 'test'
          ? { connection: name, ...(await adapter.test(connection)) }
          : { connection: name, tables: await adapter.discover(connection) };
      await addFinding(db, inspectionId, found);
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
      const problem = { connection: name, ok: false, code: error.code, message: error.message };
      await addFinding(db, inspectionId, kind === 'test' ? problem : { ...problem, tables: [] });
    }
  }

  /** Keeps a discovery as the connector's last one. */
  async function finishInspection(inspectionId: string): Promise<void> {
    const inspection = await findInspection(db, inspectionId);
    if (inspection?.kind === 'schema') await storeDiscovery(db, inspection.file.name, inspection.result ?? []);
  }

  return { inspectConnection, finishInspection };
}
