import compression from 'compression';
import express, { type NextFunction, type Request, type Response } from 'express';
import { rateLimit } from 'express-rate-limit';
import helmet from 'helmet';
import { pinoHttp } from 'pino-http';
import type { Dependencies } from './dependencies.ts';
import { readBodies } from './bodies.ts';
import { consolePages } from './console.ts';
import { docsPage } from './docs-page.ts';
import { problemOf } from './failures.ts';
import { onceForKey } from './idempotency.ts';
import { createMetrics } from './metrics.ts';
import { sameOrigin } from './origin.ts';
import { Problem } from './problems.ts';
import type { Answer, Route } from './route.ts';
import { routeOf } from './route-name.ts';
import { routes } from './routes/index.ts';
import { buildOpenApi } from './openapi.ts';

/** More than people and their scripts need, and not enough to slow the API down. */
const requestsPerMinute = 12_000;

export function createApp(deps: Dependencies): express.Express {
  const app = express();
  const metrics = createMetrics(deps);
  app.disable('x-powered-by');
  app.set('trust proxy', deps.config.api.trustedProxies);
  app.use(metrics.measure);
  app.use(requestLog(deps));
  app.use(
    helmet({
      contentSecurityPolicy: { directives: { 'upgrade-insecure-requests': null } },
      strictTransportSecurity: false,
    }),
  );
  app.use((request, response, next) => {
    // answers hold people's data; the files of the page do not
    if (!request.path.startsWith('/docs')) response.setHeader('cache-control', 'no-store');
    next();
  });
  app.use(sameOrigin(deps.config.api));
  app.use((request, _response, next) => {
    // neither Postgres nor any key or value can hold one
    next(
      /%00|\0/.test(request.url)
        ? new Problem('invalid', 'The address has a NUL character, which is not allowed.')
        : tooManyParameters(request.url),
    );
  });
  app.use(
    rateLimit({
      windowMs: 60_000,
      limit: requestsPerMinute,
      standardHeaders: 'draft-8',
      legacyHeaders: false,
      // the header is ignored if the address is not a trusted proxy's
      validate: { xForwardedForHeader: false },
      handler: (request, response) => {
        const retry = { 'retry-after': '10' };
        sendProblem(deps, request, response, new Problem('too-many-requests', 'Wait ten seconds.', { headers: retry }));
      },
    }),
  );
  app.use(
    compression({
      // the fastest level: the usual one saves another 6 % of a list, and takes more than twice the time
      level: 1,
      filter: (request, response) => !isEventStream(response) && compression.filter(request, response),
    }),
  );
  app.use(readBodies());
  app.get('/metrics', metrics.show);
  const openApi = buildOpenApi(deps.version);
  app.get('/v1/openapi.json', (_request, response) => {
    response.json(openApi);
  });
  app.use('/docs', docsPage());
  mount(app, deps);
  app.use(consolePages(deps.config.api.consoleDir));
  app.use((request, response) => {
    const detail = `There is no ${request.method} ${request.path} in this version. GET /v1/openapi.json lists the routes.`;
    sendProblem(deps, request, response, new Problem('not-found', detail));
  });
  app.use((error: unknown, request: Request, response: Response, _next: NextFunction) => {
    sendProblem(deps, request, response, error);
  });
  return app;
}

/** The parser of addresses ignores all parameters after the thousandth. */
const mostParameters = 500;

function tooManyParameters(url: string): Problem | undefined {
  const count = url.split('&', mostParameters + 1).length;
  return count > mostParameters
    ? new Problem('invalid', `An address has at most ${String(mostParameters)} parameters.`)
    : undefined;
}

function mount(app: express.Express, deps: Dependencies): void {
  const methods = new Map<string, string[]>();
  for (const route of routes) {
    const path = toExpress(route);
    methods.set(path, [...(methods.get(path) ?? []), route.method.toUpperCase()]);
    app[route.method](path, (request, response, next) => {
      answer(deps, route, request, response).catch(next);
    });
  }
  for (const [path, allowed] of methods) {
    app.all(path, (request, response) => {
      const problem = new Problem(
        'method-not-allowed',
        `${request.method} does not exist here; ${allowed.join(', ')} does.`,
        {
          headers: { allow: allowed.join(', ') },
        },
      );
      sendProblem(deps, request, response, problem);
    });
  }
}

const toExpress = ({ path }: Route) => path.replaceAll(/\{(\w+)\}/g, ':$1');

async function answer(deps: Dependencies, route: Route, request: Request, response: Response): Promise<void> {
  const run = () => route.run(deps, request, response);
  const toAnswer = (error: unknown): Answer | undefined => {
    const problem = problemOf(error);
    return problem && { status: problem.status, body: problem.toBody(), headers: problemHeaders(problem) };
  };
  const given = route.method === 'post' ? await onceForKey(deps, request, response, run, toAnswer) : await run();
  if (given === undefined) return;
  response.status(given.status);
  for (const [name, value] of Object.entries(given.headers ?? {})) response.setHeader(name, value);
  if (given.body === undefined) response.end();
  else response.send(typeof given.body === 'string' ? given.body : jsonOf(response, given.body));
}

/** Keeps a content type that has been set, such as that of a problem. */
function jsonOf(response: Response, body: unknown): string {
  if (!response.getHeader('content-type')) response.type('application/json');
  return JSON.stringify(body);
}

const problemHeaders = (problem: Problem) => ({
  'content-type': 'application/problem+json; charset=utf-8',
  ...problem.headers,
});

function sendProblem(deps: Dependencies, request: Request, response: Response, error: unknown): void {
  // who asked has gone
  if (response.destroyed) return;
  let problem = problemOf(error);
  if (!problem) {
    deps.log.error({ err: error, method: request.method, route: routeOf(request) }, 'a request failed');
    problem = new Problem('internal', 'An unexpected error happened. The log of the API has the reason.');
  }
  if (response.headersSent) {
    // the answer had begun: breaking it off is the only way to show that it is not complete
    response.destroy();
    return;
  }
  response.status(problem.status);
  for (const [name, value] of Object.entries(problemHeaders(problem))) response.setHeader(name, value);
  response.send(JSON.stringify(problem.toBody()));
}

/** Logs name the route, not the address: keys and searches are people's data. */
function requestLog({ log }: Dependencies) {
  return pinoHttp({
    logger: log,
    quietReqLogger: true,
    serializers: { req: () => undefined, res: () => undefined, err: () => undefined },
    customSuccessMessage: (request: Request, response, milliseconds) =>
      `${request.method} ${routeOf(request)} ${String(response.statusCode)} ${milliseconds.toFixed(0)} ms`,
    customErrorMessage: (request: Request, response) =>
      `${request.method} ${routeOf(request)} ${String(response.statusCode)}`,
    // not ready yet is an answer, not a fault
    customLogLevel: (request: Request, response) =>
      response.statusCode >= 500 && routeOf(request) !== '/readyz' ? 'warn' : 'debug',
  });
}

function isEventStream(response: Response): boolean {
  return String(response.getHeader('content-type') ?? '').startsWith('text/event-stream');
}
