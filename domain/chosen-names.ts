/**
 * Objects whose field names people choose: properties, columns, links. Such a name may be `__proto__` or `constructor`,
 * which have another meaning in plain objects.
 */

/** An empty object that has only the fields that are put into it, with any name. */
export const byName = <Value>(): Record<string, Value> => Object.create(null) as Record<string, Value>;

/** What an object has itself under a name. */
export function own<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** zod leaves fields named `__proto__` out of what it reads, so they have another name meanwhile. */
const standIn = '\u{f8ff}proto\u{f8ff}';

/** @param value JSON; it is copied if it has such a field */
export function coverNames(value: unknown): unknown {
  return hasField(value, '__proto__') ? renamed(value, '__proto__', standIn) : value;
}

export function uncoverNames<Value>(value: Value): Value {
  return hasField(value, standIn) ? (renamed(value, standIn, '__proto__') as Value) : value;
}

/** The same in a message or a JSON Pointer. */
export const uncoverText = (text: string): string => text.replaceAll(standIn, '__proto__');

function hasField(value: unknown, name: string): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some((each) => hasField(each, name));
  return Object.hasOwn(value, name) || Object.values(value).some((each) => hasField(each, name));
}

function renamed(value: unknown, from: string, to: string): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => renamed(each, from, to));
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name === from ? to : name, renamed(each, from, to)]),
  );
}
