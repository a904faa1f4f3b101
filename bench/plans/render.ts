import { describe, type Detail, type PlanNode } from './plan.ts';

/** Conditions and the like that are shown where a node has them. */
const shown = [
  ...['Index Cond', 'Recheck Cond', 'Hash Cond', 'Merge Cond', 'Join Filter', 'Filter', 'One-Time Filter'],
  ...['Rows Removed by Filter', 'Rows Removed by Join Filter', 'Rows Removed by Index Recheck', 'Heap Fetches'],
  ...['Sort Key', 'Presorted Key', 'Group Key', 'Cache Key', 'Function Name'],
];

/** A plan as text, a node a line with its rows, time and pages, as `explain` would write it. */
export function render(plan: PlanNode, indent = ''): string {
  const lines = [
    `${indent}${plan['Subplan Name'] === undefined ? '' : `${plan['Subplan Name']}: `}${describe(plan)}  (${figures(plan)})`,
  ];
  for (const name of shown) {
    const value = plan[name];
    if (value === undefined || value === 0 || (Array.isArray(value) && value.length === 0)) continue;
    lines.push(`${indent}    ${name}: ${text(value)}`);
  }
  if (plan['Sort Method'] !== undefined)
    lines.push(
      `${indent}    Sort: ${text(plan['Sort Method'])}, ${text(plan['Sort Space Used'])} kB ${text(plan['Sort Space Type'])}`,
    );
  if (plan['Peak Memory Usage'] !== undefined)
    lines.push(
      `${indent}    Memory: ${text(plan['Peak Memory Usage'])} kB, batches ${text(plan['Hash Batches'] ?? plan['HashAgg Batches'] ?? 1)}`,
    );
  for (const child of plan.Plans ?? []) lines.push(render(child, `${indent}  `));
  return lines.join('\n');
}

const text = (value: Detail | PlanNode[]) => (Array.isArray(value) ? (value as string[]).join(', ') : String(value));

function figures(node: PlanNode): string {
  const loops = node['Actual Loops'] ?? 0;
  if (loops === 0) return `planned ${String(node['Plan Rows'])} rows, never executed`;
  const time = node['Actual Total Time'];
  const pages = (['Shared', 'Local', 'Temp'] as const).flatMap((where) => {
    const counts = (['Hit', 'Read', 'Dirtied', 'Written'] as const).flatMap((what) => {
      const n = Number(node[`${where} ${what} Blocks`] ?? 0);
      return n > 0 ? [`${what.toLowerCase()} ${String(n)}`] : [];
    });
    return counts.length > 0 ? [`${where.toLowerCase()} ${counts.join(' ')}`] : [];
  });
  return [
    `rows ${String(node['Actual Rows'] ?? 0)} of ${String(node['Plan Rows'])} planned`,
    ...(loops > 1 ? [`loops ${String(loops)}`] : []),
    ...(time === undefined ? [] : [`${(time * loops).toFixed(1)} ms`]),
    ...(pages.length > 0 ? [`pages: ${pages.join('; ')}`] : []),
  ].join(', ');
}
