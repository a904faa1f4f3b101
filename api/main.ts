import { Client, Connection } from '@temporalio/client';
import { ConfigError, loadConfig, type Config } from '../config.ts';
import packageJson from '../package.json' with { type: 'json' };
import { careForKeepers } from '../keepers.ts';
import { openProcessLog } from '../process-log.ts';
import { installationId } from '../repository/installation.ts';
import { openStore } from '../store/export-store.ts';
import { temporalConnection } from '../temporal-connection.ts';
import { namesOf } from '../workflows/names.ts';
import { createApp } from './app.ts';
import { isLoopback } from './origin.ts';
import { closePools, openPools } from './pools.ts';
import { createApiServer } from './server.ts';

process.title = 'syncline-api';

function readConfig(): Config {
  try {
    return loadConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

const config = readConfig();
const log = openProcessLog('syncline-api', config.log);

if (config.databaseUrl === undefined || config.temporal.address === undefined) {
  log.fatal('The API needs SYNCLINE_DATABASE_URL (or PG*) and SYNCLINE_TEMPORAL_ADDRESS; npm start sets both.');
  process.exit(1);
}
if (!isLoopback(config.api.host) && !config.api.trustNetwork) {
  log.fatal(
    `The API has no logins yet, so it does not listen on ${config.api.host}. Set SYNCLINE_API_HOST=127.0.0.1, or SYNCLINE_TRUST_NETWORK=true if everyone who reaches the API may do everything.`,
  );
  process.exit(1);
}

const pools = openPools(config.databaseUrl);
// lazy: the API starts, and can be read, while Temporal does not answer
const connection = Connection.lazy(await temporalConnection(config.temporal));
const temporal = new Client({ connection, namespace: config.temporal.namespace });
const names = namesOf(config.installation);
const care = careForKeepers({
  client: temporal,
  owner: async () => ({ names, id: await installationId(pools.db) }),
  intervals: config,
  // the workers set the intervals
  adjust: false,
  warn: (error) => {
    log.warn({ err: error }, 'the API could not check whether reconcile and clean-up run');
  },
});
const app = createApp({
  ...pools,
  temporal,
  names,
  takenBy: care.takenBy,
  store: openStore(config.exportStore),
  config,
  log,
  version: packageJson.version,
});
const server = createApiServer(app);
server.on('error', (error: NodeJS.ErrnoException) => {
  log.fatal(
    error.code === 'EADDRINUSE'
      ? `The port ${String(config.api.port)} is in use: end the process that listens there, or set SYNCLINE_API_PORT.`
      : `The API cannot listen on ${config.api.host}:${String(config.api.port)}: ${error.message}`,
  );
  process.exit(1);
});
server.listen(config.api.port, config.api.host, () => {
  log.info(`listening on http://${config.api.host}:${String(config.api.port)}`);
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    log.info('stopping');
    care.stop();
    pools.live.end();
    // event streams would keep it open for ever
    setTimeout(() => {
      server.closeAllConnections();
    }, 3_000).unref();
    server.close(() => {
      void Promise.allSettled([closePools(pools), connection.close()]).then(() => process.exit(0));
    });
  });
}
