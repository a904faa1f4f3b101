import { toPointer, type Fault } from './fault.ts';

/** Deeper than anything here is. */
const deepest = 100;

/**
 * Texts anywhere in a JSON value that cannot be kept as they are: a NUL character, which Postgres has in no text, and half
 * of a surrogate pair, which UTF-8 has not. Names of fields are texts too. A value that is nested too deeply is a fault as well.
 */
export function textFaults(value: unknown, path: readonly PropertyKey[] = []): Fault[] {
  if (typeof value === 'string') return faultsIn(value, path);
  if (path.length > deepest)
    return [{ pointer: '', detail: `The document is nested deeper than ${String(deepest)} levels.` }];
  if (Array.isArray(value)) return value.flatMap((each, i) => textFaults(each, [...path, i]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) => {
    const faults = faultsIn(name, path, 'The name of a field');
    // a name that cannot be told is no part of a pointer
    return faults.length > 0 ? faults : textFaults(each, [...path, name]);
  });
}

function faultsIn(text: string, path: readonly PropertyKey[], what = 'The text'): Fault[] {
  const pointer = toPointer(path);
  if (text.includes('\0'))
    return [{ pointer, detail: `${what} has a NUL character (\\u0000), which nothing here can hold: remove it.` }];
  if (!text.isWellFormed())
    return [{ pointer, detail: `${what} has half of a surrogate pair, which is no character: remove it.` }];
  return [];
}
