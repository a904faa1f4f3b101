/**
 * Limits of one evaluation of one expression. They are counts, never time, so that the result for a row does not depend on
 * the machine. Once a limit is exceeded the evaluation fails, also if the expression would catch the error.
 *
 * A step is an operation. A round of a macro (exists, map, …) counts as all operations of its body. What goes through texts
 * and lists costs more steps the longer they are, about as much as it takes.
 */
export const evaluationLimits = { steps: 100_000, text: 1 << 20, list: 10_000, depth: 100 } as const;

/** An evaluation that went beyond a limit; the message continues after "it", without a full stop. */
export class LimitError extends Error {
  override name = 'LimitError';
}

// made once: an expression may meet them many thousand times before it ends
const tooManySteps = new LimitError('it takes more than 100,000 steps');
const tooLongText = new LimitError('it makes a text of more than 1 MiB');
const tooLongList = new LimitError('it makes a list of more than 10,000 elements');
const tooDeep = new LimitError('it makes a value of more than 100 nested levels');

/** Of the evaluation that runs: evaluations are synchronous, and none is within another. */
let left = 0;
let exceeded: LimitError | undefined;

export function beginEvaluation(steps: number): void {
  left = evaluationLimits.steps - steps;
  exceeded = undefined;
}

/** @throws LimitError if a limit was exceeded, whether or not the expression caught it */
export function endEvaluation(result: unknown): unknown {
  if (exceeded) throw exceeded;
  if (typeof result === 'object') spendFor(result);
  else checkText(result);
  return result;
}

/** Fails with the limit that was exceeded, if one was. */
export function failEvaluation(error: unknown): never {
  throw exceeded ?? error;
}

function exceed(error: LimitError): never {
  exceeded ??= error;
  left = -1;
  throw exceeded;
}

export function spend(steps: number): void {
  left -= steps;
  if (left < 0) exceed(tooManySteps);
}

function checkText(value: unknown): void {
  if (typeof value === 'string' && value.length > evaluationLimits.text) exceed(tooLongText);
}

const charactersOfStep = 256;
const elementsOfStep = 10;

/** Spends what it takes to go through a value once. */
export function spendFor(value: unknown, depth = 0): void {
  if (typeof value === 'string' || value instanceof Uint8Array) {
    if (value.length > evaluationLimits.text) exceed(tooLongText);
    if (value.length > charactersOfStep) spend(Math.ceil(value.length / charactersOfStep));
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (depth > evaluationLimits.depth) exceed(tooDeep);
  const parts = Array.isArray(value) ? value : partsOf(value);
  if (parts.length > evaluationLimits.list) exceed(tooLongList);
  spend(1 + Math.ceil(parts.length / elementsOfStep));
  for (const part of parts) spendFor(part, depth + 1);
}

function partsOf(value: object): unknown[] {
  if (value instanceof Map) return [...value.keys(), ...value.values()];
  return Object.getPrototypeOf(value) === Object.prototype ? Object.entries(value).flat() : [];
}

/** Checks the result of an operation, so that a text or list that is too long is found at once. */
export function checkResult(value: unknown): void {
  if (typeof value === 'string' || value instanceof Uint8Array) {
    if (value.length > evaluationLimits.text) exceed(tooLongText);
  } else if (Array.isArray(value) && value.length > evaluationLimits.list) exceed(tooLongList);
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : '');

/** Looking for a text in a text takes up to as many steps as they have characters, multiplied. */
const search = (values: readonly unknown[], atOnce: number) => {
  const product = textOf(values[0]).length * textOf(values[1]).length;
  if (product > atOnce) spend(Math.ceil(product / atOnce));
};

/** What functions cost besides going through their arguments, and results that would be too long, before they are made. */
export const costs: Readonly<Record<string, (values: readonly unknown[]) => void>> = Object.assign(
  Object.create(null) as Record<string, (values: readonly unknown[]) => void>,
  {
    contains: (values) => {
      search(values, 1 << 20);
    },
    indexOf: (values) => {
      search(values, 1 << 20);
    },
    // goes back character by character
    lastIndexOf: (values) => {
      search(values, 1 << 10);
    },
    split: (values) => {
      search(values, 1 << 20);
      if (values[1] === '' && textOf(values[0]).length > evaluationLimits.list) exceed(tooLongList);
    },
    replace: (values) => {
      search(values, 1 << 20);
      const [text, from, to] = [textOf(values[0]), textOf(values[1]), textOf(values[2])];
      // the most that there can be, then as many as there are
      if (lengthReplaced(text, text.length / Math.max(1, from.length) + 1, from, to) <= evaluationLimits.text) return;
      if (lengthReplaced(text, occurrences(text, from), from, to) > evaluationLimits.text) exceed(tooLongText);
    },
    join: ([list, separator]) => {
      const texts = Array.isArray(list) ? list : [];
      let length = textOf(separator).length * Math.max(0, texts.length - 1);
      for (const text of texts) length += textOf(text).length;
      if (length > evaluationLimits.text) exceed(tooLongText);
    },
    // reads a time zone again each time
    ...Object.fromEntries(
      ['Date', 'DayOfMonth', 'DayOfWeek', 'DayOfYear', 'FullYear', 'Hours', 'Minutes', 'Month', 'Seconds'].map(
        (part) => [
          `get${part}`,
          ({ length }: readonly unknown[]) => {
            if (length > 1) spend(100);
          },
        ],
      ),
    ),
    // the library takes as much as the third power of the length
    duration: ([text]) => {
      if (textOf(text).length > 100) throw new Error('a text of more than 100 characters is not a duration');
      spend(100);
    },
    json: ([bytes]) => {
      if (bytes instanceof Uint8Array) spend(bytes.length / 32);
    },
  } satisfies Record<string, (values: readonly unknown[]) => void>,
);

const lengthReplaced = (text: string, times: number, from: string, to: string) =>
  text.length + times * (to.length - from.length);

function occurrences(text: string, part: string): number {
  if (part === '') return text.length + 1;
  let count = 0;
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) count++;
  return count;
}
