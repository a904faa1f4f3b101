import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import ipaddr from 'ipaddr.js';
import { addressKind, plainAddress } from './address-kind.ts';

/** One entry of `SYNCLINE_OUTBOUND_ALLOW`. It counts for each port if it has none. Plain data: threads get copies. */
type AllowEntry = { port?: number } & ({ name: string } | { network: string; bits: number });

/** What `SYNCLINE_OUTBOUND_ALLOW` names. */
export type OutboundAllow = readonly AllowEntry[];

/**
 * Reads `SYNCLINE_OUTBOUND_ALLOW`: hosts, `host:port` and networks, separated by commas.
 * @returns the entries, or what is wrong with the first that cannot be used
 */
export function parseOutboundAllow(text: string): OutboundAllow | string {
  const entries: AllowEntry[] = [];
  for (const part of text.split(',').map((each) => each.trim())) {
    const entry = parseEntry(part);
    if (typeof entry === 'string') return entry;
    entries.push(entry);
  }
  return entries;
}

function parseEntry(text: string): AllowEntry | string {
  if (text.includes('/')) return parseNetwork(text);
  const bare = isIP(text) === 6;
  const [, host = '', digits] = bare ? [text, text] : (/^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/.exec(text) ?? []);
  const port = digits === undefined ? {} : { port: Number(digits) };
  const name = hostName(host);
  if (name === undefined || (port.port !== undefined && (port.port < 1 || port.port > 65_535)))
    return `${JSON.stringify(text)} is neither a host, nor host:port, nor a network such as 10.0.0.0/8`;
  if (isIP(name) === 0) return { name, ...port };
  return never(text, name) ?? { network: name, bits: isIP(name) === 4 ? 32 : 128, ...port };
}

function parseNetwork(text: string): AllowEntry | string {
  const [written = '', prefix = ''] = text.split('/');
  if (isIP(written) === 0 || !/^\d{1,3}$/.test(prefix) || !ipaddr.isValidCIDR(text))
    return `${JSON.stringify(text)} is not a network: write an address and the length of its prefix, for example 10.0.0.0/8`;
  const bits = Number(prefix);
  const { first, last } = endsOf(written, bits);
  if (isIP(plainAddress(first)) !== isIP(first))
    return `${JSON.stringify(text)} is a network of IPv4 inside of IPv6: write it as a network of IPv4`;
  return never(text, first, last) ?? { network: first, bits };
}

/** The first and the last address of a network. */
function endsOf(address: string, bits: number): { first: string; last: string } {
  const text = `${address}/${String(bits)}`;
  const { IPv4, IPv6 } = ipaddr;
  const ends =
    isIP(address) === 4
      ? [IPv4.networkAddressFromCIDR(text), IPv4.broadcastAddressFromCIDR(text)]
      : [IPv6.networkAddressFromCIDR(text), IPv6.broadcastAddressFromCIDR(text)];
  const [first = '', last = ''] = ends.map((end) => end.toNormalizedString());
  return { first, last };
}

/** Why a network can never be reached as a whole. One that has other addresses, too, such as 0.0.0.0/0, is none. */
function never(text: string, first: string, last = first): string | undefined {
  const kind = addressKind(first);
  return kind === 'open' || kind === 'loopback' || addressKind(last) !== kind
    ? undefined
    : `${JSON.stringify(text)} is ${kindWords[kind]}: no connector may reach it, so it cannot be allowed`;
}

/** For people. */
export const kindWords = {
  'link-local': 'a link-local address',
  multicast: 'a multicast address',
  unspecified: 'the unspecified address',
  metadata: 'the address of a metadata service',
  tunnel: 'an address of a tunnel',
} as const;

/**
 * A host in the one form that is compared: lower case, names of other scripts in ASCII, addresses normalised and without
 * brackets.
 * @returns undefined if it can be no host
 */
export function hostName(host: string): string | undefined {
  const bare = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
  if (isIP(bare) !== 0) return bare.includes('%') ? undefined : plainAddress(bare);
  const name = domainToASCII(host.replace(/\.$/, ''));
  return /^[a-z0-9_]([a-z0-9._-]{0,252}[a-z0-9_])?$/.test(name) && isIP(name) === 0 ? name : undefined;
}

/** Whether the list has this host, by its name or as an address that is written out. */
export function isNamed(allow: OutboundAllow, host: string, port: number): boolean {
  const name = hostName(host);
  if (name === undefined) return false;
  if (isIP(name) !== 0) return namesAddress(allow, name, port);
  return allow.some((entry) => 'name' in entry && entry.name === name && (entry.port ?? port) === port);
}

/** Whether a network or an address of the list has this address. A network names loopback if it has nothing else. */
export function namesAddress(allow: OutboundAllow, address: string, port: number): boolean {
  const parsed = ipaddr.parse(plainAddress(address));
  const loopback = addressKind(address) === 'loopback';
  return allow.some((entry) => {
    if ('name' in entry || (entry.port ?? port) !== port) return false;
    const network = ipaddr.parse(entry.network);
    if (network.kind() !== parsed.kind() || !parsed.match(network, entry.bits)) return false;
    const { first, last } = endsOf(entry.network, entry.bits);
    return !loopback || [first, last].every((end) => addressKind(end) === 'loopback');
  });
}
