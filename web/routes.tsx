import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  type RouteComponent,
} from '@tanstack/react-router';
import type * as z from 'zod/mini';
import { Frame } from './frame/frame.tsx';
import { NoPage, PageFailed } from './frame/no-page.tsx';
import * as search from './model/search-schemas.ts';
import { Loading } from './parts/state-block/state-block.tsx';

/** The one place that joins addresses, what may stand in them, and pages, each of which is loaded when it is opened. */

const root = createRootRoute({ component: Frame, notFoundComponent: NoPage, validateSearch: search.anySearch });

function page(path: string, component: RouteComponent, schema: z.ZodMiniType = search.anySearch) {
  return createRoute({
    getParentRoute: () => root,
    path,
    component,
    validateSearch: (given: Record<string, unknown>) => schema.parse(given) as Record<string, unknown>,
  });
}

const lazily = <Name extends string>(load: () => Promise<Record<Name, RouteComponent>>, name: Name) =>
  lazyRouteComponent(load as () => Promise<Record<string, RouteComponent>>, name);

const pages = [
  page(
    '/',
    lazily(() => import('./pages/overview/page.tsx'), 'Overview'),
  ),
  page(
    '/syncs',
    lazily(() => import('./pages/syncs/page.tsx'), 'Syncs'),
    search.syncsSearch,
  ),
  page(
    '/syncs/compare',
    lazily(() => import('./pages/compare/page.tsx'), 'CompareSyncs'),
    search.compareSearch,
  ),
  page(
    '/syncs/$id',
    lazily(() => import('./pages/sync/page.tsx'), 'SyncPage'),
  ),
  page(
    '/syncs/$id/review',
    lazily(() => import('./pages/review/page.tsx'), 'Review'),
    search.reviewSearch,
  ),
  page(
    '/settings',
    lazily(() => import('./pages/settings/page.tsx'), 'SettingsPage'),
  ),
  page(
    '/syncs/$id/changes',
    lazily(() => import('./pages/changes/page.tsx'), 'Changes'),
    search.changesSearch,
  ),
  page(
    '/syncs/$id/errors',
    lazily(() => import('./pages/errors/page.tsx'), 'RowErrors'),
    search.errorsSearch,
  ),
  page(
    '/syncs/$id/log',
    lazily(() => import('./pages/log/page.tsx'), 'Log'),
    search.logSearch,
  ),
  page(
    '/syncs/$id/revert',
    lazily(() => import('./pages/revert/page.tsx'), 'Revert'),
  ),
  page(
    '/connectors',
    lazily(() => import('./pages/connectors/page.tsx'), 'Connectors'),
  ),
  page(
    '/connectors/$name',
    lazily(() => import('./pages/connector/page.tsx'), 'ConnectorPage'),
  ),
  page(
    '/connectors/$name/limits',
    lazily(() => import('./pages/limits/page.tsx'), 'Limits'),
  ),
  page(
    '/connectors/$name/file',
    lazily(() => import('./pages/connector-file/page.tsx'), 'ConnectorFile'),
    search.fileSearch,
  ),
  page(
    '/connectors/$name/preview',
    lazily(() => import('./pages/preview/page.tsx'), 'Preview'),
    search.previewSearch,
  ),
  page(
    '/new',
    lazily(() => import('./pages/new/page.tsx'), 'NewConnector'),
  ),
  page(
    '/new/file',
    lazily(() => import('./pages/new-file/page.tsx'), 'NewFromFile'),
  ),
  page(
    '/jobs',
    lazily(() => import('./pages/jobs/page.tsx'), 'Jobs'),
  ),
  page(
    '/jobs/$name',
    lazily(() => import('./pages/job/page.tsx'), 'JobPage'),
  ),
  page(
    '/executions',
    lazily(() => import('./pages/executions/page.tsx'), 'Executions'),
    search.executionsSearch,
  ),
  page(
    '/executions/$id',
    lazily(() => import('./pages/execution/page.tsx'), 'ExecutionPage'),
  ),
  page(
    '/types',
    lazily(() => import('./pages/types/page.tsx'), 'Types'),
  ),
  page(
    '/types/$type',
    lazily(() => import('./pages/resources/page.tsx'), 'Resources'),
    search.resourcesSearch,
  ),
  page(
    '/types/$type/$key',
    lazily(() => import('./pages/resource/page.tsx'), 'ResourcePage'),
    search.resourceSearch,
  ),
  page(
    '/search',
    lazily(() => import('./pages/search/page.tsx'), 'Search'),
    search.searchSearch,
  ),
  page(
    '/errors',
    lazily(() => import('./pages/open-errors/page.tsx'), 'OpenErrors'),
    search.errorsSearch,
  ),
  page(
    '/refusals',
    lazily(() => import('./pages/refusals/page.tsx'), 'Refusals'),
    search.refusalsSearch,
  ),
  page(
    '/packages',
    lazily(() => import('./pages/packages/page.tsx'), 'Packages'),
  ),
];

export const router = createRouter({
  routeTree: root.addChildren(pages),
  parseSearch: search.parseSearch,
  stringifySearch: search.writeSearch,
  scrollRestoration: true,
  defaultPreload: 'intent',
  defaultPendingComponent: () => <Loading rows={6} />,
  defaultErrorComponent: PageFailed,
  defaultNotFoundComponent: NoPage,
});
