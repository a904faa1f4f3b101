import { Environment, type ASTNode } from '@marcbachmann/cel-js';
import { beginEvaluation, endEvaluation, failEvaluation } from './evaluation-limits.ts';
import { guardExpression } from './guard-expression.ts';
import { compilePattern, matchesPattern, sizeOf } from './pattern.ts';
import { storableMessage } from './storable.ts';

/**
 * CEL over `row`: cells are strings, an empty cell is `''`; `compileOverCells` is for structured sources. Or over `resource`, `source`, `user` or `group`:
 * properties as in `attributes`, one without a value is null, a multi-valued one without values an empty list.
 */

export interface Expression<Given = ReadonlyMap<string, unknown>> {
  /** @throws Error with a message that says why, without the row's values if possible */
  evaluate(subject: Given): unknown;
  /** Columns that the expression names; undefined if they are known only when the expression runs. */
  columns: string[] | undefined;
  /** Its static type: `bool`, `string`, `dyn`, … */
  type: string;
  /** What it takes to compile it: operations, and instructions of regular expressions, which take ten times as much. */
  size: number;
}

/** An expression that cannot be used; the message says why and where. */
export class ExpressionError extends Error {
  override name = 'ExpressionError';
}

/** The library reads an empty text as the number 0. Here an empty text is no number. */
function notEmpty(value: unknown): unknown {
  if (value === '') throw new Error('an empty text is not a number');
  return value;
}

const environmentOver = (variable: string, type: string) =>
  new Environment({
    unlistedVariablesAreDyn: false,
    homogeneousAggregateLiterals: false,
    limits: { maxAstNodes: 2000, maxDepth: 60, maxListElements: 1000, maxMapEntries: 200, maxCallArguments: 16 },
  })
    .registerVariable(variable, type)
    // the library's own matches backtracks
    .registerFunction('string.matchesLiteral(string): bool', (text: string, pattern: string) =>
      matchesPattern(text, pattern, 'literal'),
    )
    .registerFunction('string.matchesGiven(string): bool', (text: string, pattern: string) =>
      matchesPattern(text, pattern, 'given'),
    )
    .registerFunction('notEmpty(dyn): dyn', notEmpty)
    .registerFunction('string.replace(string, string): string', (text: string, from: string, to: string) =>
      // JavaScript would replace a $ in the text with what was found
      to.includes('$') ? text.replaceAll(from, () => to) : text.replaceAll(from, to),
    );

/** The subjects of expressions: `cells` are rows of structured sources, under the same name as rows of texts. */
const subjects = {
  row: { variable: 'row', environment: environmentOver('row', 'map<string, string>'), hasMeansValue: false },
  cells: {
    variable: 'row',
    environment: environmentOver('row', 'map<string, dyn>').registerFunction('first(dyn): dyn', smallest),
    hasMeansValue: true,
  },
  resource: {
    variable: 'resource',
    environment: environmentOver('resource', 'map<string, dyn>'),
    hasMeansValue: true,
  },
  source: {
    variable: 'source',
    environment: environmentOver('source', 'map<string, dyn>'),
    hasMeansValue: true,
  },
  user: { variable: 'user', environment: environmentOver('user', 'map<string, dyn>'), hasMeansValue: true },
  group: { variable: 'group', environment: environmentOver('group', 'map<string, dyn>'), hasMeansValue: true },
} as const;
type Subject = keyof typeof subjects;
type Variable = (typeof subjects)[Subject]['variable'];

/** Lists of sources have no order that can be relied on, so the first one is the smallest. */
function smallest(value: unknown): unknown {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const texts = list.filter((each) => typeof each === 'string');
  return texts.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))[0] ?? '';
}

/** @throws ExpressionError */
export const compileExpression = (text: string): Expression => compile(text, 'row');

/** CEL over `resource`; its `columns` are properties. @throws ExpressionError */
export const compileOverResource = (text: string): Expression => compile(text, 'resource');

/** CEL over `source`, a resource that a mapping maps; its `columns` are properties. @throws ExpressionError */
export const compileOverSource = (text: string): Expression => compile(text, 'source');

/** CEL over `user` or `group`, a resource of the directory; its `columns` are properties. @throws ExpressionError */
export const compileOverAssigned = (text: string, kind: 'user' | 'group'): Expression => compile(text, kind);

/**
 * CEL over `row`, the cells of a structured source: a cell without a value is null, a number a text, and several values a
 * list. @throws ExpressionError
 */
export const compileOverCells = (text: string): Expression => compile(text, 'cells');

function compile<Given>(text: string, of: Subject): Expression<Given> {
  try {
    const { environment, variable, hasMeansValue } = subjects[of];
    const { safe, patterns } = useSafeFunctions(text, environment, hasMeansValue);
    const run = environment.parse(safe);
    refuseMadeKeys(run.ast, variable);
    const checked = run.check();
    if (!checked.valid) throw checked.error ?? new Error('it does not fit its types');
    const columns = columnsOf(run.ast, variable);
    const { steps, mayExceed } = guardExpression(run.ast);
    const evaluate = (subject: Given) => run({ [variable]: subject }) as unknown;
    return {
      evaluate(subject) {
        if (!mayExceed) return evaluate(subject);
        beginEvaluation(steps);
        try {
          return endEvaluation(evaluate(subject));
        } catch (error) {
          failEvaluation(error);
        }
      },
      columns,
      type: checked.type ?? 'dyn',
      size: steps + 10 * patterns,
    };
  } catch (error) {
    throw new ExpressionError(firstLine(error), { cause: error });
  }
}

