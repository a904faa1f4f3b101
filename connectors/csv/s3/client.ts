import type * as Sdk from '@aws-sdk/client-s3';
import type { HttpHandlerOptions, HttpRequest, HttpResponse, QueryParameterBag } from '@smithy/types';
import type { Outbound } from '../../outbound/index.ts';
import { readTlsFiles } from '../../outbound/tls-files.ts';
import { openTransport, type Transport, type WebLimits } from '../../web/transport.ts';
import type { S3Location } from '../location.ts';

const limits: WebLimits = {
  connect: 10_000,
  headers: 30_000,
  silence: 30_000,
  // a file is as large as it is
  total: Infinity,
  bytes: Infinity,
};

export interface OpenS3 {
  /** Loaded where it is needed first: a worker without buckets does without its memory. */
  sdk: typeof Sdk;
  client: Sdk.S3Client;
  /** Host of the service. */
  where: string;
  close: () => Promise<void>;
}

/**
 * A client for one bucket. It is told its endpoint and its keys, so that nothing of its surroundings (variables, files, the
 * metadata service of a cloud) decides where it goes and as whom. Its requests go by the checked way of all packages.
 */
export async function openS3(
  outbound: Outbound,
  { region, endpoint, tls }: S3Location,
  secrets: Record<string, string>,
): Promise<OpenS3> {
  const [sdk, { buildQueryString }] = await Promise.all([
    import('@aws-sdk/client-s3'),
    import('@smithy/core/protocols'),
  ]);
  const files = await readTlsFiles(tls, outbound.secretFolders, ['location', 's3', 'tls']);
  const transport = openTransport(outbound, files, limits);
  const url = endpoint ?? `https://s3.${region ?? ''}.amazonaws.com`;
  const { accessKeyId = '', secretAccessKey = '', sessionToken } = secrets;
  const client = new sdk.S3Client({
    endpoint: url,
    region: region ?? 'us-east-1',
    // the bucket in the path keeps all requests at the host that was named
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
    maxAttempts: 3,
    followRegionRedirects: false,
    requestHandler: handlerOf(transport, (query) => buildQueryString(query)),
  });
  return {
    sdk,
    client,
    where: new URL(url).host,
    async close() {
      client.destroy();
      await transport.dispatcher.destroy();
    },
  };
}

/** What the client sends its requests with. */
const handlerOf = (transport: Transport, queryOf: (query: QueryParameterBag) => string) => ({
  async handle(request: HttpRequest, { abortSignal }: HttpHandlerOptions = {}): Promise<{ response: HttpResponse }> {
    const { protocol, hostname, port, path, query, method, headers } = request;
    const url = new URL(`${protocol}//${hostname}${port === undefined ? '' : `:${String(port)}`}`);
    transport.check(url);
    const asked = queryOf(query ?? {});
    const answer = await transport.dispatcher.request({
      origin: url.origin,
      path: asked === '' ? path : `${path}?${asked}`,
      method: method,
      headers: { ...headers, 'user-agent': 'syncline' },
      ...(method === 'GET' || method === 'HEAD' ? {} : { body: request.body as Buffer }),
      ...(abortSignal ? { signal: abortSignal } : {}),
    });
    const found = Object.entries(answer.headers).map(([name, value]) => [name, [value].flat().join(',')]);
    return {
      response: {
        statusCode: answer.statusCode,
        headers: Object.fromEntries(found) as Record<string, string>,
        body: answer.body,
      },
    };
  },
});
