import { createHash } from 'node:crypto';
import { stat, type FileHandle } from 'node:fs/promises';
import { SyncError } from '../../domain/errors.ts';
import type { Archive } from '../archive.ts';
import { filesBelow, findFolder, openFile } from '../file-roots.ts';
import type {
  Connection,
  ConnectionTest,
  ConnectorPackage,
  DiscoveredTable,
  ReadEvent,
  ReadRequest,
  RecordFault,
  RecordWarning,
  SourceRecord,
} from '../package.ts';
import { openWorkbookFile } from './archive.ts';
import { xlsxDescription } from './description.ts';
import { columnsOf, headerFault } from './header.ts';
import type { XlsxSettings } from './settings.ts';
import { missingSheet, readSheet, type SheetRow } from './sheet.ts';
import { readWorkbook, type Workbook } from './workbook.ts';

/** Spreadsheets in folders below the roots. Every table is a sheet. */
export function createXlsxPackage({ fileRoots }: { fileRoots: readonly string[] }): ConnectorPackage {
  return xlsxPackage(fileRoots);
}

const endings = ['.xlsx', '.xlsm', '.xls', '.xlsb', '.ods'];
const longestCell = 1 << 20;

function xlsxPackage(fileRoots: readonly string[]): ConnectorPackage<XlsxSettings> {
  async function opened<Answer>(
    { directory }: XlsxSettings,
    file: string,
    use: (handle: FileHandle, path: string) => Promise<Answer>,
  ): Promise<Answer> {
    const folder = await findFolder(fileRoots, directory);
    const { handle, path } = await openFile(fileRoots, folder, file);
    try {
      return await use(handle, path);
    } finally {
      await handle.close();
    }
  }

  async function* read({ settings }: Connection<XlsxSettings>, request: ReadRequest): AsyncGenerator<ReadEvent> {
    const { table, wanted, signal } = request;
    signal?.throwIfAborted();
    const [file, wantedSheet] = splitTable(table);
    const folder = await findFolder(fileRoots, settings.directory);
    const { handle, path } = await openFile(fileRoots, folder, file);
    try {
      const before = await identityOf(handle, path, file);
      const state = await stateOf(handle, signal);
      const archive = await openWorkbookFile(handle, file);
      const workbook = await readWorkbook(archive, file, { strings: true });
      const part = sheetOf(workbook, file, wantedSheet);
      let columns: string[] | undefined;
      for await (const rows of readSheet(archive, file, part, workbook)) {
        signal?.throwIfAborted();
        const behind = rows.filter(({ number }) => number > settings.headerRow);
        if (!columns) {
          columns = headerOf(rows, settings, table);
          if (columns) yield { kind: 'segment', source: table, columns };
        }
        if (!columns) continue;
        const names = columns;
        const records = behind.flatMap((row) => recordOf(row, names, wanted?.columns) ?? []);
        if (records.length > 0) yield { kind: 'records', records, resume: '' };
      }
      if (!columns) throw noHeader(table, settings);
      if ((await identityOf(handle, path, file)) !== before) throw changed(file);
      yield { kind: 'end', certificate: { certified: true }, state };
    } finally {
      await handle.close();
    }
  }

  async function describe(settings: XlsxSettings, file: string): Promise<DiscoveredTable[]> {
    try {
      return await opened(settings, file, async (handle) => {
        const { size, mtime } = await handle.stat();
        const archive = await openWorkbookFile(handle, file);
        const workbook = await readWorkbook(archive, file, { strings: true });
        const tables: DiscoveredTable[] = [];
        for (const [sheet, part] of workbook.sheets) {
          const table = workbook.sheets.size === 1 ? file : `${file}#${sheet}`;
          const about = { bytes: size, modifiedAt: mtime.toISOString() };
          tables.push({ table, ...(await describeSheet(archive, file, part, workbook, settings, table)), ...about });
        }
        return tables;
      });
    } catch (error) {
      if (error instanceof SyncError) return [{ table: file, columns: [], problem: `${error.code}: ${error.message}` }];
      throw error;
    }
  }

  return {
    ...xlsxDescription,
    read,

    state: ({ settings }, table, signal) => opened(settings, splitTable(table)[0], (handle) => stateOf(handle, signal)),

    async test({ settings }): Promise<ConnectionTest> {
      try {
        const files = await filesBelow(await findFolder(fileRoots, settings.directory), endings);
        const message =
          files.length === 0
            ? 'The folder exists, but has no spreadsheets.'
            : `The folder has ${String(files.length)} spreadsheets.`;
        return { ok: true, message };
      } catch (error) {
        if (error instanceof SyncError) return { ok: false, code: error.code, message: error.message };
        throw error;
      }
    },

    async discover({ settings }) {
      const tables: DiscoveredTable[] = [];
      for (const file of await filesBelow(await findFolder(fileRoots, settings.directory), endings))
        tables.push(...(await describe(settings, file)));
      return tables;
    },
  };
}

/** `staff.xlsx#People` is a sheet, `staff.xlsx` the only one of its file. A sheet may have a # in its name. */
function splitTable(table: string): [string, string | undefined] {
  const at = table.indexOf('#');
  return at < 0 ? [table, undefined] : [table.slice(0, at), table.slice(at + 1)];
}

