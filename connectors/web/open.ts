import type { Outbound } from '../outbound/index.ts';
import { readTlsFiles, type TlsContents } from '../outbound/tls-files.ts';
import type { Connection } from '../package.ts';
import { authorizerOf, fixed, type Authorizer } from './authorize.ts';
import { openClient, type ClientOptions, type WebClient } from './client.ts';
import { oauthAuthorizer, type AskIssuer } from './oauth.ts';
import type { WebSettings } from './settings.ts';
import { pageLimits, type WebLimits } from './transport.ts';
import { openWriteClient, type WriteClient } from './write-client.ts';

/** What packages that reach web services are made with. */
export interface WebPackageOptions {
  outbound: Outbound;
  limits?: Partial<WebLimits>;
  /** Milliseconds before the first repetition of a request that was lost. */
  pause?: number;
}

/** A token is issued once for all tables of a connection. */
const authorizers = new WeakMap<Connection, Authorizer>();

/** The client of a connection. It has to be closed. */
export const openWeb = async (options: WebPackageOptions, connection: Connection<WebSettings>): Promise<WebClient> =>
  openClient(await clientOptions(options, connection));

/** The client of a connection that writes. It has to be closed. */
export const openWriting = async (
  options: WebPackageOptions,
  connection: Connection<WebSettings>,
): Promise<WriteClient> => openWriteClient(await clientOptions(options, connection));

async function clientOptions(
  { outbound, limits, pause = 1000 }: WebPackageOptions,
  connection: Connection<WebSettings>,
): Promise<ClientOptions> {
  const { settings, secrets } = connection;
  const tls = await readTlsFiles(settings.tls, outbound.secretFolders);
  const all = { ...pageLimits, ...limits };
  const options = { outbound, tls, limits: all, pause };
  const authorizer =
    authorizers.get(connection) ??
    authorizerOf(settings, secrets, () => oauthAuthorizer(settings, secrets, issuer(settings.tokenUrl ?? '', options)));
  authorizers.set(connection, authorizer);
  return { ...options, base: new URL(settings.baseUrl), authorizer };
}

/** The place that issues tokens is an origin of its own, and gets the client's secret only. */
function issuer(
  tokenUrl: string,
  options: { outbound: Outbound; tls: TlsContents; limits: WebLimits; pause: number },
): AskIssuer {
  const url = new URL(tokenUrl);
  return async (form, headers, signal) => {
    const client = openClient({ ...options, base: url, authorizer: fixed(headers) });
    try {
      return await client.json({ url, accept: 'application/json', form, statuses: [400, 401, 403], signal });
    } finally {
      await client.close();
    }
  };
}
