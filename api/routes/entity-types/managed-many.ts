import { z } from 'zod';
import { lockConnectorRow } from '../../../repository/connectors.ts';
import type { EntityTypeRow } from '../../../repository/catalog.ts';
import type { Queryable } from '../../../repository/database.ts';
import { chooseManagedOfMany, storedKeys } from '../../../repository/managed.ts';
import { invalid, Problem } from '../../problems.ts';
import { askedKey, requireEntityType } from '../../resource-body.ts';
import { route } from '../../route.ts';
import { chosenManySchema } from '../../schemas/resource.ts';
import { requireByHand } from './managed.ts';

/** So many resources can be chosen at once. */
const most = 500;

export const managedManyRoute = route({
  method: 'put',
  path: '/v1/entity-types/{name}/managed',
  tag: 'resources',
  summary: 'Choose whether many resources are managed',
  description:
    'For entity types whose connector file says `managed: { by: hand }`. All of the resources get the choice, or none: 422 names those that are not stored.',
  params: { name: z.string() },
  body: z
    .strictObject({
      managed: z.boolean(),
      keys: z
        .array(z.array(z.string()))
        .min(1, 'name at least one key')
        .max(most, `name at most ${String(most)} keys at once`)
        .describe('Keys of resources of the entity type'),
    })
    .meta({ id: 'ManagedManyRequest' }),
  answers: { 200: { description: 'How many were chosen', schema: chosenManySchema } },
  problems: [404, 409, 422],
  async handle({ deps: { db }, params, body: { managed, keys }, by }) {
    const { connector } = await requireEntityType(db, params.name);
    return db.transaction(async (tx) => {
      await lockConnectorRow(tx, connector);
      const type = await requireEntityType(tx, params.name);
      requireByHand(type);
      const stored = await storedOf(tx, type, keys);
      const changed = await chooseManagedOfMany(tx, type.id, stored, managed, by);
      return { status: 200, body: { entityType: type.name, managed, chosen: stored.length, changed } };
    });
  },
});

/**
 * The keys as they are stored.
 * @throws Problem naming each key that is not stored, or has another number of parts
 */
async function storedOf(tx: Queryable, type: EntityTypeRow, keys: readonly string[][]): Promise<string[]> {
  const parts = type.keyProperties.length;
  const faulty = keys.flatMap((key, i) => (key.length === parts ? [] : [i]));
  if (faulty.length > 0)
    throw unfit(faulty, `A key of ${type.name} has ${String(parts)} parts: ${type.keyProperties.join(', ')}.`);
  const asked = keys.map((key) => askedKey(type, key));
  const stored = await storedKeys(
    tx,
    type.id,
    asked.flatMap(({ text, asWritten }) => (asWritten ? [text, asWritten.text] : [text])),
  );
  const found = asked.map(({ text, asWritten }) =>
    [text, asWritten?.text].find((each) => each !== undefined && stored.has(each)),
  );
  const missing = found.flatMap((each, i) => (each === undefined ? [i] : []));
  if (missing.length > 0) throw unfit(missing, `There is no ${type.name} with this key: it may have been deleted.`);
  return [...new Set(found.filter((each) => each !== undefined))];
}

function unfit(places: readonly number[], detail: string): Problem {
  const [first = 0] = places;
  if (places.length === 1) return invalid(`/keys/${String(first)}`, detail);
  return new Problem('invalid', `/keys/${String(first)}: ${detail} (and ${String(places.length - 1)} more)`, {
    errors: places.map((i) => ({ pointer: `/keys/${String(i)}`, detail })),
  });
}