function sheetOf({ sheets }: Workbook, file: string, wanted: string | undefined): string {
  const names = [...sheets.keys()];
  const part = wanted === undefined ? (sheets.size === 1 ? [...sheets.values()][0] : undefined) : sheets.get(wanted);
  if (part === undefined) throw missingSheet(file, names, wanted);
  return part;
}

/** The columns, once the rows reach the header. @throws SyncError where the header has none */
function headerOf(rows: readonly SheetRow[], settings: XlsxSettings, table: string): string[] | undefined {
  const header = rows.find(({ number }) => number === settings.headerRow);
  if (!header) {
    if (rows.some(({ number }) => number > settings.headerRow)) throw noHeader(table, settings);
    return undefined;
  }
  const columns = columnsOf(header);
  const fault = headerFault(table, settings.headerRow, header, columns);
  if (fault) throw fault;
  if (columns.length === 0) throw noHeader(table, settings);
  return columns;
}

/** @returns undefined for a row without values */
function recordOf(
  row: SheetRow,
  columns: readonly string[],
  wanted: readonly string[] | undefined,
): SourceRecord | undefined {
  if (row.cells.size === 0) return undefined;
  const cells = columns.map((name, at) => (name === '' ? '' : (row.cells.get(at)?.text ?? '')));
  const faults = columns.flatMap((column, at): RecordFault[] => {
    const cell = row.cells.get(at);
    if (column === '' || !cell) return [];
    if (cell.fault)
      return [{ code: cell.fault.code, column, message: `The cell of column ${column} ${cell.fault.what}.` }];
    return textFaults(column, cell.text);
  });
  // what nobody reads rejects nobody
  const fault = wanted ? faults.find(({ column }) => wanted.includes(column ?? '')) : faults[0];
  for (const each of faults) cells[columns.indexOf(each.column ?? '')] = '';
  if (!fault && cells.every((cell) => cell === '')) return undefined;
  if (fault) return { line: row.number, cells, fault };
  const merged = columns.find(
    (name, at) => name !== '' && row.merges?.hides(at) === true && (wanted?.includes(name) ?? true),
  );
  return { line: row.number, cells, ...(merged === undefined ? {} : { warning: mergedCell(merged) }) };
}

const mergedCell = (column: string): RecordWarning => ({
  code: 'cell-merged',
  column,
  message: `The cell of column ${column} is merged with an earlier one, which alone has the value. Here it counts as empty.`,
});

function textFaults(column: string, text: string): RecordFault[] {
  if (text.length > longestCell / 4 && Buffer.byteLength(text) > longestCell)
    return [{ code: 'field-too-long', column, message: `The cell of column ${column} is longer than 1 MiB.` }];
  if (text.includes('\0') || !text.isWellFormed())
    return [
      {
        code: 'invalid-character',
        column,
        message: `The cell of column ${column} has a NUL or half of a surrogate pair, which Postgres cannot store.`,
      },
    ];
  return [];
}

async function describeSheet(
  archive: Archive,
  file: string,
  part: string,
  workbook: Workbook,
  settings: XlsxSettings,
  table: string,
): Promise<Pick<DiscoveredTable, 'columns' | 'problem'>> {
  try {
    for await (const rows of readSheet(archive, file, part, workbook)) {
      const columns = headerOf(rows, settings, table);
      if (!columns) continue;
      return {
        columns: columns
          .filter((name) => name !== '')
          .map((name) => ({ name, type: 'string', multiValued: false, nullable: true })),
      };
    }
    throw noHeader(table, settings);
  } catch (error) {
    if (error instanceof SyncError) return { columns: [], problem: `${error.code}: ${error.message}` };
    throw error;
  }
}

const noHeader = (table: string, { headerRow }: XlsxSettings) =>
  new SyncError(
    'empty-file',
    `${table} has no header in row ${String(headerRow)}. If the names of the columns are in another row, correct the setting headerRow.`,
    { table, line: headerRow },
  );

const changed = (file: string) =>
  new SyncError(
    'changed-during-read',
    `${file} was changed or replaced while it was read. Write files under another name and rename them when they are complete. Then start the sync again.`,
    { table: file },
  );

/** The bytes of a file decide which rows it gives. */
async function stateOf(handle: FileHandle, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  const bytes = handle.createReadStream({ autoClose: false, start: 0, highWaterMark: 1 << 20 });
  for await (const chunk of bytes as AsyncIterable<Buffer>) {
    signal?.throwIfAborted();
    hash.update(chunk);
  }
  return hash.digest('hex');
}

/** Equal as long as nobody writes the file or puts another in its place. */
async function identityOf(handle: FileHandle, path: string, file: string): Promise<string> {
  try {
    const looks = [await handle.stat({ bigint: true }), await stat(path, { bigint: true })];
    return looks.map(({ dev, ino, size, mtimeNs }) => [dev, ino, size, mtimeNs].join()).join(' ');
  } catch {
    throw changed(file);
  }
}
