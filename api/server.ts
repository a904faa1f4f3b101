import { createServer, STATUS_CODES, type RequestListener, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ProblemCode } from '../domain/codes.ts';
import { Problem } from './problems.ts';

/** Addresses hold keys and cursors: the longest key, percent-encoded, three times over. */
const maximumHeaderBytes = 64 * 1024;

/** The server of the app. Requests that Node refuses before any route also get a problem. */
export function createApiServer(app: RequestListener): Server {
  const server = createServer({ maxHeaderSize: maximumHeaderBytes, requestTimeout: 120_000 }, app);
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code !== 'ECONNRESET' && socket.writable) refuse(socket, ...refusalOf(error.code));
    else socket.destroy();
  });
  server.on('checkExpectation', (request, response) => {
    refuse(response.socket ?? request.socket, 'bad-request', 'The header Expect has a value that is not supported.');
  });
  return server;
}

function refusalOf(code: string | undefined): [ProblemCode, string] {
  if (code === 'HPE_HEADER_OVERFLOW')
    return ['headers-too-large', 'Address and headers have more than 64 KiB together: shorten them.'];
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return ['request-timeout', 'The request was not complete in time.'];
  return ['bad-request', 'This is not a readable HTTP request.'];
}

function refuse(socket: Duplex, code: ProblemCode, detail: string): void {
  const problem = new Problem(code, detail);
  const body = JSON.stringify(problem.toBody());
  socket.end(
    [
      `HTTP/1.1 ${String(problem.status)} ${STATUS_CODES[problem.status] ?? ''}`,
      'Content-Type: application/problem+json; charset=utf-8',
      `Content-Length: ${String(Buffer.byteLength(body))}`,
      'Cache-Control: no-store',
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}
