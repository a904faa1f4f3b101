import type { Database } from '../repository/database.ts';
import type { CutTable } from '../repository/causes/index.ts';
import { lastExport } from '../repository/last-export.ts';
import type { ExportReference, SyncRow } from '../repository/syncs.ts';
import type { ExportStore } from '../store/export-store.ts';
import { countPlainLines, plainLines, sizeOf } from '../store/plain-lines.ts';
import { rowsFrom } from '../store/rows-from.ts';
import { tablesOf, type ConnectionTable } from './connection-tables.ts';

/** Fewer lost lines are no cut: leavers can stand at the end of a file. */
const fewestLost = 5;
const fewestShare = 0.01;
/** Lines of the end of the later file that are looked for in the earlier one. */
const tail = 20;
const tailBytes = 256 * 1024;
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
  const lost = await (isPlain(earlier) ? lostLines : lostRecords)(store, earlier, later);
  if (lost === undefined) return undefined;
  if (lost < fewest || Math.abs(missing - lost) > 0.2 * lost + 3) return undefined;
  return { kept: now, lost };
}

const isPlain = ({ table }: ConnectionTable) => table.parts.every(({ plain }) => plain);

/** Lines of the earlier file about where the end of the later one should be, in front and behind. */
const away = (rows: number) => Math.max(leeway.lines, Math.ceil(leeway.share * rows));

/**
 * Rows of the earlier file behind the end of the later one; undefined where that end is not found. A file that was cut is as
 * long as the part that is left, so only what lies about there is read.
 */
async function lostLines(
  store: ExportStore,
  earlier: ConnectionTable,
  later: ConnectionTable,
): Promise<number | undefined> {
  const [before, now] = [sizeOf(earlier), sizeOf(later)];
  let last: string[] = [];
  for await (const lines of plainLines(store, later, now - tailBytes, now))
    last = [...last, ...lines.slice(-tail).map(({ text }) => text)].slice(-tail);
  const ends = new Set(last);
  const near = (away(earlier.table.rows) * before) / earlier.table.rows;
  let place: number | undefined;
  for await (const lines of plainLines(store, earlier, now - near, Math.min(before, now + near)))
    place = lines.findLast(({ text }) => ends.has(text))?.end ?? place;
  return place === undefined ? undefined : countPlainLines(store, earlier, place);
}

/** The same of records that have to be parsed. */
async function lostRecords(
  store: ExportStore,
  earlier: ConnectionTable,
  later: ConnectionTable,
): Promise<number | undefined> {
  const [before, now] = [earlier.table.rows, later.table.rows];
  const ends = new Set<string>();
  for await (const { text } of rowsFrom(store, later, Math.max(0, now - tail), now)) ends.add(text);
  const near = away(before);
  let last = -1;
  for await (const { text, place } of rowsFrom(store, earlier, Math.max(0, now - near), Math.min(before, now + near)))
    if (ends.has(text)) last = place;
  return last < 0 ? undefined : before - last - 1;
}
