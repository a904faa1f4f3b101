import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layoutMap } from './map-layout.ts';

const map = fc
  .uniqueArray(fc.stringMatching(/^[a-z]{1,4}$/), { minLength: 1, maxLength: 30 })
  .chain((names) =>
    fc.record({
      names: fc.constant(names.sort()),
      edges: fc.array(fc.record({ from: fc.constantFrom(...names), to: fc.constantFrom(...names) }), { maxLength: 40 }),
    }),
  )
  .map(({ names, edges }) => ({ names, edges: edges.filter(({ from, to }) => from !== to) }));

describe('the layout of the map of connectors', () => {
  it('puts every connector inside the picture, none over another, and a line between each two that have links', () => {
    fc.assert(
      fc.property(map, fc.constantFrom(220, 280, 600, 900, 1400), ({ names, edges }, width) => {
        const picture = layoutMap(names, edges, width);
        expect(picture.boxes.length).toBe(names.length);
        expect(picture.width).toBeLessThanOrEqual(width);
        for (const box of picture.boxes) {
          expect(box.width).toBeGreaterThanOrEqual(170);
          expect(box.x + box.width).toBeLessThanOrEqual(picture.width);
          expect(box.y + box.height).toBeLessThanOrEqual(picture.height);
        }
        expect(new Set(picture.boxes.map(({ x, y }) => `${String(x)} ${String(y)}`)).size).toBe(names.length);
        expect(picture.lines.length).toBe(new Set(edges.map(({ from, to }) => `${from} ${to}`)).size);
        expect(layoutMap(names, edges, width)).toEqual(picture);
      }),
    );
  });

  it('puts a connector left of those that it refers to, over several steps, and those that stand alone below', () => {
    const names = ['ad', 'alone', 'badges', 'hr', 'sites'];
    const edges = [
      { from: 'badges', to: 'ad' },
      { from: 'ad', to: 'hr' },
      { from: 'hr', to: 'sites' },
      // a circle ends where it began
      { from: 'sites', to: 'ad' },
    ];
    const { boxes, lines } = layoutMap(names, edges, 1400);
    const x = (name: string) => boxes[names.indexOf(name)]?.x ?? -1;
    expect(x('badges')).toBeLessThan(x('ad'));
    expect(x('ad')).not.toBe(x('hr'));
    expect(boxes[1]?.y).toBeGreaterThan(Math.max(...[0, 2, 3, 4].map((i) => boxes[i]?.y ?? 0)));
    expect(lines.every(({ dashed }) => !dashed)).toBe(true);
    // the way from left to right, and the way back
    expect(lines.filter(({ arrow }) => arrow === 'start').length).toBe(1);
    const narrow = layoutMap(names, edges, 260);
    expect(new Set(narrow.boxes.map((box) => box.x))).toEqual(new Set([0]));
  });
});
