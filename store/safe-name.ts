/** A name for exactly one folder, for any name of a table. */
export function safeName(name: string): string {
  const encoded = encodeURIComponent(name).replace(/[.*'()!~]/g, (c) =>
    c === '.' ? '.' : `%${c.charCodeAt(0).toString(16)}`,
  );
  return /^\.+$/.test(encoded) ? encoded.replaceAll('.', '%2e') : encoded;
}
