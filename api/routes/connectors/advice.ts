import { z } from 'zod';
import { limitsInForce, suggestLimits, type LimitsByName } from '../../../domain/thresholds/advice.ts';
import { limitSchema, thresholdNames, type ThresholdName } from '../../../domain/thresholds/names.ts';
import { windowsInUse } from '../../../domain/thresholds/windows.ts';
import { heldByLimits, largestActuals } from '../../../repository/limit-advice.ts';
import { countStored } from '../../../repository/stored.ts';
import { deletedInWindows } from '../../../repository/windows.ts';
import { inSnapshot } from '../../../repository/snapshot.ts';
import { requireActiveFile, requireConnector } from '../../require-connector.ts';
import { route } from '../../route.ts';
import { adviceSchema } from '../../schemas/advice.ts';

const number = (schema: z.ZodNumber) =>
  z.preprocess((text) => (typeof text === 'string' && /^\d+([.]\d+)?$/.test(text) ? Number(text) : text), schema);

const limit = (name: ThresholdName) => number(limitSchema(name)).optional().describe('A limit to try');
const asked = Object.fromEntries(thresholdNames.map((name) => [name, limit(name)])) as Record<
  ThresholdName,
  ReturnType<typeof limit>
>;

export const adviceRoute = route({
  method: 'get',
  path: '/v1/connectors/{name}/thresholds/advice',
  tag: 'connectors',
  summary: 'Show which limits would fit',
  description:
    'Which applied syncs the limits of the connector would have held, and which the asked limits would have held. The suggestion is 1.5 times the largest applied figure, two digits up, and at most ten times the limit in force. Syncs of the whole connector count, without the first one, dry runs, reverts and purges.',
  params: { name: z.string() },
  query: {
    days: number(z.int().min(1).max(365)).default(30).describe('How far back to look, 1 to 365 days'),
    ...asked,
  },
  answers: { 200: { description: 'The advice', schema: adviceSchema } },
  problems: [404, 409, 422],
  async handle({ deps, params, query: { days, ...limits } }) {
    const connector = await requireConnector(deps.db, params.name);
    const { file } = await requireActiveFile(deps.db, connector);
    const current = limitsInForce(file);
    const wanted = limits as Partial<LimitsByName>;
    const given = thresholdNames.filter((name) => wanted[name] !== undefined);
    return inSnapshot(deps.db, async (tx) => {
      const under = async (tried: LimitsByName) => ({
        limits: tried,
        held: await heldByLimits(tx, connector.id, days, tried),
      });
      const { syncs, usable, largest } = await largestActuals(tx, connector.id, days);
      const suggestion = suggestLimits(file, largest, { usable, days });
      const none = 'why' in suggestion;
      return {
        status: 200,
        body: {
          days,
          syncs,
          windows: windowsInUse(file, await countStored(tx, connector.id), await deletedInWindows(tx, connector.id)),
          current: await under(current),
          asked: given.length === 0 ? null : await under({ ...current, ...wanted }),
          suggestion: none ? null : suggestion,
          why: none ? suggestion.why : null,
        },
      };
    });
  },
});
