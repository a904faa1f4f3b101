import { across, around, type Line, type Picture, type Rect } from './lines.ts';

/**
 * Where connectors stand on the map: one that refers to another stands left of it, as far as there is room. The same map and width give
 * the same picture.
 */

interface MapEdge {
  from: string;
  to: string;
}

/** In pixels. */
const boxHeight = 58;
const rowHeight = 74;
const columnGap = 64;
const smallestBox = 170;
const widestBox = 260;
/** Room at the right for lines between boxes of one column. */
const margin = 28;

/** @param names in the order in which they stand below each other */
export function layoutMap(names: readonly string[], edges: readonly MapEdge[], width: number): Picture {
  const most = Math.max(1, Math.floor((width - margin + columnGap) / (smallestBox + columnGap)));
  const levels = levelsOf(names, edges);
  const linked = new Set(edges.flatMap(({ from, to }) => [from, to]));
  const columns = Math.min(most, Math.max(1, ...[...levels.values()].map((level) => level + 1)));
  // connectors that refer to nothing, and nothing to them, fill the rows below
  const alone = names.filter((name) => !linked.has(name));
  const perRow = linked.size === 0 ? Math.min(most, Math.max(1, alone.length)) : Math.max(columns, Math.min(most, 3));
  const boxWidth = Math.min(widestBox, Math.floor((width - margin - (perRow - 1) * columnGap) / perRow));
  const filled = Array<number>(perRow).fill(0);
  const boxes = new Map<string, Rect>();
  const put = (name: string, column: number, row: number) => {
    const place = { x: column * (boxWidth + columnGap), y: row * rowHeight };
    boxes.set(name, { ...place, width: boxWidth, height: boxHeight });
  };
  for (const name of names.filter((each) => linked.has(each))) {
    const column = Math.min(levels.get(name) ?? 0, columns - 1);
    put(name, column, filled[column] ?? 0);
    filled[column] = (filled[column] ?? 0) + 1;
  }
  const below = Math.max(...filled);
  alone.forEach((name, i) => {
    put(name, i % perRow, below + Math.floor(i / perRow));
  });
  const rows = below + Math.ceil(alone.length / perRow);
  return {
    width: perRow * boxWidth + (perRow - 1) * columnGap + margin,
    height: Math.max(1, rows) * rowHeight,
    boxes: names.flatMap((name) => boxes.get(name) ?? []),
    lines: pairsOf(edges).flatMap(({ from, to }): Line[] => {
      const [a, b] = [boxes.get(from), boxes.get(to)];
      if (!a || !b) return [];
      if (a.x === b.x) return [{ path: around(a, b, margin), arrow: 'end', dashed: false }];
      return a.x < b.x
        ? [{ path: across(a, b), arrow: 'end', dashed: false }]
        : [{ path: across(b, a), arrow: 'start', dashed: false }];
    }),
  };
}

/** One line for all properties by which a connector refers to another. */
function pairsOf(edges: readonly MapEdge[]): MapEdge[] {
  return [...new Map(edges.map(({ from, to }) => [`${from} ${to}`, { from, to }])).values()];
}

/** How many connectors refer to each other in a row before it. A reference that leads back in a circle counts nothing. */
function levelsOf(names: readonly string[], edges: readonly MapEdge[]): Map<string, number> {
  const into = new Map<string, string[]>();
  for (const { from, to } of pairsOf(edges)) if (from !== to) into.set(to, [...(into.get(to) ?? []), from]);
  const levels = new Map<string, number>();
  const walked = new Set<string>();
  const levelOf = (name: string): number => {
    const known = levels.get(name);
    if (known !== undefined) return known;
    if (walked.has(name)) return -1;
    walked.add(name);
    const level = Math.max(0, ...(into.get(name) ?? []).map((before) => levelOf(before) + 1));
    levels.set(name, level);
    return level;
  };
  for (const name of names) levelOf(name);
  return levels;
}
