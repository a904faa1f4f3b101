import { readingSettings } from '../connectors/registry.ts';
import { amount, some } from '../domain/amount.ts';
import type { ConnectorFile } from '../domain/connector-file.ts';
import { inScope, operationsOn } from '../domain/scope.ts';
import type { Transaction } from '../repository/database.ts';
import { taskOf } from '../domain/task-results.ts';
import { findCauses, type CauseSubject } from '../repository/causes/index.ts';
import { forgetChanges, type DiffResult } from '../repository/diff.ts';
import { appliedSince, diffExpressions } from '../repository/diff-expressions.ts';
import { createRefused, hasRefusals } from '../repository/refusals/active.ts';
import { judgeMatches } from '../repository/refusals/judge.ts';
import { countResources } from '../repository/stored.ts';
import { logSync } from '../repository/sync-log.ts';
import type { SyncRow } from '../repository/syncs.ts';
import { catalogType, scopeKeys, type Catalog } from './plan-diff.ts';
import type { FoundChanges } from './found-changes.ts';
import { countersOf, namesOf } from './verdicts.ts';

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
  const refusals = await hasRefusals(tx, sync.connector);
  if (refusals) await createRefused(tx, sync.no);
  const laterSyncs = (await appliedSince(tx, sync.connector, preparation.exportRef.syncId)).map(({ no }) => no);
  for (const type of file.entityTypes.filter((each) => inScope(sync.scope, each.name))) {
    if (!operationsOn(sync.scope, type).includes('update')) continue;
    const row = catalogType(catalog, type.name);
    const { id } = row;
    const properties = Object.entries(type.properties)
      .filter(([name, property]) => property.expression !== undefined && !type.key.includes(name))
      .map(([name]) => name);
    const { updated, left, suppressed } = await diffExpressions(tx, {
      laterSyncs,
      sync: sync.no,
      type: id,
      staging: preparation,
      properties,
      scopeKeys: scopeKeys(sync.scope, row),
      managedOnly: sync.scope?.managedOnly ?? false,
      refusals,
    });
    types.set(id, {
      stored: await countResources(tx, id),
      inserted: 0,
      updated,
      deleted: 0,
      withheld: 0,
      overtaken: left,
      suppressed,
      rejected: 0,
    });
  }
  // the source was not read: what is proposed in another form ends nothing
  if (refusals) await judgeMatches(tx, sync.no, ['seen']);
  const overtaken = [...types.values()].reduce((sum, each) => sum + each.overtaken, 0);
  if (overtaken > 0)
    await logSync(
      tx,
      sync.no,
      taskOf(sync, 'synchronize'),
      'warn',
      `Left ${amount(overtaken, 'resource')} unchanged: other syncs have read or written ${some(overtaken, 'it', 'them')} since the complete export that the expressions were evaluated over. A complete sync evaluates ${some(overtaken, 'its', 'their')} expressions.`,
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
    findCauses: (of) =>
      findCauses(tx, {
        ...of,
        sync: sync.no,
        connector: sync.connector,
        subjects: subjectsOf(types, file, catalog),
        file,
        changedFilters: [],
        readingSettings,
        cutTable: () => Promise.resolve(undefined),
      }),
  };
}

/** The types as the search for causes sees them: no row was compared, so nothing is known of tables and links. */
const subjectsOf = (types: DiffResult['types'], file: ConnectorFile, catalog: Catalog): CauseSubject[] =>
  file.entityTypes.flatMap((type) => {
    const { id } = catalogType(catalog, type.name);
    const found = types.get(id);
    return found
      ? [{ ...namesOf(id, type), ...found, whole: false, read: 0, rejected: 0, unreadable: 0, links: [] }]
      : [];
  });
