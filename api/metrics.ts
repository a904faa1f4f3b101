import type { NextFunction, Request, Response } from 'express';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import {
  entityTypeSizes,
  heldStages,
  heldSyncs,
  openErrorsByConnector,
  secondsSinceSuccess,
  syncsByStatus,
} from '../repository/figures.ts';
import { routeOf } from './route-name.ts';
import type { Dependencies } from './dependencies.ts';

/** The metrics for Prometheus: the process, the requests by route, and the syncs. No label names a person. */
export function createMetrics({ db, streams }: Dependencies) {
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
    help: 'Seconds since the oldest held sync is held, by connector',
    labelNames: ['connector'],
    registers,
  });
  const held = new Gauge({
    name: 'syncline_held_syncs',
    help: 'Held syncs by stage: waiting, reminded, escalated',
    labelNames: ['stage'],
    registers,
  });
  const resources = new Gauge({
    name: 'syncline_resources',
    help: 'Resources by entity type, as Postgres estimates them',
    labelNames: ['entity_type'],
    registers,
  });
  const openErrors = new Gauge({
    name: 'syncline_open_errors',
    help: 'Open errors by connector; GET /v1/sync-errors lists them',
    labelNames: ['connector'],
    registers,
  });
  const sinceSuccess = new Gauge({
    name: 'syncline_last_success_seconds',
    help: 'Seconds since the last applied sync, by connector',
    labelNames: ['connector'],
    registers,
  });
  const open = new Gauge({ name: 'syncline_event_streams', help: 'Open streams of events', registers });
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
      openErrors.reset();
      sinceSuccess.reset();
      for (const { status, count } of await syncsByStatus(db)) syncs.set({ status }, count);
      for (const { connector, seconds } of await heldSyncs(db)) heldSeconds.set({ connector }, seconds);
      for (const { stage, count } of await heldStages(db)) held.set({ stage }, count);
      for (const { name, count } of await entityTypeSizes(db)) resources.set({ entity_type: name }, count);
      for (const { connector, count } of await openErrorsByConnector(db)) openErrors.set({ connector }, count);
      for (const { connector, seconds } of await secondsSinceSuccess(db)) sinceSuccess.set({ connector }, seconds);
      open.set(streams.open);
      response.type(registry.contentType).send(await registry.metrics());
    },
  };
}
