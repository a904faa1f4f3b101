import { RE2JS } from 're2js';
import { evaluationLimits, spend } from './evaluation-limits.ts';

/**
 * Regular expressions of `matches`: RE2, whose time is linear in the text and in the size of the pattern's program. A
 * repetition such as {1000} is written out in the program, so its size is estimated before it is made.
 */

const longestPattern = 1_000;
const largestProgram = 3_000;
/** Characters, times instructions of the program, that are matched in one step. */
const matchedInStep = 100;

interface Pattern {
  compiled: RE2JS;
  size: number;
}
/**
 * Compiled patterns: literals of expressions, and patterns that rows give. RE2JS caches in each of them at most some
 * MiB.
 */
const remembered = { literal: new Map<string, Pattern>(), given: new Map<string, Pattern>() };
const mostRemembered = { literal: 500, given: 20 };

/** @throws Error that says what is wrong with the pattern */
export function compilePattern(pattern: string, from: keyof typeof remembered): Pattern {
  const patterns = remembered[from];
  const known = patterns.get(pattern);
  if (known) return known;
  if (pattern.length > longestPattern)
    throw new Error(`a regular expression has at most ${longestPattern.toLocaleString('en-US')} characters`);
  if (sizeOf(pattern) > largestProgram) throw new Error(tooLarge);
  const compiled = RE2JS.compile(pattern);
  const found = { compiled, size: compiled.programSize() };
  if (found.size > 2 * largestProgram) throw new Error(tooLarge);
  if (patterns.size >= mostRemembered[from]) patterns.clear();
  patterns.set(pattern, found);
  return found;
}

const tooLarge = 'the regular expression repeats too much: {1000} counts as 1,000';

/** Whether the pattern is found in the text. */
export function matchesPattern(text: string, pattern: string, from: keyof typeof remembered): boolean {
  // a pattern that a row gives always costs the steps of its compilation, also if it is compiled already
  if (from === 'given') spend(20 + 10 * Math.min(sizeOf(pattern.slice(0, longestPattern)), largestProgram));
  const { compiled, size } = compilePattern(pattern, from);
  spend(Math.ceil((text.length * size) / matchedInStep));
  return compiled.matcher(text).find();
}

/** About how many instructions the program of a pattern has: one for each character, as often as it is repeated. */
export function sizeOf(pattern: string): number {
  /** Sizes of the groups that are open, the whole pattern first, and of the last part of each. */
  const open: { size: number; last: number }[] = [{ size: 0, last: 0 }];
  const top = () => open.at(-1) ?? { size: 0, last: 0 };
  const add = (size: number) => {
    const group = top();
    group.size += size;
    group.last = size;
  };
  const part =
    /\\Q[^]*?(?:\\E|$)|\\[pP]\{[^}]*\}|\\x\{[^}]*\}|\\.|\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]|\{(\d+)(,?)(\d*)\}|[^]/gu;
  for (const found of pattern.matchAll(part)) {
    const [text, least, , most] = found;
    if (text === '(') open.push({ size: 0, last: 0 });
    else if (text === ')' && open.length > 1) add((open.pop()?.size ?? 0) + 2);
    else if (least !== undefined) {
      const times = Math.max(Number(least), Number(most ?? 0), 1);
      const group = top();
      group.size += group.last * times;
      group.last *= times + 1;
    } else add(text.startsWith('\\Q') ? text.length : 1);
    if (top().size > evaluationLimits.steps) return Infinity;
  }
  // the compiler reports groups that are not closed
  return open.reduce((sum, { size }) => sum + size, 0);
}
