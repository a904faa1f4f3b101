import type { ConnectorFile } from '../domain/connector-file.ts';
import { inScope, operationsOn } from '../domain/scope.ts';
import type { Transaction } from '../repository/database.ts';
import { diffExpressions, forgetChanges, type DiffResult } from '../repository/diff.ts';
import { countResources } from '../repository/stored.ts';
import { stagedRows } from '../repository/staging.ts';
import { laterWriters, type SyncRow } from '../repository/syncs.ts';
import { catalogType, type Catalog } from './plan-diff.ts';
import type { FoundChanges } from './found-changes.ts';
import { countersOf } from './verdicts.ts';

/** Change set of the task on its own: expression properties of stored resources over the last applied export. */
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
  const laterSyncs = await laterWriters(tx, sync.no);
  for (const type of file.entityTypes.filter((each) => inScope(sync.scope, each.name))) {
    if (!operationsOn(sync.scope, type).includes('update')) continue;
    const { id } = catalogType(catalog, type.name);
    const properties = Object.entries(type.properties)
      .filter(([name, property]) => property.expression !== undefined && !type.key.includes(name))
      .map(([name]) => name);
    const { updated, overtaken } = await diffExpressions(tx, {
      laterSyncs,
      sync: sync.no,
      type: id,
      staged: stagedRows(preparation, id),
      properties,
      managedOnly: sync.scope?.managedOnly ?? false,
    });
    types.set(id, {
      stored: await countResources(tx, id),
      inserted: 0,
      updated,
      deleted: 0,
      withheld: 0,
      overtaken,
      rejected: 0,
    });
  }
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
    overtaken: [...types.values()].reduce((sum, each) => sum + each.overtaken, 0),
    findCauses: () => Promise.resolve([]),
  };
}
