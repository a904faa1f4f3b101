import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express, { Router, type Response } from 'express';

/** The console loads nothing from elsewhere, runs no code but its own files, and is shown in no frame. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** Addresses of the API: a browser that opens one of them gets the answer of the API. */
const ofTheApi = /^\/(v1|docs|metrics|healthz|readyz|problems|assets)(\/|$)/;

const notBuilt = `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8" /><title>Syncline</title></head>
  <body>
    <h1>The console is not built</h1>
    <p><code>npm start</code> builds it. For a start of another kind, run <code>npm run build:web</code>, or name the folder of a
    built console in <code>SYNCLINE_CONSOLE_DIR</code>.</p>
    <p>The API runs: <a href="/docs">its documentation</a>.</p>
  </body>
</html>
`;

/** The console: its files, and its page for every address that a person opens. */
export function consolePages(folder: string): Router {
  const router = Router();
  const page = join(folder, 'index.html');
  const protect = (response: Response) => {
    response.setHeader('content-security-policy', policy);
  };
  router.use(
    '/assets',
    express.static(join(folder, 'assets'), {
      index: false,
      immutable: true,
      maxAge: '1y',
      setHeaders(response) {
        // over the no-store that answers with people's data get
        response.setHeader('cache-control', 'public, max-age=31536000, immutable');
        protect(response);
      },
    }),
  );
  router.use(
    express.static(folder, {
      index: false,
      setHeaders(response) {
        response.setHeader('cache-control', 'no-cache');
        protect(response);
      },
    }),
  );
  router.get('/{*path}', (request, response, next) => {
    if (ofTheApi.test(request.path) || request.accepts(['json', 'html']) !== 'html') {
      next();
      return;
    }
    protect(response);
    response.setHeader('cache-control', 'no-store');
    if (existsSync(page)) response.sendFile('index.html', { root: folder, cacheControl: false });
    else response.status(503).type('html').send(notBuilt);
  });
  return router;
}
