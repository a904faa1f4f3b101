import { lookup as lookUp } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { SyncError } from '../../domain/errors.ts';
import { addressKind } from './address-kind.ts';
import { hostName, isNamed, kindWords, namesAddress, type OutboundAllow } from './allow.ts';

/** A host that may be reached, and the addresses that were checked: connect to these, never to the name. */
export interface OutboundTarget {
  host: string;
  port: number;
  /** The first of the addresses, for clients that take one. */
  address: string;
  addresses: readonly { address: string; family: 4 | 6 }[];
  /** For `net.connect`, `tls.connect` and clients that hand it on: gives the checked addresses, whatever it is asked. */
  lookup: LookupFunction;
  /** For TLS: the host as it was written. Undefined for an address, which TLS checks by itself. */
  servername: string | undefined;
}

/**
 * Looks a host up once and checks every address that it has. Public and private addresses may be reached, loopback only
 * if `SYNCLINE_OUTBOUND_ALLOW` names it. Link-local addresses, metadata services, multicast and the unspecified address
 * are never reached.
 * @throws SyncError `outbound-refused`, or `connection` if the name has no address
 */
export async function findTarget(
  allow: OutboundAllow,
  host: string,
  port: number,
  { signal, resolve = resolveAll }: { signal?: AbortSignal | undefined; resolve?: typeof resolveAll } = {},
): Promise<OutboundTarget> {
  const name = hostName(host);
  if (name === undefined)
    throw new SyncError('outbound-refused', 'The setting has no host name or address that can be reached. Correct it.');
  const literal = isIP(name);
  const addresses = literal === 0 ? await resolve(name, signal) : [{ address: name, family: literal as 4 | 6 }];
  for (const { address } of addresses) {
    const refusal = refusalOf(allow, name, address, port);
    if (refusal !== undefined) throw new SyncError('outbound-refused', refusal);
  }
  const [first] = addresses;
  if (!first) throw noAddress(name);
  return {
    host: name,
    port,
    address: first.address,
    addresses,
    lookup: (_host, options, done) => {
      if (options.all) done(null, [...addresses]);
      else done(null, first.address, first.family);
    },
    servername: literal === 0 ? name : undefined,
  };
}

/**
 * Checks a host that a proxy will look up: only an address that is written out can be judged here.
 * @throws SyncError `outbound-refused`
 */
export function checkLiteral(allow: OutboundAllow, host: string, port: number): void {
  const name = hostName(host);
  const refusal =
    name === undefined
      ? 'The setting has no host name or address that can be reached. Correct it.'
      : isIP(name) === 0
        ? undefined
        : refusalOf(allow, name, name, port);
  if (refusal !== undefined) throw new SyncError('outbound-refused', refusal);
}

function refusalOf(allow: OutboundAllow, name: string, address: string, port: number): string | undefined {
  const kind = addressKind(address);
  const found = name === address ? address : `${name} has the address ${address}. It`;
  if (kind === 'open') return undefined;
  if (kind !== 'loopback')
    return `${found} is ${kindWords[kind]}. No connector may reach it. Name another host in the settings.`;
  if (isNamed(allow, name, port) || namesAddress(allow, address, port)) return undefined;
  const written = isIP(name) === 6 ? `[${name}]` : name;
  return `${found} is this machine itself, which connectors may reach only if it is named. Add ${written}:${String(port)} to SYNCLINE_OUTBOUND_ALLOW of the API and the workers, or name another host in the settings.`;
}

const noAddress = (name: string, cause?: unknown) =>
  new SyncError(
    'connection',
    `The name ${name} has no address that the worker can find. Check the name and the name server of the worker.`,
    {},
    { cause },
  );

async function resolveAll(name: string, signal?: AbortSignal): Promise<{ address: string; family: 4 | 6 }[]> {
  signal?.throwIfAborted();
  try {
    const found = await lookUp(name, { all: true });
    signal?.throwIfAborted();
    return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
  } catch (cause) {
    signal?.throwIfAborted();
    throw noAddress(name, cause);
  }
}
