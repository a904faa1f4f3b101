import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createCsvPackage } from '../../connectors/csv/index.ts';
import { csvSettings } from '../../connectors/csv/settings.ts';
import type { ReadEvent, ReadRequest } from '../../connectors/package.ts';
import type { SyncError } from '../../domain/errors.ts';
import { take, type Read } from './suite-reads.ts';

/** Folders of files below a root, and the package that reads them. */
export async function csvFolder() {
  const root = await mkdtemp(join(tmpdir(), 'syncline-csv-'));
  const adapter = createCsvPackage({ fileRoots: [root] });
  const place = (name: string) => join(root, 'hr', name);
  const connection = (settings: Record<string, unknown> = {}) => ({
    name: 'files',
    settings: csvSettings.parse({ directory: 'hr', ...settings }),
    secrets: {},
  });
  const events = (
    table: string,
    settings?: Record<string, unknown>,
    request: Partial<ReadRequest> = {},
  ): AsyncIterable<ReadEvent> =>
    adapter.read(connection(settings), { table, tables: [table], mode: 'complete', ...request });
  const read = (
    table: string,
    settings?: Record<string, unknown>,
    request: Partial<ReadRequest> = {},
    stopAfter = Infinity,
  ): Promise<Read> => take(events(table, settings, request), stopAfter);
  return {
    root,
    adapter,
    place,
    connection,
    events,
    read,
    async write(name: string, content: string | Buffer) {
      await mkdir(dirname(place(name)), { recursive: true });
      await writeFile(place(name), content);
    },
    state: (table: string, settings?: Record<string, unknown>) => adapter.state?.(connection(settings), table),
    async failure(table: string, settings?: Record<string, unknown>, request?: Partial<ReadRequest>) {
      const failed: unknown = await read(table, settings, request).catch((error: unknown) => error);
      return failed as SyncError;
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
}
