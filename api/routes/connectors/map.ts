import { z } from 'zod';
import { linksOverConnectors, mappedConnectors } from '../../../repository/connector-map.ts';
import { inSnapshot } from '../../../repository/snapshot.ts';
import { route } from '../../route.ts';
import { statusSchema } from '../../schemas/words.ts';

export const mapSchema = z
  .object({
    connectors: z.array(
      z.object({
        name: z.string(),
        displayName: z.string(),
        active: z.boolean().describe('Whether scheduled jobs and polling include it'),
        status: statusSchema
          .nullable()
          .describe(
            'Of the sync that is held; else of the one that is queued or runs; else of the last one that ended, dry and skipped ones left out. null: there was none',
          ),
      }),
    ),
    edges: z.array(
      z.object({
        from: z.string(),
        to: z.string(),
        kind: z
          .enum(['link', 'inbound', 'outbound'])
          .describe('`link`: a navigation property of `from` leads to `to`. This version has no other kinds'),
        property: z.string().describe('`Type.navigation property`'),
      }),
    ),
  })
  .meta({ id: 'ConnectorMap' });

export const mapRoute = route({
  method: 'get',
  path: '/v1/connector-map',
  tag: 'connectors',
  summary: 'All connectors, how they stand, and which of them refer to which',
  description: 'Links within a connector are left out, and so are those of retired entity types and properties.',
  answers: { 200: { description: 'The map', schema: mapSchema } },
  handle: ({ deps: { db } }) =>
    inSnapshot(db, async (tx) => {
      const edges = await linksOverConnectors(tx);
      return {
        status: 200,
        body: { connectors: await mappedConnectors(tx), edges: edges.map((edge) => ({ ...edge, kind: 'link' })) },
      };
    }),
});
