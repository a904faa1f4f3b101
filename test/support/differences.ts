import { isDeepStrictEqual } from 'node:util';
import type { Dump } from './canonical-dump.ts';

/** What differs between two lines: of lines of JSON the paths of what is not the same, else the lines. */
function between(found: string | undefined, expected: string | undefined): string[] {
  const left = parsed(found);
  const right = parsed(expected);
  if (!isObject(left) || !isObject(right)) return [`found ${found ?? 'nothing'}, expected ${expected ?? 'nothing'}`];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])]
    .filter((name) => !isDeepStrictEqual(left[name], right[name]))
    .map((name) => `${name}: found ${JSON.stringify(left[name])}, expected ${JSON.stringify(right[name])}`);
}

function parsed(line: string | undefined): unknown {
  try {
    return JSON.parse(line ?? '');
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** In which lines the ends of two connectors differ, short enough to be read in a log; none if they are equal. */
export function differences(found: Dump, expected: Dump): string[] {
  if (found.digest === expected.digest) return [];
  return [...new Set([...Object.keys(found.lines), ...Object.keys(expected.lines)])].flatMap((about) => {
    const here = new Set(found.lines[about]);
    const there = new Set(expected.lines[about]);
    const more = [...here].filter((line) => !there.has(line));
    const less = [...there].filter((line) => !here.has(line));
    return Array.from({ length: Math.min(10, Math.max(more.length, less.length)) }, (_, i) =>
      between(more[i], less[i]).map((each) => `${about}: ${each}`),
    ).flat();
  });
}
