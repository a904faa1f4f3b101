import { z } from 'zod';
import { keyText } from '../../../domain/key.ts';
import { listErrors } from '../../../repository/errors-list.ts';
import { inSnapshot } from '../../../repository/snapshot.ts';
import { eachPage, sendCsv } from '../../csv-answer.ts';
import { keyFilter } from '../../key-filter.ts';
import { pageQuery, readCursor, rowNumber, toPage } from '../../pagination.ts';
import { route } from '../../route.ts';
import { rowErrorSchema } from '../../schemas/sync.ts';
import { pageOf, rowCodeSchema } from '../../schemas/words.ts';
import { requireSync } from '../../sync-body.ts';

const filterQuery = {
  entityType: z.string().optional(),
  code: rowCodeSchema.optional(),
  key: z.string().optional().describe('As in a path, or a JSON array of strings'),
};

export const errorsRoute = route({
  method: 'get',
  path: '/v1/syncs/{id}/errors',
  tag: 'syncs',
  summary: 'Rows and links that could not be used, and warnings',
  params: { id: z.string() },
  query: { ...pageQuery, ...filterQuery },
  answers: { 200: { description: 'A page', schema: pageOf(rowErrorSchema) } },
  problems: [404, 422],
  async handle({ deps, params, query: { limit, cursor, key, ...rest } }) {
    const sync = await requireSync(deps.db, params.id);
    const filter = { ...rest, key: await keyFilter(deps.db, rest.entityType, key) };
    const found = await listErrors(deps.db, sync.no, filter, readCursor(cursor, rowNumber) ?? 0, limit + 1);
    return {
      status: 200,
      body: toPage(
        found,
        limit,
        (last) => last.seq,
        ({ seq: _seq, ...error }) => error,
      ),
    };
  },
});

export const errorsCsvRoute = route({
  method: 'get',
  path: '/v1/syncs/{id}/errors.csv',
  tag: 'syncs',
  summary: 'The same as a CSV file',
  params: { id: z.string() },
  query: filterQuery,
  answers: { 200: { description: 'One row for each error or warning', type: 'text/csv' } },
  problems: [404, 422],
  async handle({ deps, params, query: { key, ...rest }, response }) {
    const filter = { ...rest, key: await keyFilter(deps.db, rest.entityType, key) };
    const columns = [
      'entityType',
      'table',
      'line',
      'column',
      'property',
      'key',
      'code',
      'effect',
      'message',
      'position',
    ];
    return inSnapshot(deps.downloads, async (tx) => {
      const sync = await requireSync(tx, params.id);
      async function* pages() {
        const read = (after: { seq: number } | undefined, limit: number) =>
          listErrors(tx, sync.no, filter, after?.seq ?? 0, limit);
        for await (const page of eachPage(read))
          yield page.map((error) => [
            error.entityType,
            error.table,
            error.line,
            error.column,
            error.property,
            error.key && keyText(error.key),
            error.code,
            error.effect,
            error.message,
            error.position,
          ]);
      }
      return sendCsv(response, `errors-${sync.id}.csv`, columns, pages());
    });
  },
});
