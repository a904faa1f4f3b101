import { z } from 'zod';
import { keyText } from '../../../domain/key.ts';
import { listChanges, type ChangeFilter } from '../../../repository/changes-list.ts';
import type { Queryable } from '../../../repository/database.ts';
import { inSnapshot } from '../../../repository/snapshot.ts';
import { eachPage, sendCsv } from '../../csv-answer.ts';
import { keyFilter } from '../../key-filter.ts';
import { pageQuery, readCursor, rowNumber, toPage } from '../../pagination.ts';
import { route } from '../../route.ts';
import { changeSchema } from '../../schemas/sync.ts';
import { operationSchema, pageOf } from '../../schemas/words.ts';
import { requireSync } from '../../sync-body.ts';

const filterQuery = {
  entityType: z.string().optional().describe('For links: the entity type from which they lead'),
  kind: z.enum(['resource', 'link']).optional(),
  property: z.string().optional(),
  operation: operationSchema.optional(),
  key: z.string().optional().describe('As in a path, or a JSON array of strings'),
};

type Query = { [Name in keyof typeof filterQuery]: z.output<(typeof filterQuery)[Name]> };

async function toFilter(db: Queryable, { entityType, kind, property, operation, key }: Query): Promise<ChangeFilter> {
  const wanted = await keyFilter(db, entityType, key);
  return { entityType, kind, property, operation, key: wanted && keyText(wanted) };
}

const positionSchema = z.object({ kind: z.enum(['resource', 'link']), seq: rowNumber });

export const changesRoute = route({
  method: 'get',
  path: '/v1/syncs/{id}/changes',
  tag: 'syncs',
  summary: 'The exact changes of a sync',
  description: 'The same list before and after it is applied. Resources come first, then links.',
  params: { id: z.string() },
  query: { ...pageQuery, ...filterQuery },
  answers: { 200: { description: 'A page', schema: pageOf(changeSchema) } },
  problems: [404, 422],
  async handle({ deps, params, query: { limit, cursor, ...filter } }) {
    const sync = await requireSync(deps.db, params.id);
    const found = await listChanges(
      deps.db,
      sync,
      await toFilter(deps.db, filter),
      readCursor(cursor, positionSchema),
      limit + 1,
    );
    const page = toPage(
      found,
      limit,
      ({ kind, seq }) => ({ kind, seq }),
      ({ seq: _seq, ...change }) => change,
    );
    return { status: 200, body: page };
  },
});

export const changesCsvRoute = route({
  method: 'get',
  path: '/v1/syncs/{id}/changes.csv',
  tag: 'syncs',
  summary: 'The exact changes of a sync as a CSV file',
  params: { id: z.string() },
  query: filterQuery,
  answers: { 200: { description: 'One row for each change; values as JSON', type: 'text/csv' } },
  problems: [404, 422],
  async handle({ deps, params, query, response }) {
    const filter = await toFilter(deps.db, query);
    const columns = [
      'kind',
      'operation',
      'entityType',
      'key',
      'property',
      'targetEntityType',
      'targetKey',
      'before',
      'after',
      'state',
    ];
    return inSnapshot(deps.downloads, async (tx) => {
      const sync = await requireSync(tx, params.id);
      async function* pages() {
        const read = (after: { kind: 'resource' | 'link'; seq: number } | undefined, limit: number) =>
          listChanges(tx, sync, filter, after, limit);
        for await (const page of eachPage(read))
          yield page.map((change) => [
            change.kind,
            change.operation,
            change.entityType,
            keyText(change.key),
            change.property,
            change.target?.entityType,
            change.target && keyText(change.target.key),
            change.before,
            change.after,
            change.state,
          ]);
      }
      return sendCsv(response, `changes-${sync.id}.csv`, columns, pages());
    });
  },
});
