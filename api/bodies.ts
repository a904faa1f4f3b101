import { isUtf8 } from 'node:buffer';
import express, { Router } from 'express';
import { deepest } from '../domain/text-faults.ts';

const yamlTypes = ['application/yaml', 'application/x-yaml', 'text/yaml', 'text/x-yaml'];
const limit = '1mb';
/** No real request of 1 MiB has more values, and such a body takes long to check. */
const mostValues = 100_000;

/** A body that is refused before it is parsed. */
export class BodyError extends Error {
  override name = 'BodyError';
}

/** Reads JSON and YAML (YAML as text). A body that would take long to parse or to check is refused before, by its bytes. */
export function readBodies(): Router {
  const router = Router();
  router.use((request, _response, next) => {
    // a body of a GET is ignored
    next(request.method === 'GET' || request.method === 'HEAD' ? 'router' : undefined);
  });
  router.use(
    express.json({
      limit,
      strict: false,
      verify: (_request, _response, body, charset) => {
        requireUtf8(body, charset);
        requireShallow(body);
      },
    }),
  );
  router.use(
    express.text({
      limit,
      type: yamlTypes,
      verify: (_request, _response, body, charset) => {
        requireUtf8(body, charset);
      },
    }),
  );
  return router;
}

function requireUtf8(body: Buffer, charset: string): void {
  if (!/^(utf-?8|us-ascii)$/i.test(charset))
    throw Object.assign(new Error('another charset'), { type: 'charset.unsupported' });
  if (!isUtf8(body)) throw new BodyError('The body is not UTF-8: some of its bytes are not valid.');
}

/** How deep a JSON text is nested and how many values it has, in one pass over its bytes. */
function requireShallow(body: Buffer): void {
  let depth = 0;
  let values = 0;
  let quoted = false;
  for (let i = 0; i < body.length; i++) {
    const byte = body[i];
    if (quoted) {
      if (byte === backslash) i++;
      else if (byte === quote) quoted = false;
    } else if (byte === quote) quoted = true;
    else if (byte === openList || byte === openObject) depth++;
    else if (byte === closeList || byte === closeObject) depth--;
    else if (byte === comma) values++;
    if (depth > deepest) throw new BodyError(`The body is nested deeper than ${String(deepest)} levels.`);
  }
  if (values >= mostValues) throw new BodyError(`The body has more than ${mostValues.toLocaleString('en')} values.`);
}

const [quote, backslash, comma, openList, closeList, openObject, closeObject] = Buffer.from('"\\,[]{}');
