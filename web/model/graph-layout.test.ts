import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layoutGraph, type GraphEdgeIn } from './graph-layout.ts';

const graph = fc
  .record({
    near: fc.integer({ min: 0, max: 40 }),
    far: fc.integer({ min: 0, max: 60 }),
    seed: fc.infiniteStream(fc.nat()),
  })
  .map(({ near, far, seed }) => {
    const distances = [0, ...Array<number>(near).fill(1), ...Array<number>(near === 0 ? 0 : far).fill(2)];
    const any = (from: number, until: number) => from + (Number(seed.next().value) % Math.max(1, until - from));
    const edges: GraphEdgeIn[] = distances.flatMap((distance, node) => {
      if (distance === 0) return [];
      const behind = distance === 1 ? 0 : any(1, near + 1);
      const property = ['members', 'manager'][any(0, 2)] ?? '';
      return any(0, 2) === 0 ? [{ from: node, to: behind, property }] : [{ from: behind, to: node, property }];
    });
    for (let i = any(0, 9); i > 0; i--)
      edges.push({ from: any(0, distances.length), to: any(0, distances.length), property: 'other' });
    return { nodes: distances.map((distance) => ({ distance })), edges };
  });
const widths = fc.constantFrom(240, 300, 559, 560, 900, 1400);

describe('the layout of a graph', () => {
  it('puts every box inside the picture, and none over another', () => {
    fc.assert(
      fc.property(graph, widths, ({ nodes, edges }, width) => {
        const { boxes, ...picture } = layoutGraph(nodes, edges, width);
        expect(boxes.length).toBe(nodes.length);
        expect(picture.width).toBeLessThanOrEqual(width);
        for (const box of boxes) {
          expect(box.width).toBeGreaterThanOrEqual(120);
          expect(box.x + box.width).toBeLessThanOrEqual(picture.width);
          expect(box.y + box.height).toBeLessThanOrEqual(picture.height);
        }
        const taken = new Set(boxes.map(({ x, y }) => (width < 560 ? String(y) : `${String(x)} ${String(y)}`)));
        expect(taken.size).toBe(boxes.length);
      }),
    );
  });

  it('draws every link between two resources once, and gives the same picture again', () => {
    fc.assert(
      fc.property(graph, widths, ({ nodes, edges }, width) => {
        const { lines, boxes } = layoutGraph(nodes, edges, width);
        expect(lines.length).toBe(edges.filter(({ from, to }) => from !== to).length);
        expect(layoutGraph(nodes, edges, width)).toEqual({ ...layoutGraph(nodes, edges, width), lines, boxes });
        for (const { path } of lines) expect(path).not.toMatch(/NaN|undefined/);
      }),
    );
  });

  it('says how each is linked to the one it stands behind, and where the arrow is', () => {
    const nodes = [0, 1, 1, 2].map((distance) => ({ distance }));
    const edges = [
      { from: 0, to: 1, property: 'manager' },
      { from: 2, to: 0, property: 'members' },
      { from: 2, to: 0, property: 'owners' },
      { from: 2, to: 3, property: 'members' },
    ];
    const { boxes, lines } = layoutGraph(nodes, edges, 900);
    expect(boxes.map(({ via }) => via)).toEqual(['', '→ manager', '← members, ← owners', '→ members']);
    expect(lines.map(({ arrow, dashed }) => [arrow, dashed])).toEqual([
      ['end', false],
      ['start', false],
      ['start', false],
      ['end', false],
    ]);
    expect(boxes.map(({ x }) => x)).toEqual([0, boxes[1]?.x, boxes[1]?.x, 2 * (boxes[1]?.x ?? 0)]);
    // where there is no room, each has a row and stands further in
    const narrow = layoutGraph(nodes, edges, 250);
    expect(narrow.boxes.map(({ y }) => y / 50).sort()).toEqual([0, 1, 2, 3]);
    expect(narrow.boxes.map(({ x }) => x)).toEqual([0, 18, 18, 36]);
  });
});
