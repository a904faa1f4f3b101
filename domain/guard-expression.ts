import type { ASTNode } from '@marcbachmann/cel-js';
import { checkResult, costs, spend, spendFor } from './evaluation-limits.ts';

/**
 * Makes a checked expression count its steps. The library has limits for the text of an expression only, so the operations
 * of its tree are wrapped once, when it is compiled: rounds of macros, functions, and operators that look into texts and
 * lists.
 */

/** A node as the library evaluates it, once it has been checked. */
interface Node {
  op: string;
  args: unknown;
  meta: { alternate?: unknown; macro?: unknown };
  checkedType?: { name: string };
  /** The operation itself, on values. Operators get (left, right, …), functions and methods ([values], …). */
  handle?: (first: unknown, second: unknown, third: unknown, fourth: unknown) => unknown;
  evaluate: (evaluator: unknown, node: unknown, context: unknown) => unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'op' in value && 'meta' in value && 'evaluate' in value;

/** What a macro was made into. */
interface Comprehension {
  step: Node;
}

const macros = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);
/** Types whose values have one size. */
const small = new Set(['bool', 'int', 'uint', 'double', 'null', 'type']);
const comparisons = new Set(['==', '!=', '<', '<=', '>', '>=', 'in']);
/** Functions whose result may be much larger than what they were given. */
const growing = new Set(['split', 'json', 'hex', 'base64', 'upperAscii', 'bytes', 'string']);

/**
 * @returns how many operations the expression has, each of which is a step; and whether it could exceed a limit at all
 */
export function guardExpression(ast: ASTNode): { steps: number; mayExceed: boolean } {
  const nodes = nodesOf(ast);
  // bodies are measured before any is wrapped
  const rounds = nodes.flatMap((node) => {
    if (node.op !== 'comprehension') return [];
    const comprehension = node.args as Comprehension;
    return [{ comprehension, step: comprehension.step, size: nodesOf(comprehension.step).length }];
  });
  if (rounds.length !== nodes.filter(isMacro).length) throw new Error('the steps of a macro cannot be counted');
  for (const { comprehension, step, size } of rounds)
    comprehension.step = {
      ...step,
      meta: {},
      evaluate(evaluator, _node, context) {
        spend(size);
        return step.evaluate(evaluator, step, context);
      },
    };
  const before = nodes.map((node) => node.handle);
  const binds = nodes.some(isBind);
  for (const node of nodes) guardOperation(node, binds);
  const mayExceed = nodes.some((node, i) => node.handle !== before[i] || node.op === 'comprehension') || binds;
  return { steps: nodes.length, mayExceed };
}

const isBind = ({ op, args }: Node) => op === 'rcall' && Array.isArray(args) && args[0] === 'bind';

const isMacro = ({ op, args }: Node) =>
  op === 'rcall' && Array.isArray(args) && macros.has(String(args[0])) && isIdentifier(args[2]);
const isIdentifier = (args: unknown) =>
  Array.isArray(args) && isNode(args[0]) && args[0].op === 'id' && args.length > 1;

/** Whether the result of the node may be long. Joined texts count as long. */
const mayBeLong = (node: Node | undefined) =>
  node !== undefined &&
  !small.has(node.checkedType?.name ?? 'dyn') &&
  !(node.op === 'value' && typeof node.args === 'string' && node.args.length <= shortText);

const shortText = 256;
const goThrough = (value: unknown) => {
  if (typeof value === 'string' ? value.length > shortText : typeof value === 'object') spendFor(value);
};

/** @param binds whether texts can be doubled again and again by bind, and not only be as many as the expression names */
function guardOperation(node: Node, binds: boolean): void {
  const { handle, op } = node;
  if (!handle) return;
  if (op === 'call' || op === 'rcall') guardCall(node, handle);
  else if (comparisons.has(op)) {
    const [left, right] = node.args as Node[];
    // texts of different lengths are not equal, and need no comparison
    if (!(mayBeLong(left) && mayBeLong(right)) && (op === '==' || op === '!=')) return;
    if (!mayBeLong(left) && !mayBeLong(right)) return;
    node.handle = (first, second, third, fourth) => {
      goThrough(first);
      goThrough(second);
      return handle(first, second, third, fourth);
    };
  } else if (op === '[]' && mayBeLong((node.args as Node[])[1])) {
    node.handle = (first, second, third, fourth) => {
      goThrough(second);
      return handle(first, second, third, fourth);
    };
  } else if (
    op === '+' &&
    (node.args as Node[]).some((each) => mayBeLong(each) && (binds || each.checkedType?.name !== 'string'))
  ) {
    node.handle = (first, second, third, fourth) => {
      goThrough(first);
      goThrough(second);
      const result = handle(first, second, third, fourth);
      checkResult(result);
      return result;
    };
  }
}

function guardCall(node: Node, handle: NonNullable<Node['handle']>): void {
  const [name, ...rest] = node.args as [string, ...unknown[]];
  const given = rest.flat() as Node[];
  const long = given.flatMap((each, i) => (mayBeLong(each) ? [i] : []));
  const cost = costs[name];
  const grows = growing.has(name);
  const [only] = long;
  if (only !== undefined && long.length === 1 && !cost && !grows) {
    node.handle = (values, second, third, fourth) => {
      goThrough((values as unknown[])[only]);
      return handle(values, second, third, fourth);
    };
  } else if (long.length > 0 || cost || grows) {
    node.handle = (values, second, third, fourth) => {
      for (const i of long) goThrough((values as unknown[])[i]);
      cost?.(values as unknown[]);
      const result = handle(values, second, third, fourth);
      if (grows) checkResult(result);
      return result;
    };
  }
}

/** The nodes that are evaluated, each once: those of a macro are what it was made into. */
function nodesOf(root: unknown): Node[] {
  const found = new Set<Node>();
  const seen = new Set<object>();
  const walk = (part: unknown): void => {
    if (typeof part !== 'object' || part === null || seen.has(part)) return;
    seen.add(part);
    if (isNode(part)) {
      found.add(part);
      walk(part.args);
      walk(part.meta.alternate);
      walk(part.meta.macro);
    } else if (Array.isArray(part)) part.forEach(walk);
    else if (Object.getPrototypeOf(part) === Object.prototype) Object.values(part).forEach(walk);
  };
  walk(root);
  return [...found];
}