/** A number in all its digits: whole ones are exact, others have as many digits as tell them apart. */
export function numberText(value: number): string {
  const text = String(value);
  const [digits = '', exponent] = text.split('e');
  if (exponent === undefined) return text;
  if (Number.isInteger(value)) return BigInt(value).toString();
  const sign = digits.startsWith('-') ? '-' : '';
  return `${sign}0.${'0'.repeat(-Number(exponent) - 1)}${digits.replace(/[-.]/g, '')}`;
}

/** The first line of a message, since the others repeat the expression. */
export function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}

/** The same for a row, without what the library quotes: a value of the row. */
export const withoutValues = (error: unknown): string =>
  storableMessage(firstLine(error).replace(/"[^"]*"|'[^']*'/g, '…'));

/**
 * Keys of maps are literals or converted to one: a map whose keys are maps has a type whose name is twice as long, and a few
 * dozen such maps within each other would make a name that fills the memory.
 */
function refuseMadeKeys(ast: ASTNode, variable: Variable): void {
  const fits = (key: ASTNode): boolean =>
    key.op === 'value' ||
    (key.op === 'call' && ['string', 'int', 'uint', 'bool'].includes(key.args[0])) ||
    ((key.op === '.' || key.op === '[]') && key.args[0].op === 'id' && key.args[0].args === variable);
  visit(ast, (node) => {
    if (node.op === 'map' && !node.args.every(([key]) => fits(key)))
      throw new Error('the key of a map must be a literal, a value of the row, or converted by string(…) or int(…)');
  });
}

/**
 * Replaces functions of the library that do not behave as needed by our own.
 * @returns the text to use, and the size of the regular expressions in it
 */
function useSafeFunctions(
  text: string,
  environment: Environment,
  hasMeansValue: boolean,
): { safe: string; patterns: number } {
  const edits: { at: number; remove: number; insert: string }[] = [];
  let patterns = 0;
  visit(environment.parse(text).ast, (node) => {
    if (node.op === 'rcall' && node.args[0] === 'matches') {
      const from = node.args[1].range.end;
      const [pattern] = node.args[2];
      const literal = pattern?.op === 'value' && typeof pattern.args === 'string' ? pattern.args : undefined;
      if (literal !== undefined) {
        compilePattern(literal, 'literal');
        patterns += sizeOf(literal);
      }
      edits.push({
        at: text.indexOf('matches', from),
        remove: 'matches'.length,
        insert: literal === undefined ? 'matchesGiven' : 'matchesLiteral',
      });
    }
    if (node.op === 'call' && (node.args[0] === 'int' || node.args[0] === 'uint') && node.args[1].length === 1) {
      const argument = node.args[1][0]?.range;
      if (argument)
        edits.push(
          { at: argument.start, remove: 0, insert: 'notEmpty(' },
          { at: argument.end, remove: 0, insert: ')' },
        );
    }
    // every property and cell is there, those without a value as null or an empty list
    if (node.op === 'call' && node.args[0] === 'has' && hasMeansValue) {
      const argument = node.args[1][0]?.range;
      if (argument) {
        const asked = text.slice(argument.start, argument.end);
        edits.push(
          { at: text.indexOf('has', node.range.start), remove: 'has'.length, insert: '' },
          { at: argument.end, remove: 0, insert: ` != null && ${asked} != []` },
        );
      }
    }
  });
  // from the end on, so that the places of earlier edits do not change
  let safe = text;
  for (const { at, remove, insert } of edits.sort((a, b) => b.at - a.at))
    safe = safe.slice(0, at) + insert + safe.slice(at + remove);
  return { safe, patterns };
}

/** The columns named by `row.x` and `row["x"]`, or the properties of `resource` or `source`. */
function columnsOf(ast: ASTNode, variable: Variable): string[] | undefined {
  const isSubject = (node: ASTNode) => node.op === 'id' && node.args === variable;
  const columns = new Set<string>();
  let named = 0;
  let rows = 0;
  visit(ast, (node) => {
    if (isSubject(node)) rows++;
    if (node.op === '.' && isSubject(node.args[0])) {
      columns.add(node.args[1]);
      named++;
    }
    if (
      node.op === '[]' &&
      isSubject(node.args[0]) &&
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

function visit(node: ASTNode, look: (node: ASTNode) => void): void {
  look(node);
  const walk = (part: unknown): void => {
    if (Array.isArray(part)) part.forEach(walk);
    else if (typeof part === 'object' && part !== null && 'op' in part) visit(part as ASTNode, look);
  };
  walk(node.args);
}
