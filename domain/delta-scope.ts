import { strictCells } from './cells.ts';
import type { EntityTypeFile } from './connector-file.ts';
import { compileExpression } from './expression.ts';
import type { DeltaCommand } from './mapping.ts';

/**
 * The condition `where` of an entity type, for rows of delta files that do not have all of its columns: the stored
 * resource gives the absent columns, as far as their values are stored unchanged.
 */
export interface ScopeRule {
  /** Properties whose values are stored unchanged, by the column of the condition that they are from. */
  properties: ReadonlyMap<string, string>;
  /** undefined if the cells do not decide it. */
  evaluate(cells: ReadonlyMap<string, string>): boolean | undefined;
}

export function compileScopeRule(type: EntityTypeFile): ScopeRule | undefined {
  if (type.source.where === undefined) return undefined;
  const where = compileExpression(type.source.where);
  const plain = Object.entries(type.properties).flatMap(([name, { column, type: of, multiValued, format }]) =>
    column !== undefined && of === 'string' && !multiValued && format === undefined && !type.key.includes(name)
      ? [[column, name] as const]
      : [],
  );
  return {
    properties: new Map(plain.filter(([column]) => where.columns?.includes(column) ?? true)),
    evaluate(cells) {
      try {
        const result = where.evaluate(strictCells(cells).cells);
        return typeof result === 'boolean' ? result : undefined;
      } catch {
        return undefined;
      }
    },
  };
}

/** A row of a delta file, as far as the condition is concerned. */
export interface ScopedRow {
  command: DeltaCommand;
  scope: 'in' | 'out' | 'open';
  asked: Record<string, string>;
}

/**
 * The verdict on a row. `kept`: the resource stays in, although the condition cannot be decided. `filtered`: the
 * resource was not in and stays out. `untold`: the resource would be new, and the condition cannot be decided.
 */
export type ScopeVerdict = 'in' | 'out' | 'kept' | 'filtered' | 'untold';

/** Judges the rows of one key, in their order. @param stored its attributes, if it is stored */
export function judgeScope(
  rule: ScopeRule,
  stored: Readonly<Record<string, unknown>> | undefined,
  rows: readonly ScopedRow[],
): ScopeVerdict[] {
  let known = stored && cellsOf(rule, stored);
  return rows.map(({ command, scope, asked }) => {
    if (command === 'delete') {
      known = undefined;
      return 'in';
    }
    const cells = new Map([...(known ?? []), ...Object.entries(asked)]);
    const verdict = scope === 'open' ? judgeOpen(rule, known && cells, command) : scope;
    if (verdict === 'in' || verdict === 'kept') known = cells;
    else if (verdict === 'out' && command !== 'insert') known = undefined;
    return verdict;
  });
}

function judgeOpen(
  rule: ScopeRule,
  cells: ReadonlyMap<string, string> | undefined,
  command: DeltaCommand,
): ScopeVerdict {
  if (!cells) return command === 'update' ? 'filtered' : 'untold';
  const result = rule.evaluate(cells);
  return result === undefined ? 'kept' : result ? 'in' : 'out';
}

function cellsOf({ properties }: ScopeRule, attributes: Readonly<Record<string, unknown>>): Map<string, string> {
  return new Map(
    [...properties].map(([column, property]) => {
      const value = attributes[property];
      return [column, typeof value === 'string' ? value : ''];
    }),
  );
}
