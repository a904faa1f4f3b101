/** What is wrong at one place of a document; the pointer is a JSON Pointer (RFC 6901), '' for the whole. */
export interface Fault {
  pointer: string;
  detail: string;
}

/** A place in a document as a JSON Pointer (RFC 6901). */
export function toPointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** How many faults of one document are reported. Reading more of them would not help to repair the document. */
export const mostFaults = 100;
