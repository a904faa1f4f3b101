import { bindColumns } from '../domain/bind-columns.ts';
import type { ConnectorFile } from '../domain/connector-file.ts';
import { keyText } from '../domain/key.ts';
import type { TableMapping } from '../domain/mapping.ts';
import { keysToAsk, type AskedKey } from '../domain/source-keys.ts';
import type { CopyWriter } from '../repository/copy.ts';
import type { SyncRow } from '../repository/syncs.ts';
import type { ExportStore } from '../store/export-store.ts';
import type { ConnectionTable } from './connection-tables.ts';
import type { Sinks } from './stage-table.ts';

/**
 * Of a table whose source was asked for single keys: freezes what is stored under the keys of which the source did not say
 * whether it has them, and warns of them.
 */
export async function stageOpenKeys(
  store: ExportStore,
  { sync, file, signal }: { sync: SyncRow; file: ConnectorFile; signal: AbortSignal },
  of: ConnectionTable,
  mapping: TableMapping,
  sinks: Sinks,
): Promise<void> {
  const { connection, table: manifest } = of;
  const keys = keysToAsk(file, sync.scope, connection, manifest.table);
  const reasons = new Map(manifest.keys?.unknown.map(({ values, reason }) => [JSON.stringify(values), reason]));
  const found = await foundKeys(store, of, mapping, signal);
  for (const asked of keys?.asked ?? []) {
    const reason = reasons.get(JSON.stringify(asked.values));
    for (const each of asked.of) {
      const key = keyText(each.key);
      const why = reason ?? (asked.only || found.has(idOf(each.entityType, key)) ? undefined : another);
      if (why === undefined) continue;
      const scope = each.link === undefined ? each.entityType : `${each.entityType}.${each.link}`;
      await add(
        each.link === undefined ? sinks.frozenKeys.get(scope) : sinks.frozenLinks.get(scope),
        each.link === undefined ? [key] : [key, undefined],
      );
      await add(sinks.errors, warning(manifest.table, keys?.by ?? [], each, why));
    }
  }
}

const another = 'It has only rows that are read as other keys under the usual form of this key.';

/** In the order of `errorColumns`. */
const warning = (
  table: string,
  by: readonly string[],
  { entityType, key, link }: AskedKey['of'][number],
  why: string,
) => [
  entityType,
  table,
  undefined,
  undefined,
  by.join(', '),
  link,
  key,
  'unknown-resource',
  `The source does not say whether it has this key, so what is stored stays as it is. ${why}`,
  'warning',
];

async function add(sink: CopyWriter | undefined, values: Parameters<CopyWriter['add']>[0]): Promise<void> {
  if (sink?.add(values)) await sink.flush();
}

const idOf = (entityType: string, key: string) => `${entityType} ${key}`;

/** The keys of the records, by entity type, whatever a condition says of them. */
async function foundKeys(
  store: ExportStore,
  { table, reference }: ConnectionTable,
  mapping: TableMapping,
  signal: AbortSignal,
): Promise<Set<string>> {
  const found = new Set<string>();
  const { entityTypes } = bindColumns(mapping, table.columns, { patch: true });
  for await (const { records } of store.readTable(reference, table, signal))
    for (const record of records)
      for (const type of entityTypes) {
        const mapped = type.map(record, 'delete');
        if ('keyText' in mapped && mapped.keyText !== undefined) found.add(idOf(type.name, mapped.keyText));
      }
  return found;
}
