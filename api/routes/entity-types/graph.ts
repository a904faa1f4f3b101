import { z } from 'zod';
import {
  listEntityTypes,
  listLinkProperties,
  type EntityTypeRow,
  type LinkPropertyRow,
} from '../../../repository/catalog.ts';
import { graphAround, type Graph } from '../../../repository/graph.ts';
import { inSnapshot } from '../../../repository/snapshot.ts';
import { foundBody } from '../../resource-body.ts';
import { route } from '../../route.ts';
import { graphSchema } from '../../schemas/resource.ts';
import { requireResource } from './resource.ts';

export const graphRoute = route({
  method: 'get',
  path: '/v1/entity-types/{name}/resources/{key}/graph',
  tag: 'resources',
  summary: 'The links around a resource, one or two links far',
  description:
    'The nearest resources come first, and the first ones of each navigation property. Links are followed both ways, over all connectors.',
  params: { name: z.string(), key: z.string() },
  query: { depth: z.enum(['1', '2'], 'depth is 1 or 2').default('1').describe('How many links far') },
  answers: { 200: { description: 'The graph', schema: graphSchema } },
  problems: [404, 422],
  handle: ({ deps: { db }, params, query }) =>
    inSnapshot(db, async (tx) => {
      const { type, resource } = await requireResource(tx, params.name, params.key);
      const links = await listLinkProperties(tx);
      const graph = await graphAround(tx, { id: resource.id, type: type.id }, query.depth === '1' ? 1 : 2, links);
      return { status: 200, body: graphBody(graph, await listEntityTypes(tx), links) };
    }),
});

function graphBody(graph: Graph, entityTypes: readonly EntityTypeRow[], links: readonly LinkPropertyRow[]) {
  const types = new Map(entityTypes.map((type) => [type.id, type]));
  const names = new Map(links.map((link) => [link.id, link.name]));
  const nodes = graph.nodes.flatMap((node) => {
    const type = types.get(node.type);
    return type ? [{ id: node.id, body: { ...foundBody(type, node), distance: node.distance } }] : [];
  });
  const placeOf = new Map(nodes.map(({ id }, place) => [id, place]));
  const edges = graph.edges.flatMap(({ property, source, target }) => {
    const [from, to, name] = [placeOf.get(source), placeOf.get(target), names.get(property)];
    return from === undefined || to === undefined || name === undefined ? [] : [{ from, to, property: name }];
  });
  return { nodes: nodes.map(({ body }) => body), edges, more: graph.more };
}
