import type { Request } from 'express';

/** The route of a request, `/v1/syncs/:id`: what logs and metrics name, since addresses hold people's keys. */
export function routeOf(request: Request): string {
  const route = request.route as { path?: string } | undefined;
  return route?.path ?? '(no route)';
}
