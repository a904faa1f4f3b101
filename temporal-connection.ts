import { readFile } from 'node:fs/promises';
import type { TLSConfig } from '@temporalio/client';
import type { Config } from './config.ts';

/** Connection options for a client or a worker, from the configuration. */
export async function temporalConnection(temporal: Config['temporal']): Promise<{
  address: string;
  apiKey?: string;
  tls?: TLSConfig | boolean;
}> {
  const { address, apiKey, tls } = temporal;
  if (address === undefined) throw new Error('SYNCLINE_TEMPORAL_ADDRESS is not set');
  if (!tls) return { address, ...(apiKey === undefined ? {} : { apiKey, tls: true }) };
  const read = async (path: string | undefined) => (path === undefined ? undefined : await readFile(path));
  const [ca, crt, key] = await Promise.all([read(tls.ca), read(tls.cert), read(tls.key)]);
  return {
    address,
    ...(apiKey === undefined ? {} : { apiKey }),
    tls: {
      ...(tls.serverName === undefined ? {} : { serverNameOverride: tls.serverName }),
      ...(ca ? { serverRootCACertificate: ca } : {}),
      ...(crt && key ? { clientCertPair: { crt, key } } : {}),
    },
  };
}
