import { keyText } from '../../../domain/key.ts';
import { listOpenErrors } from '../../../repository/open-errors-list.ts';
import { inSnapshot } from '../../../repository/snapshot.ts';
import { eachPage, sendCsv } from '../../csv-answer.ts';
import { keyFilter } from '../../key-filter.ts';
import { route } from '../../route.ts';
import { openErrorFilters } from './sync-errors.ts';

const columns = [
  'connector',
  'entityType',
  'key',
  'property',
  'code',
  'effect',
  'message',
  'table',
  'position',
  'column',
  'occurrences',
  'firstSeen',
  'lastSeen',
  'clearedBy',
  'syncId',
] as const;

export const syncErrorsCsvRoute = route({
  method: 'get',
  path: '/v1/sync-errors.csv',
  tag: 'status',
  summary: 'Open errors as a CSV file',
  query: openErrorFilters,
  answers: { 200: { description: 'One row for each open error, last seen first', type: 'text/csv' } },
  problems: [422],
  async handle({ deps, query: { key, ...rest }, response }) {
    return inSnapshot(deps.downloads, async (tx) => {
      const filter = { ...rest, key: await keyFilter(tx, rest.entityType, key) };
      async function* pages() {
        const read = (
          after: { lastSeen: string; id: number } | undefined,
          limit: number,
        ): ReturnType<typeof listOpenErrors> => listOpenErrors(tx, filter, after, limit);
        for await (const page of eachPage(read))
          yield page.map((error) => {
            const cells = { ...error, key: error.key && keyText(error.key) };
            return columns.map((name) => cells[name]);
          });
      }
      return sendCsv(response, 'open-errors.csv', [...columns], pages());
    });
  },
});
