import { existsSync, readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { childEnvironment } from '../environment.ts';
import { fileOf, tables } from '../generate.ts';
import { destinationIn, keysOf, type Peer } from './peer.ts';

/** The last versions whose package has the program in it; later ones fetch it from elsewhere when they are first used. */
const packages: Record<string, string> = {
  'linux-x64': 'sling-linux-amd64==1.4.11',
  'linux-arm64': 'sling-linux-arm64==1.4.11',
  'darwin-x64': 'sling-mac-amd64==1.4.10.post2',
  'darwin-arm64': 'sling-mac-arm64==1.4.10.post2',
};
const ours = packages[`${process.platform}-${process.arch}`] ?? 'sling-linux-amd64==1.4.11';
const destination = destinationIn('sling_bench');

/** Its option to delete what is missing is set; over files it was seen to remove nothing. */
export const sling: Peer = {
  name: 'sling',
  title: `sling ${ours.split('==')[1] ?? ''}`,
  use: 'mode incremental by primary key, with delete_missing: hard',
  requirements: [ours],
  async load({ environment, databaseUrl, scratch }, folder) {
    const replication = join(scratch, 'replication.yaml');
    await writeFile(
      replication,
      stringify({
        source: 'LOCAL',
        target: 'BENCH',
        defaults: {
          mode: 'incremental',
          // as text, like everywhere else
          source_options: { columns: { '*': 'string' }, empty_as_null: true },
          target_options: { delete_missing: 'hard' },
        },
        streams: Object.fromEntries(
          tables.map((table) => [
            `file://${fileOf(folder, table)}`,
            { object: destination(table), primary_key: keysOf[table] },
          ]),
        ),
      }),
    );
    return {
      command: programIn(environment.packages),
      args: ['run', '--replication', replication],
      env: childEnvironment({
        BENCH: `${databaseUrl}?sslmode=disable`,
        SLING_HOME_DIR: scratch,
        SLING_DISABLE_TELEMETRY: 'TRUE',
      }),
      cwd: scratch,
    };
  },
  destination,
};

function programIn(folder: string): string {
  for (const name of readdirSync(folder).filter((each) => each.startsWith('sling_'))) {
    const bin = join(folder, name, 'bin');
    const program = existsSync(bin) ? readdirSync(bin).find((each) => each.startsWith('sling')) : undefined;
    if (program !== undefined) return join(bin, program);
  }
  throw new Error('its package does not have the program');
}
