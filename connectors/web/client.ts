import { setTimeout as sleep } from 'node:timers/promises';
import pRetry from 'p-retry';
import type { Dispatcher } from 'undici';
import type { Cell } from '../../domain/cell.ts';
import { SyncError } from '../../domain/errors.ts';
import type { Outbound } from '../outbound/index.ts';
import { plainCredentialsGap } from '../outbound/index.ts';
import type { TlsContents } from '../outbound/tls-files.ts';
import type { Pacer } from '../package.ts';
import type { Authorizer } from './authorize.ts';
import { badBody, bodyOf, decode, end, isPage, placeOf } from './body.ts';
import { parseExact } from './exact-json.ts';
import { failureOf } from './failures.ts';
import { Patience } from './patience.ts';
import { headerOf, secondsAsked, type Headers } from './retry-after.ts';
import { openTransport, type WebLimits } from './transport.ts';

export interface WebRequest {
  url: URL;
  accept: string;
  /** Besides the credentials; names in lower case. */
  headers?: Record<string, string>;
  /** Sent with POST. */
  form?: URLSearchParams;
  /** Answers with these statuses are returned; all others are errors. */
  statuses?: readonly number[];
  /** In place of the limits of the client. */
  limits?: Partial<Pick<WebLimits, 'total' | 'bytes'>>;
  pacer?: Pacer | undefined;
  signal?: AbortSignal | undefined;
}

export interface Answer {
  status: number;
  headers: Headers;
  /** Undefined if the body is empty, or if the status is an error and the body no JSON. */
  json: Cell | undefined;
}

export interface Stream {
  headers: Headers;
  /** Whether HTTP says where the body ends: then a body that was cut off is an error. */
  framed: boolean;
  /** Unpacked. Ends with a `SyncError` if the body is cut off, silent or too large. */
  body: AsyncIterable<Uint8Array>;
}

export interface WebClient {
  /** The answer as JSON, with every digit of its numbers. */
  json(request: WebRequest): Promise<Answer>;
  /** A body that need not fit into memory. The caller has to read it or to end it. */
  stream(request: WebRequest): Promise<Stream>;
  close(): Promise<void>;
}

export interface ClientOptions {
  outbound: Outbound;
  /** All requests go to its origin. */
  base: URL;
  tls: TlsContents;
  authorizer: Authorizer;
  limits: WebLimits;
  /** Milliseconds before the first repetition of a request that was lost. */
  pause?: number;
}

/** Lost requests and faults of the server are tried again so often. */
const retries = 2;
const mostRedirects = 5;

