import type { NextFunction, Request, Response } from 'express';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { entityTypeSizes, heldSyncs, syncsByStatus } from '../repository/figures.ts';
import { routeOf } from './route-name.ts';
import type { Dependencies } from './dependencies.ts';

/** What Prometheus reads: the process, the requests by route, and the syncs. No label is a person's. */
export function createMetrics({ db }: Dependencies) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const duration = new Histogram({
    name: 'syncline_http_request_seconds',
    help: 'Duration of HTTP requests',
    labelNames: ['method', 'route', 'status'],
    registers,
  });
  const syncs = new Gauge({ name: 'syncline_syncs', help: 'Syncs by status', labelNames: ['status'], registers });
  const heldSeconds = new Gauge({
    name: 'syncline_held_seconds',
    help: 'How long the sync has been held that waits longest, by connector',
    labelNames: ['connector'],
    registers,
  });
  const resources = new Gauge({
    name: 'syncline_resources',
    help: 'Resources by entity type, as Postgres estimates them',
    labelNames: ['entity_type'],
    registers,
  });
  return {
    measure: (request: Request, response: Response, next: NextFunction): void => {
      const stop = duration.startTimer();
      response.on('finish', () => {
        stop({ method: request.method, route: routeOf(request), status: response.statusCode });
      });
      next();
    },
    show: async (_request: Request, response: Response): Promise<void> => {
      syncs.reset();
      heldSeconds.reset();
      resources.reset();
      for (const { status, count } of await syncsByStatus(db)) syncs.set({ status }, count);
      for (const { connector, seconds } of await heldSyncs(db)) heldSeconds.set({ connector }, seconds);
      for (const { name, count } of await entityTypeSizes(db)) resources.set({ entity_type: name }, count);
      response.type(registry.contentType).send(await registry.metrics());
    },
  };
}
