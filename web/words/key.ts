/** A key as a person reads it. */
export const keyWords = (key: readonly string[]): string => key.join(' · ');

/** A key as one part of an address of the console, of which the router takes off one layer of encoding. */
export const keyToParam = (key: readonly string[]): string => key.map((part) => encodeURIComponent(part)).join(',');

/** Reads it back. What is no encoded text is taken as it is: a person may have typed it. */
export function keyFromParam(param: string): string[] {
  return param.split(',').map((part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  });
}

/**
 * A key as one segment of an address of the API. Segments that a browser would resolve, and those that begin with `~`, have
 * another form.
 */
export function keyToPath(key: readonly string[]): string {
  const segment = key.map((part) => encodeURIComponent(part)).join(',');
  if (segment !== '.' && segment !== '..' && !segment.startsWith('~')) return segment;
  const bytes = new TextEncoder().encode(JSON.stringify(key));
  return `~${btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')}`;
}
