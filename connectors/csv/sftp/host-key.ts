import { createHash, timingSafeEqual } from 'node:crypto';

/** A public key of a server, or the hash of one. */
export type HostKey = { type: string; key: Buffer } | { sha256: Buffer };

/**
 * Reads a public key as `ssh-keyscan`, `known_hosts` and `.pub` files have it, or a fingerprint as `ssh-keygen -l` shows it.
 * @returns why it is none, for people
 */
export function parseHostKey(text: string): HostKey | string {
  const [, print] = /^SHA256:([A-Za-z0-9+/]{43})=?$/.exec(text.trim()) ?? [];
  if (print !== undefined) return { sha256: Buffer.from(print, 'base64') };
  const [, type = '', coded = ''] =
    /(?:^|\s)((?:ssh|ecdsa|rsa)-[a-z0-9@.-]+)\s+([A-Za-z0-9+/]+={0,2})(?:\s|$)/.exec(text.trim()) ?? [];
  const key = Buffer.from(coded, 'base64');
  // the bytes of a key begin with the name of its type (RFC 4253, 6.6)
  const named = key.length > 4 ? key.subarray(4, 4 + key.readUInt32BE(0)).toString('latin1') : '';
  if (type === '' || named !== type)
    return 'is neither a public key like "ssh-ed25519 AAAA…" nor a fingerprint like "SHA256:…". Ask who runs the server, or see ssh-keyscan';
  return { type, key };
}

/** Whether a server shows one of the keys. */
export const isKnownKey = (known: readonly HostKey[], shown: Buffer): boolean =>
  known.some((each) =>
    'key' in each ? equal(each.key, shown) : equal(each.sha256, createHash('sha256').update(shown).digest()),
  );

const equal = (a: Buffer, b: Buffer) => a.length === b.length && timingSafeEqual(a, b);

/** As `ssh-keygen -l` writes it. */
export const fingerprintOf = (key: Buffer): string =>
  `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;

/** What the server is asked to show: a key of the types that are known. Undefined if only hashes are known. */
export function algorithmsFor(known: readonly HostKey[]): string[] | undefined {
  const types = known.map((each) => ('type' in each ? each.type : undefined));
  if (types.includes(undefined)) return undefined;
  return [...new Set(types.flatMap((type) => (type === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256'] : [type ?? ''])))];
}
