import { expect } from 'vitest';
import type { Connection, ConnectorPackage, ReadEvent, ReadRequest } from '../../connectors/package.ts';
import { take } from './suite-reads.ts';

/** What the tests of CSV files on other machines share. */

/** A table of several files, and the settings that read all of them. */
export const table = 'people-*.csv';
export const allOf = { tables: { [table]: { take: 'all' } } };
const manyRows = 300;
/** A file that does not come in one piece. */
export const large = `id,name\n${Array.from({ length: manyRows }, (_, i) => `${String(i)},${'y'.repeat(20_000)}\n`).join('')}`;

type Asked = [table: string, settings?: Record<string, unknown>, request?: Partial<ReadRequest>];

export function readerOf<Settings>(
  adapter: ConnectorPackage<Settings>,
  connection: (settings?: Record<string, unknown>) => Connection<Settings>,
) {
  const events = (...[name, settings, request]: Asked): AsyncIterable<ReadEvent> =>
    adapter.read(connection(settings), { table: name, tables: [name], mode: 'complete', ...request });
  return { events, read: (...asked: Asked) => take(events(...asked), Infinity) };
}

/** The file `name`, which is `large`, is lost in the middle, and the next attempt reads the rest. @returns where that began */
export async function expectToGoOn(
  { events, read }: ReturnType<typeof readerOf>,
  name: string,
  cut: () => void,
): Promise<string> {
  const resumes: string[] = [];
  let rows = 0;
  const reading = (async () => {
    for await (const event of events(name)) {
      if (event.kind !== 'lines') continue;
      resumes.push(event.resume);
      rows += event.lines.rows;
      cut();
    }
  })();
  await expect(reading).rejects.toMatchObject({ code: 'connection', retryable: true });
  const resumeAfter = resumes.at(-1) ?? '';
  const rest = await read(name, {}, { resumeAfter });
  expect(rows + rest.rows.length).toBe(manyRows);
  expect(rest.end?.certificate).toEqual({ certified: true });
  return resumeAfter;
}
