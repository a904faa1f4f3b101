import { mostFaults, toPointer, type Fault } from './fault.ts';

/** No document of Syncline is nested deeper. */
export const deepest = 100;

/**
 * Texts anywhere in a JSON value that cannot be kept as they are: a NUL character, which Postgres has in no text, and half
 * of a surrogate pair, which UTF-8 has not. Names of fields are texts too. A value that is nested too deeply is a fault as
 * well.
 * @returns the first hundred
 */
export function textFaults(value: unknown): Fault[] {
  const found: Fault[] = [];
  const path: PropertyKey[] = [];
  const look = (each: unknown): void => {
    if (found.length >= mostFaults) return;
    if (typeof each === 'string') found.push(...faultsIn(each, path));
    if (typeof each !== 'object' || each === null) return;
    if (path.length >= deepest) {
      found.push(tooDeep);
      return;
    }
    const list = Array.isArray(each);
    for (const [name, part] of Object.entries(each)) {
      const faults = list ? [] : faultsIn(name, path, 'The name of a field');
      found.push(...faults);
      // a name with faults is left out of the pointer
      if (faults.length > 0) continue;
      path.push(name);
      look(part);
      path.pop();
    }
  };
  look(value);
  return found.slice(0, mostFaults);
}

export const tooDeep: Fault = { pointer: '', detail: `The document is nested deeper than ${String(deepest)} levels.` };

function faultsIn(text: string, path: readonly PropertyKey[], what = 'The text'): Fault[] {
  if (text.includes('\0'))
    return [
      {
        pointer: toPointer(path),
        detail: `${what} has a NUL character (\\u0000), which Postgres cannot store. Remove it.`,
      },
    ];
  if (!text.isWellFormed())
    return [
      {
        pointer: toPointer(path),
        detail: `${what} has half of a surrogate pair, which is not a character. Remove it.`,
      },
    ];
  return [];
}
