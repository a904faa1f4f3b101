import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { mapSchema } from '../../api/routes/connectors/map.ts';
import type { graphSchema } from '../../api/schemas/resource.ts';
import { csv, onePerson, peopleAndGroups, wide } from '../support/connector.ts';
import { Stack } from '../support/stack.ts';

type Graph = z.output<typeof graphSchema>;
type Map = z.output<typeof mapSchema>;

describe('links between resources and between connectors, over HTTP', () => {
  let stack: Stack;
  const crowd = Array.from({ length: 300 }, (_, i) => `P${String(i).padStart(3, '0')}`);
  beforeAll(async () => {
    stack = await Stack.start();
    await stack.put(peopleAndGroups({ thresholds: wide }), 'hr');
    await stack.place('hr', {
      'people.csv': csv(
        'id,name,mail,manager',
        'E0,Ada,,E0',
        'E1,Ben,,E0',
        'E2,Cyd,,E1',
        'E3,Dan,,E2',
        ...crowd.map((id) => `${id},,,`),
      ),
      'groups.csv': csv('id,title', 'G1,One', 'G2,Two', 'all,All'),
      'members.csv': csv('group,person', 'G1,E0', 'G1,E1', 'G2,E2', 'all,E3', ...crowd.map((id) => `all,${id}`)),
    });
    await stack.syncAndResume('hr');
    // another connector, whose cards belong to people of the first
    const cards = onePerson({ name: 'badges' });
    const [type] = cards.entityTypes;
    await stack.put(
      {
        ...cards,
        entityTypes: [{ ...type, navigationProperties: { holder: { to: 'hr_Person', column: 'holder' } } }],
      },
      'badges',
    );
    await stack.place('badges', { 'people.csv': csv('id,name,mail,holder', 'C1,Card,,E1') });
    await stack.syncAndResume('badges');
  });
  afterAll(() => stack.stop());

  const graph = (type: string, key: string, depth = '') =>
    stack.get<Graph>(`/v1/entity-types/${type}/resources/${key}/graph${depth === '' ? '' : `?depth=${depth}`}`);
  const words = ({ nodes, edges }: Graph) => ({
    nodes: nodes.map(({ key, distance }) => `${String(key[0])} ${String(distance)}`).sort(),
    edges: edges
      .map(({ from, to, property }) => `${String(nodes[from]?.key[0])} ${property} ${String(nodes[to]?.key[0])}`)
      .sort(),
  });

  it('has what is one link away, both ways and over connectors, and the links to it', async () => {
    const found = await graph('hr_Person', 'E1');
    expect(found.nodes[0]).toEqual({
      entityType: 'hr_Person',
      key: ['E1'],
      label: 'Ben',
      self: '/v1/entity-types/hr_Person/resources/E1',
      distance: 0,
    });
    expect(words(found)).toEqual({
      nodes: ['C1 1', 'E0 1', 'E1 0', 'E2 1', 'G1 1'],
      edges: ['C1 holder E1', 'E1 manager E0', 'E2 manager E1', 'G1 members E1'],
    });
    expect(found.more).toBe(false);
  });

  it('goes two links far, each resource once at its nearest, with the links of what is one away', async () => {
    const found = await graph('hr_Person', 'E1', '2');
    expect(words(found)).toEqual({
      nodes: ['C1 1', 'E0 1', 'E1 0', 'E2 1', 'E3 2', 'G1 1', 'G2 2'],
      edges: [
        'C1 holder E1',
        'E0 manager E0',
        'E1 manager E0',
        'E2 manager E1',
        'E3 manager E2',
        'G1 members E0',
        'G1 members E1',
        'G2 members E2',
      ],
    });
  });

  it('has at most 200 resources, says that there are more, and hides no property behind one with many links', async () => {
    const all = await graph('hr_Group', 'all');
    expect(all.nodes.length).toBe(200);
    expect(all.edges.length).toBe(199);
    expect(all.more).toBe(true);
    const dan = await graph('hr_Person', 'E3', '2');
    expect(dan.nodes.length).toBe(200);
    expect(dan.more).toBe(true);
    // E2 is the manager: what is around E2 is not hidden by the crowd around the group
    expect(words(dan).nodes).toEqual(expect.arrayContaining(['E2 1', 'all 1', 'E1 2', 'G2 2']));
    const linked = new Set(dan.edges.flatMap(({ from, to }) => [from, to]));
    expect(linked.size).toBe(200);
  });

  it('maps connectors with their state, and which refer to which, until a revision drops the links', async () => {
    const { connectors, edges } = await stack.get<Map>('/v1/connector-map');
    expect(connectors).toMatchObject([
      { name: 'badges', displayName: 'badges', status: 'completed' },
      { name: 'hr', displayName: 'hr', status: 'completed' },
    ]);
    expect(edges).toEqual([{ from: 'badges', to: 'hr', kind: 'link', property: 'badges_Person.holder' }]);
    await stack.put({ ...onePerson({ name: 'badges' }), thresholds: { maximumDeletedLines: 1 } }, 'badges');
    await stack.put(onePerson({ name: 'unused' }), 'unused');
    await stack.place('badges', { 'people.csv': csv('id,name,mail') });
    const held = await stack.sync('badges');
    expect(held.status).toBe('held');
    expect(await stack.get<Map>('/v1/connector-map')).toMatchObject({
      connectors: [{ name: 'badges', status: 'held' }, { status: 'completed' }, { name: 'unused', status: null }],
      edges: [],
    });
    await stack.decide(held, 'reject');
    expect((await stack.get<Map>('/v1/connector-map')).connectors[0]?.status).toBe('rejected');
  });

  it('refuses what is not there, and other depths', async () => {
    const statusOf = async (path: string) => (await stack.call('GET', path)).status;
    expect(await statusOf('/v1/entity-types/hr_Person/resources/E99/graph')).toBe(404);
    expect(await statusOf('/v1/entity-types/nothing/resources/E1/graph')).toBe(404);
    for (const depth of ['0', '3', 'x'])
      expect(await statusOf(`/v1/entity-types/hr_Person/resources/E1/graph?depth=${depth}`)).toBe(422);
  });
});
