import { z } from 'zod';
import { keyText } from '../../../domain/key.ts';
import type { ChangeFilter } from '../../../repository/change-filter.ts';
import { listChanges } from '../../../repository/changes-list.ts';
import { draftDecisions } from '../../../repository/changes/draft-decisions.ts';
import { labelsOf } from '../../../repository/changes/labels.ts';
import { firstOfKey } from '../../../repository/changes/place-of-key.ts';
import { pageOfChanges, type ChangeCursor } from '../../../repository/changes/pages.ts';
import type { FoundChange } from '../../../repository/changes/read-changes.ts';
import { sampleOfChanges } from '../../../repository/changes/sample.ts';
import { allowWork, type Queryable } from '../../../repository/database.ts';
import type { Draft } from '../../../repository/drafts/drafts.ts';
import { inSnapshot } from '../../../repository/snapshot.ts';
import type { SyncView } from '../../../repository/sync-views.ts';
import { changeQuery, toChangeFilter } from '../../change-query.ts';
import { draftOf } from '../../draft-query.ts';
import { keyFilter } from '../../key-filter.ts';
import { eachPage, sendCsv } from '../../csv-answer.ts';
import { pageQuery, readCursor, rowNumber, writeCursor } from '../../pagination.ts';
import { invalid } from '../../problems.ts';
import { route } from '../../route.ts';
import { changesPageSchema } from '../../schemas/changes.ts';
import { requireSync } from '../../sync-body.ts';

const cursorSchema = z.union([
  z.strictObject({ kind: z.enum(['resource', 'link']), seq: rowNumber }),
  z.strictObject({ rank: rowNumber }),
]);

const placeQuery = {
  ...pageQuery,
  before: z.string().max(16_000).optional().describe('prevCursor of a page: the page in front of it'),
  at: z.coerce.number().min(0).max(1).optional().describe('Begins at this part of the list'),
  atKey: z
    .string()
    .optional()
    .describe('Begins at the first change of this key; as in a path, or a JSON array of strings'),
  draft: z.string().optional().describe('Id of a draft: each change then has its decision'),
  sample: z.coerce
    .number()
    .int()
    .min(1)
    .max(100)
    .optional()
    .describe('So many of the changes, chosen by their numbers and the digest: the same for everybody'),
};

export const changesRoute = route({
  method: 'get',
  path: '/v1/syncs/{id}/changes',
  tag: 'syncs',
  summary: 'The exact changes of a sync',
  description: 'The same list before and after it is applied. Resources come first, then links.',
  params: { id: z.string() },
  query: { ...placeQuery, ...changeQuery },
  answers: { 200: { description: 'A page', schema: changesPageSchema } },
  problems: [404, 422],
  async handle({ deps, params, query: { limit, cursor, before, at, atKey, sample, draft: draftId, ...query } }) {
    if ([cursor, before, at, atKey, sample].filter((each) => each !== undefined).length > 1)
      throw invalid('', 'cursor, before, at, atKey and sample say where the list begins: give one of them.');
    const sync = await requireSync(deps.db, params.id);
    const filter = await toChangeFilter(deps.db, sync, query);
    const draft = await draftOf(deps.db, sync, draftId);
    if (sample !== undefined) {
      const found = await sampleOfChanges(deps.db, sync, filter, sample);
      const items = await labelled(deps.db, sync, found, draft);
      return { status: 200, body: { items, nextCursor: null, prevCursor: null, total: null, from: null } };
    }
    const start = {
      after: readCursor(cursor, cursorSchema),
      before: readCursor(before, cursorSchema),
      at,
      from: await placeOf(deps.db, sync, filter, atKey),
    };
    const { found, next, previous, total, from } = await pageOfChanges(deps.db, sync, filter, start, limit);
    return {
      status: 200,
      body: {
        items: await labelled(deps.db, sync, found, draft),
        nextCursor: toText(next),
        prevCursor: toText(previous),
        total,
        from,
      },
    };
  },
});

/** @throws Problem 422 if no change of the list has the key */
async function placeOf(db: Queryable, sync: SyncView, filter: ChangeFilter, atKey: string | undefined) {
  const key = await keyFilter(db, filter.entityType, atKey, 'atKey');
  if (!key) return undefined;
  const place = await firstOfKey(db, sync, filter, keyText(key));
  if (!place) throw invalid('/atKey', `No change of this list has the key ${key.join(', ')}.`);
  return place;
}

const toText = (cursor: ChangeCursor | null) => (cursor === null ? null : writeCursor(cursor));

async function labelled(db: Queryable, sync: SyncView, found: readonly FoundChange[], draft: Draft | undefined) {
  const decisions = draft && (await draftDecisions(db, draft.no, found));
  const labels = await labelsOf(
    db,
    sync,
    found.flatMap(({ own, target }) => (target ? [own, target] : [own])),
  );
  return found.map(({ change, own, target }) => {
    const { id, entityType, kind, operation, key, ...rest } = change;
    return {
      ...{ id, entityType, kind, operation, key, label: labels.get(own.resource) ?? null },
      ...rest,
      ...(target && change.target ? { target: { ...change.target, label: labels.get(target.resource) ?? null } } : {}),
      ...(decisions ? { decision: decisions.get(id) } : {}),
    };
  });
}

export const changesCsvRoute = route({
  method: 'get',
  path: '/v1/syncs/{id}/changes.csv',
  tag: 'syncs',
  summary: 'The exact changes of a sync as a CSV file',
  params: { id: z.string() },
  query: changeQuery,
  answers: { 200: { description: 'One row for each change; values as JSON', type: 'text/csv' } },
  problems: [404, 422],
  async handle({ deps, params, query, response }) {
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
      'id',
    ];
    return inSnapshot(deps.downloads, async (tx) => {
      const sync = await requireSync(tx, params.id);
      const filter = await toChangeFilter(tx, sync, query);
      await allowWork(tx);
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
            change.id,
          ]);
      }
      return sendCsv(response, `changes-${sync.id}.csv`, columns, pages());
    });
  },
});
