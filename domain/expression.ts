import { Environment, type ASTNode } from '@marcbachmann/cel-js';
import { RE2JS } from 're2js';

/** CEL over `row`: cells are strings, an empty cell is `''`. */

export interface Expression {
  /** @throws Error with a message that says why, without the row's values where possible */
  evaluate(row: ReadonlyMap<string, string>): unknown;
  /** Columns that it names; undefined where it reads `row` in a way that cannot be told beforehand. */
  columns: string[] | undefined;
  /** Its static type: `bool`, `string`, `dyn`, … */
  type: string;
}

/** An expression that cannot be used; the message says why and where. */
export class ExpressionError extends Error {
  override name = 'ExpressionError';
}

const patterns = new Map<string, RE2JS>();

/** The library's own `matches` backtracks; this one takes time linear in the text (RE2). */
function matchesSafely(text: string, pattern: string): boolean {
  let compiled = patterns.get(pattern);
  if (!compiled) {
    if (patterns.size >= 500) patterns.clear();
    patterns.set(pattern, (compiled = RE2JS.compile(pattern)));
  }
  return compiled.matcher(text).find();
}

const environment = new Environment({
  unlistedVariablesAreDyn: false,
  homogeneousAggregateLiterals: false,
  limits: { maxAstNodes: 2000, maxDepth: 60, maxListElements: 1000, maxMapEntries: 200, maxCallArguments: 16 },
})
  .registerVariable('row', 'map<string, string>')
  .registerFunction('string.matchesSafely(string): bool', matchesSafely)
  .registerFunction('string.replace(string, string): string', (text: string, from: string, to: string) =>
    text.replaceAll(from, to),
  );

/** @throws ExpressionError */
export function compileExpression(text: string): Expression {
  try {
    const safe = useSafeMatches(text);
    const run = environment.parse(safe);
    const checked = run.check();
    if (!checked.valid) throw checked.error ?? new Error('it does not fit its types');
    return {
      evaluate: (row) => run({ row }) as unknown,
      columns: columnsOf(run.ast),
      type: checked.type ?? 'dyn',
    };
  } catch (error) {
    throw new ExpressionError(firstLine(error), { cause: error });
  }
}

/** What a person is told: the first line, since the others show the expression again. */
export function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}

function useSafeMatches(text: string): string {
  let safe = text;
  const calls: number[] = [];
  visit(environment.parse(text).ast, (node) => {
    if (node.op === 'rcall' && node.args[0] === 'matches') calls.push(node.args[1].range.end);
  });
  for (const end of calls.sort((a, b) => b - a))
    safe = safe.slice(0, end) + safe.slice(end).replace('matches', 'matchesSafely');
  return safe;
}

/** The columns named by `row.x` and `row["x"]`. */
function columnsOf(ast: ASTNode): string[] | undefined {
  const columns = new Set<string>();
  let named = 0;
  let rows = 0;
  visit(ast, (node) => {
    if (node.op === 'id' && node.args === 'row') rows++;
    if (node.op === '.' && isRow(node.args[0])) {
      columns.add(node.args[1]);
      named++;
    }
    if (
      node.op === '[]' &&
      isRow(node.args[0]) &&
      node.args[1].op === 'value' &&
      typeof node.args[1].args === 'string'
    ) {
      columns.add(node.args[1].args);
      named++;
    }
    // has(row.x) asks, it does not need
    if (node.op === 'call' && node.args[0] === 'has') rows = Infinity;
  });
  return named === rows ? [...columns] : undefined;
}

const isRow = (node: ASTNode) => node.op === 'id' && node.args === 'row';

function visit(node: ASTNode, look: (node: ASTNode) => void): void {
  look(node);
  const walk = (part: unknown): void => {
    if (Array.isArray(part)) part.forEach(walk);
    else if (typeof part === 'object' && part !== null && 'op' in part) visit(part as ASTNode, look);
  };
  walk(node.args);
}