/** A client for one origin: no request, redirect or link leads to another, so credentials stay where they belong. */
export function openClient({ outbound, base, tls, authorizer, limits, pause = 1000 }: ClientOptions): WebClient {
  const transport = openTransport(outbound, tls, limits);

  /** One request, with redirects. @throws SyncError */
  async function send(request: WebRequest, patience: Patience): Promise<Dispatcher.ResponseData> {
    let { url } = request;
    for (let redirects = 0; ; redirects++) {
      if (url.origin !== base.origin) throw elsewhere(base, url);
      transport.check(url);
      const credentials = await authorizer.headers(patience.signal);
      const gap = Object.keys(credentials).length > 0 ? plainCredentialsGap(url.href, outbound.allow) : undefined;
      if (gap !== undefined) throw new SyncError('configuration', gap);
      const response = await transport.dispatcher.request({
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method: request.form ? 'POST' : 'GET',
        headers: {
          accept: request.accept,
          'accept-encoding': 'gzip',
          'user-agent': 'syncline',
          ...(request.form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
          ...request.headers,
          ...credentials,
        },
        ...(request.form ? { body: request.form.toString() } : {}),
        signal: patience.signal,
      });
      const { statusCode } = response;
      if (![301, 302, 303, 307, 308].includes(statusCode)) return response;
      const location = headerOf(response.headers, 'location');
      await end(response);
      if (location === undefined || !URL.canParse(location, url.href))
        throw badBody(url, `answers with status ${String(statusCode)} and does not say where to go`);
      if (request.form || redirects >= mostRedirects)
        throw badBody(url, request.form ? 'redirects a form, which is not followed' : 'redirects without an end');
      url = new URL(location, url);
    }
  }

  /** Sends a request until it has an answer that can be used. */
  async function ask<Result>(
    request: WebRequest,
    take: (response: Dispatcher.ResponseData, patience: Patience) => Promise<Result>,
  ): Promise<Result> {
    let renewed = false;
    const attempt = async (number: number): Promise<Result> => {
      if (number > 1) await request.pacer?.request();
      for (;;) {
        const patience = new Patience(request.limits?.total ?? limits.total, request.signal);
        let response;
        try {
          response = await send(request, patience);
          const { statusCode, headers } = response;
          const good = statusCode < 300 || request.statuses?.includes(statusCode) === true;
          if (good) return await take(response, patience);
          await end(response);
          patience.end();
          if (isBusy(statusCode, headers)) {
            await wait(request, secondsAsked(headers));
            continue;
          }
          if ((statusCode === 401 || statusCode === 403) && !renewed && authorizer.renew()) {
            renewed = true;
            await request.pacer?.request();
            continue;
          }
          throw refusalOf(statusCode, request.url);
        } catch (error) {
          patience.end();
          request.signal?.throwIfAborted();
          throw patience.over ? tooSlow(base, limits) : failureOf(error, base.origin);
        }
      }
    };
    return pRetry(attempt, {
      retries,
      minTimeout: pause,
      shouldRetry: ({ error }) => error instanceof SyncError && error.code === 'connection',
      ...(request.signal ? { signal: request.signal } : {}),
    });
  }

  return {
    json: (request) =>
      ask(request, async (response, patience) => {
        const chunks: Uint8Array[] = [];
        for await (const chunk of bodyOf(response, patience, base, request.limits?.bytes ?? limits.bytes))
          chunks.push(chunk);
        const { statusCode: status, headers } = response;
        return { status, headers, json: parseBody(Buffer.concat(chunks), status, headers, request.url) };
      }),

    stream: (request) =>
      ask(request, (response, patience) => {
        const { headers } = response;
        const framed =
          headers['content-length'] !== undefined || /\bchunked\b/i.test(headerOf(headers, 'transfer-encoding') ?? '');
        return Promise.resolve({
          headers,
          framed,
          body: checked(bodyOf(response, patience, base, request.limits?.bytes ?? limits.bytes), request),
        });
      }),

    close: () => transport.dispatcher.destroy(),
  };

  async function* checked(body: AsyncIterable<Uint8Array>, { signal }: WebRequest): AsyncGenerator<Uint8Array> {
    try {
      yield* body;
    } catch (error) {
      signal?.throwIfAborted();
      throw failureOf(error, base.origin);
    }
  }
}

const isBusy = (status: number, headers: Headers) =>
  status === 429 || (status === 503 && secondsAsked(headers) !== undefined);

async function wait({ pacer, signal }: WebRequest, seconds: number | undefined): Promise<void> {
  if (!pacer) throw new SyncError('throttled', 'The source is busy, or has had too many requests. Try again later.');
  await pacer.busy(seconds);
  await sleep(0, undefined, signal ? { signal } : {});
}

function parseBody(bytes: Buffer, status: number, headers: Headers, url: URL): Cell | undefined {
  if (bytes.length === 0) return undefined;
  try {
    const text = decode(bytes, headers);
    if (isPage(text)) throw badBody(url, 'answers with a page instead of data: a login or an error of a proxy');
    return parseExact(text);
  } catch (error) {
    if (status >= 400) return undefined;
    if (error instanceof SyncError) throw error;
    throw badBody(url, 'answers with a text that is no JSON', error);
  }
}

const tooSlow = (base: URL, { total }: WebLimits) =>
  new SyncError(
    'connection',
    `An answer of ${base.origin} took longer than ${String(Math.round(total / 1000))} seconds.`,
  );

const elsewhere = (base: URL, to: URL) =>
  new SyncError(
    'outbound-refused',
    `${base.origin} sends the reader to ${to.origin}, which is another place: credentials are not sent there. If it is meant, name it in baseUrl.`,
  );

function refusalOf(status: number, url: URL): SyncError {
  const said = `${placeOf(url)} answers with status ${String(status)}.`;
  if (status === 401 || status === 403)
    return new SyncError('credentials', `${said} Check the credentials and the rights that they have.`);
  if (status === 404 || status === 410)
    return new SyncError('missing-table', `${said} There is nothing under this address.`);
  if (status >= 500 || status === 408) return new SyncError('connection', `${said} Look at the server.`);
  return new SyncError('bad-body', `${said} It does not understand the request, or forbids it.`);
}
