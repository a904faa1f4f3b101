/** What else a node tells. */
export type Detail = string | number | boolean | string[] | undefined;

/** A node of a plan as `explain (analyze, buffers, format json)` gives it; the fields that are read here. */
export interface PlanNode {
  'Node Type': string;
  'Parent Relationship'?: string;
  'Subplan Name'?: string;
  Operation?: string;
  Strategy?: string;
  'Join Type'?: string;
  'Relation Name'?: string;
  Alias?: string;
  'Index Name'?: string;
  'CTE Name'?: string;
  'Plan Rows': number;
  'Actual Rows'?: number;
  'Actual Loops'?: number;
  'Actual Total Time'?: number;
  Plans?: PlanNode[];
  [detail: string]: Detail | PlanNode[];
}

/** A statement that a server has executed. */
export interface Execution {
  sql: string;
  /** Milliseconds. */
  duration: number;
  plan: PlanNode;
}

/** Every node of a plan, a parent before its children. */
export function* nodesOf(plan: PlanNode): Generator<PlanNode> {
  yield plan;
  for (const child of plan.Plans ?? []) yield* nodesOf(child);
}

/** From here on going through the same rows again is taken for a fall back: so many times, so many rows each. */
const manyTimes = 100;
const manyRows = 1_000;

/** Nodes that find what they are asked for without going through the rest. */
const looksUp = (node: PlanNode) => /^(Index|Bitmap|Tid|Memoize|Hash$)/.test(node['Node Type']);

/**
 * Nodes that go through many rows again for each row of another: the inner side of a nested loop, or a subplan that is no
 * hash, over a whole table. However small the table of today, the cost is the product of both.
 */
export function repeatedScans(plan: PlanNode): string[] {
  const found: string[] = [];
  for (const node of nodesOf(plan)) {
    const times = node['Actual Loops'] ?? 0;
    const removed = removedBy.reduce((sum, name) => sum + Number(node[name] ?? 0), 0);
    const each = Math.max(node['Actual Rows'] ?? 0, 0) + removed;
    const leaf = (node.Plans ?? []).length === 0 || node['Node Type'] === 'Materialize';
    const whole = leaf && (!looksUp(node) || removed >= manyRows);
    if (whole && times >= manyTimes && each >= manyRows)
      found.push(`${describe(node)} goes through ${String(Math.round(each))} rows, ${String(times)} times over`);
  }
  return found;
}

/** Rows that the nodes of a plan have given or thrown away, counted each time that a node ran: what a statement has cost. */
export function workOf(plan: PlanNode): number {
  let rows = 0;
  for (const node of nodesOf(plan)) {
    const removed = removedBy.reduce((sum, name) => sum + Number(node[name] ?? 0), 0);
    rows += (node['Actual Loops'] ?? 0) * ((node['Actual Rows'] ?? 0) + removed);
  }
  return rows;
}

const removedBy = ['Rows Removed by Filter', 'Rows Removed by Index Recheck', 'Rows Removed by Join Filter'];

/** As in `Hash Anti Join` or `Index Scan using resource_1_key_id_idx on resource_1 r`. */
export function describe(node: PlanNode): string {
  const type = node['Node Type'];
  const kind = node['Join Type'];
  const name =
    type === 'ModifyTable'
      ? (node.Operation ?? type)
      : kind !== undefined && kind !== 'Inner'
        ? /Join$/.test(type)
          ? type.replace(/Join$/, `${kind} Join`)
          : `${type} ${kind} Join`
        : type === 'Aggregate'
          ? `${aggregates[node.Strategy ?? ''] ?? ''}Aggregate`
          : type;
  const index = node['Index Name'] === undefined ? '' : ` using ${node['Index Name']}`;
  const relation = node['Relation Name'] ?? node['CTE Name'];
  const alias = node.Alias !== undefined && node.Alias !== relation ? ` ${node.Alias}` : '';
  const on = relation === undefined ? (node.Alias === undefined ? '' : ` on${alias}`) : ` on ${relation}${alias}`;
  return `${name}${index}${on}`;
}

const aggregates: Record<string, string> = { Hashed: 'Hash', Sorted: 'Group', Mixed: 'Mixed ' };
