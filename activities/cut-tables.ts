import type { Database } from '../repository/database.ts';
import type { CutTable } from '../repository/causes/index.ts';
import { lastExport, type ExportReference, type SyncRow } from '../repository/syncs.ts';
import type { ExportStore } from '../store/export-store.ts';
import { rowsFrom } from '../store/rows-from.ts';
import { tablesOf, type ConnectionTable } from './stage-export.ts';

/** Fewer lost lines are no cut: leavers can stand at the end of a file. */
const fewestLost = 5;
const fewestShare = 0.01;
/** Lines of the end of the later file that are looked for in the earlier one. */
const tail = 20;
/** How far from its place the end may be found, since a few rows come and go above it: lines, and part of the table. */
const leeway = { lines: 200, share: 0.02 };

/**
 * Finds tables that lost their last lines since the last applied export: the end of the later file is somewhere within the
 * earlier one, and about all that is missing stood behind it. Reads the two ends alone, and only of a table that is shorter.
 */
export function cutTables(
  { db, store }: { db: Database; store: ExportStore },
  sync: SyncRow,
): (connection: string, table: string) => Promise<CutTable | undefined> {
  const known = new Map<string, CutTable | undefined>();
  let exported: Promise<{ earlier: ConnectionTable[]; later: ConnectionTable[] }> | undefined;
  return async (connection, table) => {
    const name = JSON.stringify([connection, table]);
    if (known.has(name)) return known.get(name);
    const { earlier, later } = await (exported ??= exportsOf({ db, store }, sync));
    const of = (tables: ConnectionTable[]) =>
      tables.find((each) => each.connection === connection && each.table.table === table);
    const [before, now] = [of(earlier), of(later)];
    // an export that was removed or altered meanwhile is no reason to fail
    const cut = before && now ? await cutOf(store, before, now).catch(() => undefined) : undefined;
    known.set(name, cut);
    return cut;
  };
}

async function exportsOf({ db, store }: { db: Database; store: ExportStore }, sync: SyncRow) {
  const last = await lastExport(db, sync.connector, true);
  const tables = (ref: ExportReference | undefined) =>
    ref ? tablesOf(store, ref, sync.connectorName).catch(() => []) : Promise.resolve([]);
  return { earlier: await tables(last?.exportRef), later: await tables(sync.preparation?.exportRef) };
}

async function cutOf(
  store: ExportStore,
  earlier: ConnectionTable,
  later: ConnectionTable,
): Promise<CutTable | undefined> {
  const [before, now] = [earlier.table.rows, later.table.rows];
  const missing = before - now;
  const fewest = Math.max(fewestLost, fewestShare * before);
  if (now === 0 || missing < fewest || later.mode === 'incremental') return undefined;
  // texts of plain lines and of records cannot be compared
  const written = ({ table }: ConnectionTable) =>
    JSON.stringify([table.columns, ...new Set(table.parts.map(({ plain }) => plain?.delimiter ?? ''))]);
  if (written(earlier) !== written(later)) return undefined;
  const ends = new Set<string>();
  for await (const { text } of rowsFrom(store, later, Math.max(0, now - tail), now)) ends.add(text);
  const away = Math.max(leeway.lines, Math.ceil(leeway.share * before));
  let last = -1;
  for await (const { text, place } of rowsFrom(store, earlier, Math.max(0, now - away), Math.min(before, now + away)))
    if (ends.has(text)) last = place;
  if (last < 0) return undefined;
  const lost = before - last - 1;
  if (lost < fewest || Math.abs(missing - lost) > 0.2 * lost + 3) return undefined;
  return { kept: now, lost };
}
