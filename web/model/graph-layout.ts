import { across, around, elbow, type Line, type Picture, type Rect } from './lines.ts';

/**
 * Where the resources of a graph stand: a tree of the nearest links, drawn from left to right where there is room, and one below the
 * other where there is not. The same graph and width give the same picture.
 */

export interface GraphNodeIn {
  distance: number;
}

/** `from` and `to` are places in the list of nodes. */
export interface GraphEdgeIn {
  from: number;
  to: number;
  property: string;
}

interface GraphBox extends Rect {
  /** How it is linked to the resource that it stands behind: `→ manager`, `← members`. */
  via: string;
}

/** In pixels. */
const boxHeight = 42;
const rowHeight = 50;
const narrowest = 560;
const indent = 18;
const columnGap = 56;
const widestBox = 280;

interface Tree {
  /** Of each node the place of the one it stands behind; -1 for the first. */
  parents: number[];
  children: number[][];
}

export function layoutGraph(
  nodes: readonly GraphNodeIn[],
  edges: readonly GraphEdgeIn[],
  width: number,
): Picture<GraphBox> {
  const tree = treeOf(nodes, edges);
  const wide = width >= narrowest;
  const depth = Math.max(1, ...nodes.map(({ distance }) => distance));
  const boxWidth = wide
    ? Math.min(widestBox, Math.floor((width - (depth + 0.5) * columnGap) / (depth + 1)))
    : width - depth * indent - indent;
  const step = wide ? boxWidth + columnGap : indent;
  const rows = rowsOf(tree, wide);
  const boxes = nodes.map(({ distance }, node) => ({
    x: distance * step,
    y: (rows[node] ?? 0) * rowHeight,
    width: boxWidth,
    height: boxHeight,
    via: viaOf(node, tree.parents[node] ?? -1, edges),
  }));
  const used = Math.max(0, ...boxes.map(({ x, width: each }) => x + each));
  return {
    width: wide ? used + columnGap / 2 : width,
    height: Math.max(0, ...rows) * rowHeight + boxHeight + 4,
    boxes,
    lines: edges.flatMap((edge) => lineOf(edge, nodes, boxes, tree, wide) ?? []),
  };
}

/** Each node stands behind the first nearer one that it has a link with; nodes of one property stand together. */
function treeOf(nodes: readonly GraphNodeIn[], edges: readonly GraphEdgeIn[]): Tree {
  const parents: number[] = nodes.map((_, node) => (node === 0 ? -1 : 0));
  const found = new Map<number, string>();
  for (const { from, to, property } of edges)
    for (const [node, other, name] of [
      [from, to, `→ ${property}`],
      [to, from, `← ${property}`],
    ] as const)
      if (!found.has(other) && (nodes[other]?.distance ?? 0) === (nodes[node]?.distance ?? 0) + 1) {
        found.set(other, name);
        parents[other] = node;
      }
  const children: number[][] = nodes.map(() => []);
  parents.forEach((parent, node) => children[parent]?.push(node));
  for (const each of children)
    each.sort((a, b) => (found.get(a) ?? '').localeCompare(found.get(b) ?? '', 'en') || a - b);
  return { parents, children };
}

/** Each leaf has a row of its own; in a wide picture a node stands in the row of its first child. */
function rowsOf({ children }: Tree, wide: boolean): number[] {
  const rows: number[] = children.map(() => 0);
  let next = 0;
  const place = (node: number): void => {
    rows[node] = next;
    const own = children[node] ?? [];
    if (!wide || own.length === 0) next++;
    own.forEach(place);
  };
  if (children.length > 0) place(0);
  return rows;
}

function viaOf(node: number, parent: number, edges: readonly GraphEdgeIn[]): string {
  const words = edges.flatMap(({ from, to, property }) => {
    if (from === parent && to === node) return [`→ ${property}`];
    return from === node && to === parent ? [`← ${property}`] : [];
  });
  return [...new Set(words)].join(', ');
}

function lineOf(
  { from, to }: GraphEdgeIn,
  nodes: readonly GraphNodeIn[],
  boxes: readonly Rect[],
  { parents }: Tree,
  wide: boolean,
): Line | undefined {
  const nearFirst = (nodes[from]?.distance ?? 0) <= (nodes[to]?.distance ?? 0);
  const [near, far] = nearFirst ? [from, to] : [to, from];
  const [a, b] = [boxes[near], boxes[far]];
  // a link to itself has no length; the list has it
  if (!a || !b || from === to) return undefined;
  const tree = parents[far] === near;
  const arrow = nearFirst ? 'end' : 'start';
  const path =
    wide && a.x !== b.x
      ? across(a, b)
      : tree && !wide
        ? elbow(a, b, indent / 2)
        : around(a, b, wide ? columnGap / 2 : indent - 4);
  return { path, arrow, dashed: !tree };
}
