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

/** The library takes an empty text for the number 0; no value is not a number. */
function notEmpty(value: unknown): unknown {
  if (value === '') throw new Error('an empty text is not a number');
  return value;
}

const environment = new Environment({
  unlistedVariablesAreDyn: false,
  homogeneousAggregateLiterals: false,
  limits: { maxAstNodes: 2000, maxDepth: 60, maxListElements: 1000, maxMapEntries: 200, maxCallArguments: 16 },
})
  .registerVariable('row', 'map<string, string>')
  .registerFunction('string.matchesSafely(string): bool', matchesSafely)
  .registerFunction('notEmpty(dyn): dyn', notEmpty)
  .registerFunction('string.replace(string, string): string', (text: string, from: string, to: string) =>
    text.replaceAll(from, to),
  );

/** @throws ExpressionError */
export function compileExpression(text: string): Expression {
  try {
    const safe = useSafeFunctions(text);
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

/** The same of a row: what the library quotes is a value of it. */
export const withoutValues = (error: unknown): string => firstLine(error).replace(/"[^"]*"|'[^']*'/g, '…');

/** Puts our own functions in place of what the library does otherwise than it should. */
function useSafeFunctions(text: string): string {
  const edits: { at: number; remove: number; insert: string }[] = [];
  visit(environment.parse(text).ast, (node) => {
    if (node.op === 'rcall' && node.args[0] === 'matches') {
      const from = node.args[1].range.end;
      edits.push({ at: text.indexOf('matches', from), remove: 'matches'.length, insert: 'matchesSafely' });
    }
    if (node.op === 'call' && (node.args[0] === 'int' || node.args[0] === 'uint') && node.args[1].length === 1) {
      const argument = node.args[1][0]?.range;
      if (argument)
        edits.push(
          { at: argument.start, remove: 0, insert: 'notEmpty(' },
          { at: argument.end, remove: 0, insert: ')' },
        );
    }
  });
  // from the end on, so that places before stay where they are
  let safe = text;
  for (const { at, remove, insert } of edits.sort((a, b) => b.at - a.at))
    safe = safe.slice(0, at) + insert + safe.slice(at + remove);
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
