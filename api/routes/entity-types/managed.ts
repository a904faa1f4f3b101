import { z } from 'zod';
import type { EntityTypeRow } from '../../../repository/catalog.ts';
import { chooseManaged, findChoice } from '../../../repository/managed.ts';
import { Problem } from '../../problems.ts';
import { foundBody } from '../../resource-body.ts';
import { route } from '../../route.ts';
import { chosenSchema } from '../../schemas/resource.ts';
import { requireResource } from './resource.ts';

const nobodyChooses = {
  rule: 'a rule of its connector file decides which of its resources are managed. Change the rule, or let people choose by managed: { by: hand }.',
  all: 'all of its resources are managed. To choose some, declare managed: { by: hand } in the connector file.',
};

/** @throws Problem if people do not choose which resources of the type are managed */
export function requireByHand(type: EntityTypeRow): void {
  if (type.retired)
    throw new Problem('conflict', `${type.name} is retired: it is no longer synchronised, managed or not.`);
  if (type.managedBy !== 'hand')
    throw new Problem(
      'not-by-hand',
      `People cannot choose for ${type.name}: ${nobodyChooses[type.managedBy ?? 'all']}`,
    );
}

export const managedRoute = route({
  method: 'put',
  path: '/v1/entity-types/{name}/resources/{key}/managed',
  tag: 'resources',
  summary: 'Choose whether a resource is managed',
  description:
    'For entity types whose connector file says `managed: { by: hand }`. It counts from the next sync on, also if the resource is deleted and comes back.',
  params: { name: z.string(), key: z.string() },
  body: z.strictObject({ managed: z.boolean() }).meta({ id: 'ManagedRequest' }),
  answers: { 200: { description: 'The choice, with who made it and when', schema: chosenSchema } },
  problems: [404, 409, 422],
  async handle({ deps: { db }, params, body, by }) {
    const { type, key, resource } = await requireResource(db, params.name, params.key);
    requireByHand(type);
    await db.transaction((tx) => chooseManaged(tx, type.id, key.text, body.managed, by));
    const choice = await findChoice(db, type.id, key.text);
    return { status: 200, body: { ...foundBody(type, resource), managed: body.managed, managedChoice: choice } };
  },
});
