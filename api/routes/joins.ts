import { z } from 'zod';
import { keyParts } from '../../domain/key.ts';
import { joinStates, listJoins } from '../../repository/directory/joins-list.ts';
import { pageQuery, readCursor, toPage } from '../pagination.ts';
import { route } from '../route.ts';
import { keySchema, pageOf, timeSchema } from '../schemas/words.ts';

const endSchema = z.object({ entityType: z.string(), key: keySchema, label: z.string().nullable() });

export const joinSchema = z
  .object({
    state: z.enum(joinStates),
    source: endSchema,
    directory: endSchema.nullable().describe('What it is joined to; null if it is not joined'),
    code: z.string().nullable().describe('Why it is not joined, as in the errors of the sync'),
    rule: z.int().nullable().describe('The place of the rule of `match` that found it, from 0'),
    madeBy: z.enum(['rule', 'created']).nullable().describe('`created`: the directory made a resource for it'),
    at: timeSchema.nullable(),
    syncId: z.string().nullable(),
  })
  .meta({ id: 'Join' });

export const joinsRoute = route({
  method: 'get',
  path: '/v1/joins',
  tag: 'resources',
  summary: 'What the resources of the sources are joined to in the directory, and what is not joined',
  description: 'By mapping and key. Only resources that a mapping maps are listed.',
  query: {
    ...pageQuery,
    state: z.enum(joinStates).optional(),
    entityType: z.string().optional().describe('Of the source'),
  },
  answers: { 200: { description: 'A page', schema: pageOf(joinSchema) } },
  problems: [422],
  async handle({ deps: { db }, query: { limit, cursor, ...filter } }) {
    const place = readCursor(cursor, z.object({ joinType: z.int(), sourceKey: z.string() }));
    const found = await listJoins(db, filter, place, limit + 1);
    const page = toPage(
      found,
      limit,
      ({ joinType, sourceKey }) => ({ joinType, sourceKey }),
      ({
        state,
        code,
        from,
        label,
        to,
        directoryKey,
        directoryLabel,
        rule,
        created,
        at,
        syncId,
        sourceKey,
        keyCount,
      }) => ({
        state,
        source: { entityType: from, key: keyParts(sourceKey, keyCount), label },
        directory: directoryKey === null ? null : { entityType: to, key: [directoryKey], label: directoryLabel },
        code,
        rule,
        madeBy: directoryKey === null ? null : created ? ('created' as const) : ('rule' as const),
        at,
        syncId,
      }),
    );
    return { status: 200, body: page };
  },
});
