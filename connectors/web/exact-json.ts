import { randomBytes } from 'node:crypto';
import { ExactNumber, type Cell } from '../../domain/cell.ts';

const deepest = 100;

/**
 * Parses JSON and keeps every digit of its numbers. Numbers are put in quotes behind a mark that nobody can know before, then
 * `JSON.parse` does the work: a reviver that sees the digits needs a later Node than the oldest that we support.
 * @throws SyntaxError if the text is no JSON, or is nested more than 100 deep. Its message holds nothing of the text.
 */
export function parseExact(text: string): Cell {
  const mark = randomBytes(6).toString('base64url');
  let parsed: unknown;
  try {
    parsed = JSON.parse(quoteNumbers(text, mark));
  } catch {
    throw new SyntaxError('The text is no JSON.');
  }
  return toCell(parsed, mark, 0);
}

/** Digits that follow each other without a break become two texts, and so stay a fault. */
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

function quoteNumbers(text: string, mark: string): string {
  const parts: string[] = [];
  let copied = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) {
      at = endOfText(text, at);
      continue;
    }
    // a digit or a minus
    if (!((code >= 0x30 && code <= 0x39) || code === 0x2d)) continue;
    number.lastIndex = at;
    const found = number.exec(text)?.[0];
    // a minus without digits is a fault that JSON.parse finds
    if (found === undefined) continue;
    parts.push(text.slice(copied, at), '"', mark, found, '"');
    copied = at + found.length;
    at = copied - 1;
  }
  parts.push(text.slice(copied));
  return parts.join('');
}

/** Where the text that begins at the quote ends; behind everything if it does not end. */
function endOfText(text: string, quote: number): number {
  for (let end = text.indexOf('"', quote + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === 0x5c) slashes += 1;
    if (slashes % 2 === 0) return end;
  }
  return text.length;
}

function toCell(value: unknown, mark: string, depth: number): Cell {
  if (typeof value === 'string') return value.startsWith(mark) ? new ExactNumber(value.slice(mark.length)) : value;
  if (value === null || typeof value === 'boolean') return value;
  if (depth >= deepest) throw new SyntaxError(`The JSON is nested more than ${String(deepest)} deep.`);
  if (Array.isArray(value)) return value.map((item) => toCell(item, mark, depth + 1));
  const members = Object.entries(value as Record<string, unknown>);
  // a number in place of a name
  if (members.some(([name]) => name.startsWith(mark))) throw new SyntaxError('The text is no JSON.');
  return new Map(members.map(([name, of]) => [name, toCell(of, mark, depth + 1)]));
}
