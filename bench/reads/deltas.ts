import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createCsvPackage } from '../../connectors/csv/index.ts';
import { csvSettings } from '../../connectors/csv/settings.ts';
import type { Connection } from '../../connectors/package.ts';
import { openDatabase, row } from '../../repository/database.ts';
import { storeLooks, takenDeltas } from '../../repository/checkpoint.ts';
import { median, timed } from '../statistics.ts';

export interface DeltasMeasured {
  files: number;
  /** Milliseconds: each file is read and hashed. */
  hashed: number;
  /** Milliseconds: each file is known by its stamp; the statement that reads the taken ones included. */
  known: number;
}

const times = 7;

/** What a poll costs over a folder of files that were all taken. */
export async function measureDeltas(
  url: string,
  folder: string,
  files: number,
  say: (text: string) => void,
): Promise<DeltasMeasured> {
  await mkdir(join(folder, 'd'), { recursive: true });
  for (let n = 0; n < files; n++)
    await writeFile(join(folder, 'd', `users-${String(n).padStart(6, '0')}.csv`), `command,id\ndelete,E${String(n)}\n`);
  const db = openDatabase(url, { applicationName: 'bench', poolSize: 1, statementTimeoutMs: 60_000 });
  try {
    const of = await row<{ id: number; sync: number }>(
      db,
      'select connector as id, max(no) as sync from syncline.sync group by 1 limit 1',
    );
    if (!of) throw new Error('there is no connector');
    const csv = createCsvPackage({ fileRoots: [folder] });
    const settings = csvSettings.parse({ directory: '.', delta: { directory: 'd', commandColumn: 'command' } });
    const connection: Connection = { name: 'files', settings, secrets: {} };
    const table = 'users.csv';
    const poll = async () => {
      const taken = await takenDeltas(db, of.id, 'files', table);
      const looks = [];
      for await (const event of csv.read(connection, {
        ...{ table, tables: [table], mode: 'incremental' },
        known: { taken, noted: new Map() },
      }))
        if (event.kind === 'passed-over') looks.push(...event.looks);
        else if (event.kind !== 'end') throw new Error('a taken file was read');
      return looks;
    };
    const { deltas } = (await csv.pending?.(connection, { table, tables: [table], taken: new Map() })) ?? {
      deltas: [],
    };
    await db.raw(
      `insert into syncline.delta_taken (connector, connection, source_table, name, sha256, bytes, sync, stamp, stamped_at)
       select ?, 'files', ?, name, sha256, bytes, ?, stamp, now() - interval '1 minute'
       from jsonb_to_recordset(?::jsonb) f(name text, sha256 text, bytes bigint, stamp text)`,
      [of.id, table, of.sync, JSON.stringify(deltas)],
    );
    await db.raw('analyze syncline.delta_taken');
    const hashed = await timed(poll);
    await storeLooks(db, of.id, { connection: 'files', table }, hashed.result);
    const known: number[] = [];
    for (let n = 0; n < times; n++) known.push(1000 * (await timed(poll)).seconds);
    const measured = { files, hashed: 1000 * hashed.seconds, known: median(known) };
    say(
      `${String(files)} taken delta files: ${measured.hashed.toFixed(0)} ms hashed, ${measured.known.toFixed(0)} ms known`,
    );
    return measured;
  } finally {
    await db.destroy();
  }
}
