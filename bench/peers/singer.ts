import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { childEnvironment } from '../environment.ts';
import { destinationIn, type Peer, type PeerSite } from './peer.ts';

const schema = 'singer_bench';

/** Versions of the tables must grow from one load to the next. */
let version = 0;

/** A tap of ours writes the files as Singer messages into a target; its time counts, as any tap's would. */
async function pipe(
  { environment, databaseUrl, scratch }: PeerSite,
  folder: string,
  settings: (url: URL) => Record<string, unknown>,
) {
  const config = join(scratch, 'target.json');
  await writeFile(config, JSON.stringify(settings(new URL(databaseUrl))), { mode: 0o600 });
  version += 1;
  const tap = [environment.python, join(import.meta.dirname, 'tap-csv.py'), folder, String(version)];
  return {
    command: 'bash',
    args: [
      ...['-o', 'pipefail', '-c', '"$1" "$2" "$3" "$4" | "$5" --config "$6" > /dev/null', 'bench'],
      ...[...tap, join(environment.bin, 'target-postgres'), config],
    ],
    env: childEnvironment(),
    cwd: scratch,
  };
}

const access = (url: URL) => ({
  host: url.hostname,
  port: Number(url.port),
  user: url.username,
  password: url.password,
});

/** The maintained target, told to delete the rows that a new version of a table does not have. */
export const meltanolabs: Peer = {
  name: 'meltanolabs',
  title: 'meltanolabs-target-postgres 0.8.1',
  use: 'Singer, with activate_version, hard_delete and use_copy; the tap is ours and sends whole tables as versions',
  requirements: ['meltanolabs-target-postgres==0.8.1'],
  load: (site, folder) =>
    pipe(site, folder, (url) => ({
      ...access(url),
      database: url.pathname.slice(1),
      default_target_schema: schema,
      activate_version: true,
      hard_delete: true,
      add_record_metadata: true,
      use_copy: true,
    })),
  destination: destinationIn(schema),
};

/** The older, faster one, which takes no notice of versions. */
export const pipelinewise: Peer = {
  name: 'pipelinewise',
  title: 'pipelinewise-target-postgres 2.1.2',
  use: 'Singer, with hard_delete and the same tap',
  requirements: ['pipelinewise-target-postgres==2.1.2'],
  load: (site, folder) =>
    pipe(site, folder, (url) => ({
      ...access(url),
      dbname: url.pathname.slice(1),
      default_target_schema: schema,
      hard_delete: true,
    })),
  destination: destinationIn(schema),
};
