import type { Dispatcher } from 'undici';
import { SyncError } from '../../domain/errors.ts';
import { plainCredentialsGap } from '../outbound/index.ts';
import type { Pacer } from '../package.ts';
import { WriteError } from '../write-package.ts';
import { bodyOf, decode, isPage } from './body.ts';
import type { ClientOptions } from './client.ts';
import { failureOf } from './failures.ts';
import { Patience } from './patience.ts';
import type { Headers } from './retry-after.ts';
import { openTransport } from './transport.ts';

export interface WriteRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: URL;
  accept: string;
  /** Sent as JSON, with this type. */
  body?: { type: string; json: unknown } | undefined;
  /** Besides the credentials; names in lower case. */
  headers?: Readonly<Record<string, string>>;
  pacer?: Pacer | undefined;
  signal?: AbortSignal | undefined;
}

export interface WriteAnswer {
  status: number;
  headers: Headers;
  /** Undefined if the body is empty or no JSON. */
  json: unknown;
  isPage: boolean;
}

/** Sends each request once, and gives whatever comes back. */
export interface WriteClient {
  /** @throws WriteError `unknown` if a request that writes was sent, and its answer did not come to its end */
  send(request: WriteRequest): Promise<WriteAnswer>;
  close(): Promise<void>;
}

/** The caller decides how many requests run at once. */
const mostConnections = 64;

/**
 * A client for one origin that never repeats a request by itself, and follows no redirect: nobody but the caller knows whether the
 * first one had an effect. A request whose token was refused is no exception: it had none, so it is sent again with a new token.
 */
export function openWriteClient({ outbound, base, tls, authorizer, limits }: ClientOptions): WriteClient {
  const transport = openTransport(outbound, tls, limits, mostConnections);
  const dispatcher = transport.dispatcher.compose(markSent);

  async function headersFor({ url, accept, body, headers }: WriteRequest, signal: AbortSignal) {
    if (url.origin !== base.origin) throw new SyncError('outbound-refused', `${url.origin} is another place.`);
    transport.check(url);
    const credentials = await authorizer.headers(signal);
    const gap = Object.keys(credentials).length > 0 ? plainCredentialsGap(url.href, outbound.allow) : undefined;
    if (gap !== undefined) throw new SyncError('configuration', gap);
    return {
      accept,
      'accept-encoding': 'gzip',
      'user-agent': 'syncline',
      ...(body ? { 'content-type': body.type } : {}),
      ...headers,
      ...credentials,
    };
  }

  async function once(request: WriteRequest): Promise<WriteAnswer> {
    const { method, url, body, signal } = request;
    const sent: Sent = { at: undefined };
    let patience: Patience | undefined;
    try {
      patience = new Patience(limits.total, signal);
      const response = await dispatcher.request({
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method,
        headers: await headersFor(request, patience.signal),
        ...(body ? { body: JSON.stringify(body.json) } : {}),
        signal: patience.signal,
        opaque: sent,
      });
      const chunks: Uint8Array[] = [];
      for await (const chunk of bodyOf(response, patience, base, limits.bytes)) chunks.push(chunk);
      const { statusCode: status, headers } = response;
      return { status, headers, ...contentOf(Buffer.concat(chunks), headers) };
    } catch (error) {
      throw lostError(error, method !== 'GET' && sent.at !== undefined, patience?.over === true);
    } finally {
      patience?.end();
    }
  }

  function lostError(error: unknown, mayHaveWritten: boolean, tooSlow: boolean): WriteError {
    const failure = failureOf(error, base.origin);
    if (mayHaveWritten)
      return new WriteError(
        'unknown',
        `${base.origin} did not answer ${tooSlow ? 'in time' : 'to the end'}, so nobody knows whether it did what it was asked.`,
        { cause: error },
      );
    const message = tooSlow
      ? `An answer of ${base.origin} took longer than ${String(Math.round(limits.total / 1000))} seconds.`
      : failure.message;
    return new WriteError(failure.code === 'credentials' ? 'credentials' : 'transient', message, { cause: error });
  }

  return {
    async send(request) {
      await request.pacer?.request();
      const answer = await once(request);
      return answer.status === 401 && authorizer.renew() ? once(request) : answer;
    },
    close: () => transport.dispatcher.destroy(),
  };
}

/** When the transport began to send a request. */
interface Sent {
  at: number | undefined;
}

/** Notes in `opaque` that a connection was there and took the request: what fails before that had no effect. */
const markSent: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) => {
  const { opaque } = options as { opaque?: Sent };
  return dispatch(options, {
    onRequestStart(controller, context) {
      if (opaque) opaque.at = Date.now();
      handler.onRequestStart?.(controller, context);
    },
    onRequestUpgrade: (...given) => handler.onRequestUpgrade?.(...given),
    onResponseStart: (...given) => handler.onResponseStart?.(...given),
    onResponseData: (...given) => handler.onResponseData?.(...given),
    onResponseEnd: (...given) => handler.onResponseEnd?.(...given),
    onResponseError: (...given) => handler.onResponseError?.(...given),
  });
};

function contentOf(bytes: Buffer, headers: Headers): Pick<WriteAnswer, 'json' | 'isPage'> {
  try {
    const text = decode(bytes, headers);
    if (isPage(text)) return { json: undefined, isPage: true };
    return { json: text === '' ? undefined : (JSON.parse(text) as unknown), isPage: false };
  } catch {
    return { json: undefined, isPage: false };
  }
}
