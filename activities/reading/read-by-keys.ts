import type { Connection, ConnectorPackage, KeyAnswers, Pacer, ReadSession } from '../../connectors/package.ts';
import { SyncError } from '../../domain/errors.ts';
import type { ExportRequest, TableRequest } from '../../store/export-request.ts';
import type { AttemptReference, ExportStore } from '../../store/export-store.ts';
import type { ManifestTable } from '../../store/manifest.ts';
import { askKeys } from './read-session.ts';
import type { Report } from './report.ts';

interface ByKeys {
  store: ExportStore;
  request: ExportRequest;
  adapter: ConnectorPackage;
  connection: Connection;
  session: ReadSession;
  of: TableRequest;
  reference: AttemptReference;
  report: Report;
  pacer: Pacer;
  /** After each answer of the source. */
  answered: () => Promise<void>;
  signal: AbortSignal;
}

type Keys = NonNullable<TableRequest['keys']>;

/**
 * Asks a source for the keys that a sync of single items wants of a table, and writes what it answers.
 * @returns undefined if the table has to be read whole
 */
export async function readByKeys(reading: ByKeys): Promise<ManifestTable | undefined> {
  const { request, of, report, pacer, signal } = reading;
  const { table, wanted, keys, last } = of;
  if (!keys || !wanted) return undefined;
  await pacer.request();
  const asked = keys.asked.map(({ values }) => values);
  const told = await askKeys(reading, {
    ...{ table, wanted, by: keys.by, keys: asked, pacer, signal },
    ...(last ? { last } : {}),
  });
  if (!told) return undefined;
  await reading.answered();
  if (told.answers.length !== asked.length)
    throw new SyncError('internal', `The package did not answer about every key of ${table}.`, { table });
  const why = whyWhole(keys, told);
  if (why !== undefined) {
    await report.line('info', `Reads the whole of ${table}. ${why}`);
    return undefined;
  }
  const { certificate } = told;
  return {
    connection: request.connection.name,
    table,
    columns: told.columns,
    structured: true,
    ...certificate,
    state: { files: [] },
    ...(await write(reading, told)),
    keys: {
      asked: asked.length,
      unknown: told.answers.flatMap((answer, i) =>
        answer.state === 'unknown' ? [{ values: asked[i] ?? [], reason: answer.reason }] : [],
      ),
    },
  };
}

/** Why the answers are not enough, for people. */
function whyWhole({ asked, links }: Keys, { answers, certificate }: KeyAnswers): string | undefined {
  const unasked = answers.find((answer) => answer.state === 'unknown' && answer.unasked);
  if (unasked?.state === 'unknown') return unasked.reason;
  if (answers.some(({ state }, i) => state === 'gone' && !asked[i]?.only))
    return 'It has nothing under the usual form of a key, and may have the key in another form.';
  if (links && !certificate.certified)
    return `The answers about single keys do not prove that these were all links. ${certificate.reason}`;
  return undefined;
}

/** Writes the records of all keys. A record that several keys have found is written as often: it is the same row. */
async function write(
  { store, reference, of: { table } }: ByKeys,
  { columns, answers }: KeyAnswers,
): Promise<Pick<ManifestTable, 'rows' | 'parts'>> {
  const writer = await store.beginTable(reference, table);
  try {
    for (const answer of answers)
      if (answer.state === 'found') await writer.writeStructured(table, columns, 'records', answer.records);
    return { rows: writer.rows, parts: await writer.finish() };
  } finally {
    await writer.abandon();
  }
}
