import type { ConnectorFile } from '../domain/connector-file.ts';
import { inScope, operationsOn } from '../domain/scope.ts';
import type { Transaction } from '../repository/database.ts';
import { taskOf } from '../domain/task-results.ts';
import { forgetChanges, type DiffResult } from '../repository/diff.ts';
import { appliedSince, diffExpressions } from '../repository/diff-expressions.ts';
import { countResources } from '../repository/stored.ts';
import { logSync } from '../repository/sync-log.ts';
import type { SyncRow } from '../repository/syncs.ts';
import { catalogType, scopeKeys, type Catalog } from './plan-diff.ts';
import type { FoundChanges } from './found-changes.ts';
import { countersOf } from './verdicts.ts';

/** Change set of the task on its own: expression properties of stored resources over the last export that was compared as a whole. */
export async function expressionChanges(
  tx: Transaction,
  sync: SyncRow,
  file: ConnectorFile,
  catalog: Catalog,
): Promise<FoundChanges> {
  const preparation = sync.preparation;
  if (!preparation) throw new Error('nothing is prepared');
  await forgetChanges(tx, sync.no);
  const types: DiffResult['types'] = new Map();
  const laterSyncs = (await appliedSince(tx, sync.connector, preparation.exportRef.syncId)).map(({ no }) => no);
  for (const type of file.entityTypes.filter((each) => inScope(sync.scope, each.name))) {
    if (!operationsOn(sync.scope, type).includes('update')) continue;
    const row = catalogType(catalog, type.name);
    const { id } = row;
    const properties = Object.entries(type.properties)
      .filter(([name, property]) => property.expression !== undefined && !type.key.includes(name))
      .map(([name]) => name);
    const { updated, left } = await diffExpressions(tx, {
      laterSyncs,
      sync: sync.no,
      type: id,
      staging: preparation,
      properties,
      scopeKeys: scopeKeys(sync.scope, row),
      managedOnly: sync.scope?.managedOnly ?? false,
    });
    types.set(id, {
      stored: await countResources(tx, id),
      inserted: 0,
      updated,
      deleted: 0,
      withheld: 0,
      overtaken: left,
      rejected: 0,
    });
  }
  const overtaken = [...types.values()].reduce((sum, each) => sum + each.overtaken, 0);
  if (overtaken > 0)
    await logSync(
      tx,
      sync.no,
      taskOf(sync, 'synchronize'),
      'warn',
      `Left ${overtaken.toLocaleString('en-US')} resources as they are: other syncs have read or written them since the complete export that the expressions were evaluated over. A complete sync evaluates their expressions.`,
    );
  const reads = Object.values(preparation.types);
  return {
    counters: countersOf(
      { types, links: new Map() },
      preparation,
      new Map(catalog.types.map((type) => [type.id, type.name])),
      new Map(),
    ),
    rowsRead: reads.reduce((sum, { read }) => sum + read, 0),
    rowsRejected: reads.reduce((sum, { rejected }) => sum + rejected, 0),
    zeroRows: [],
    unreadableKeys: [],
    changedFilters: [],
    compared: { types: [], links: [] },
    deletesWithheld: 0,
    overtaken,
    findCauses: () => Promise.resolve([]),
  };
}
