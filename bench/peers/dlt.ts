import { join } from 'node:path';
import { childEnvironment } from '../environment.ts';
import { destinationIn, type Peer } from './peer.ts';

const schema = 'dlt_bench';

/** The fastest way to use it that we know of. */
export const dlt: Peer = {
  name: 'dlt',
  title: 'dlt 1.31.0',
  use: 'write disposition merge by primary key; files read by Arrow, loaded by COPY',
  requirements: ['dlt[postgres]==1.31.0', 'pyarrow==26.0.1'],
  load: ({ environment, databaseUrl, scratch }, folder) =>
    Promise.resolve({
      command: environment.python,
      args: [join(import.meta.dirname, 'dlt-load.py'), folder, databaseUrl, schema, join(scratch, 'pipelines')],
      env: childEnvironment({ RUNTIME__DLTHUB_TELEMETRY: 'false', RUNTIME__LOG_LEVEL: 'ERROR', DLT_DATA_DIR: scratch }),
      cwd: scratch,
    }),
  destination: destinationIn(schema),
};
