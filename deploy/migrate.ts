import { loadConfig } from '../config.ts';
import { errorRecord } from '../domain/error-record.ts';
import { migrate } from '../repository/migrate.ts';

/** Brings the database to the schema of this version and ends: a job that runs before the API and the worker. */
const { databaseUrl } = loadConfig();
if (databaseUrl === undefined) {
  console.error('There is no database to migrate: set SYNCLINE_DATABASE_URL, or PGHOST and the other PG* variables.');
  process.exit(1);
}
try {
  const { applied } = await migrate(databaseUrl);
  console.log(applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.join(', ')}.`);
} catch (error) {
  console.error('The database could not be migrated.', errorRecord(error));
  process.exit(1);
}
