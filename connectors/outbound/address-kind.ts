import ipaddr from 'ipaddr.js';

type Address = ReturnType<typeof ipaddr.parse>;

/**
 * `open`: public and private networks. `loopback`: this machine. The others are never reached: `link-local`, `multicast`,
 * `unspecified` (it leads to this machine, too), `metadata` of clouds (they hand out credentials) and `tunnel` (its address
 * hides where it ends).
 */
export type AddressKind = 'open' | 'loopback' | 'link-local' | 'multicast' | 'unspecified' | 'metadata' | 'tunnel';

/** Metadata services outside of 169.254.0.0/16: Amazon, Google, Alibaba, Oracle, Azure. */
const metadata = new Set(
  ['fd00:ec2::254', 'fd00:ec2::23', 'fd20:ce::254', '100.100.100.200', '192.0.0.192', '168.63.129.16'].map((text) =>
    ipaddr.parse(text).toNormalizedString(),
  ),
);

/** What an address stands for, whatever form it is written in. @param text an IPv4 or IPv6 address */
export function addressKind(text: string): AddressKind {
  return kindOf(withoutWrapping(ipaddr.parse(text)));
}

/** The address as one text, so that two forms of it are equal: IPv4 inside of IPv6 is IPv4. */
export const plainAddress = (text: string): string => withoutWrapping(ipaddr.parse(text)).toNormalizedString();

const kinds: Partial<Record<ReturnType<Address['range']>, AddressKind>> = {
  loopback: 'loopback',
  linkLocal: 'link-local',
  multicast: 'multicast',
  broadcast: 'multicast',
  unspecified: 'unspecified',
  teredo: 'tunnel',
};

const kindOf = (address: Address): AddressKind =>
  metadata.has(address.toNormalizedString()) ? 'metadata' : (kinds[address.range()] ?? 'open');

/** The IPv4 address that an IPv6 address leads to: mapped, compatible, translated (NAT64) or 6to4. */
function withoutWrapping(address: Address): Address {
  if (address.kind() === 'ipv4') return address;
  const bytes = address.toByteArray();
  const range = address.range();
  if (range === '6to4') return new ipaddr.IPv4(bytes.slice(2, 6));
  // ::1 and :: are addresses of their own
  const isCompatible = bytes.slice(0, 12).every((byte) => byte === 0) && bytes.slice(12, 15).some((byte) => byte !== 0);
  return isCompatible || ['ipv4Mapped', 'rfc6145', 'rfc6052'].includes(range)
    ? new ipaddr.IPv4(bytes.slice(12))
    : address;
}
