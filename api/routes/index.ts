import type { Route } from '../route.ts';
import { activateRoute, deactivateRoute, purgeRoute } from './connectors/actions.ts';
import { adviceRoute } from './connectors/advice.ts';
import { discoverFileRoute, discoverRoute, schemaRoute, testFileRoute, testRoute } from './connectors/inspect.ts';
import { mapRoute } from './connectors/map.ts';
import { previewRoute } from './connectors/preview.ts';
import * as connectors from './connectors/read.ts';
import { resetBreakerRoute } from './connectors/reset-breaker.ts';
import { proposeRoute } from './connectors/propose.ts';
import * as provisioning from './connectors/provisioning.ts';
import { reloadRoute } from './connectors/reload.ts';
import { saveRoute } from './connectors/save.ts';
import { validateRoute } from './connectors/validate.ts';
import { browseCsvRoute, browseRoute, searchRoute } from './entity-types/browse.ts';
import { graphRoute } from './entity-types/graph.ts';
import { managedRoute } from './entity-types/managed.ts';
import { managedManyRoute } from './entity-types/managed-many.ts';
import * as resources from './entity-types/resource.ts';
import * as entityTypes from './entity-types/types.ts';
import { joinsRoute } from './joins.ts';
import { liveEventsRoute } from './events.ts';
import { healthRoute, readyRoute } from './health.ts';
import * as jobActions from './jobs/actions.ts';
import { nextRunsRoute } from './jobs/next-runs.ts';
import * as jobs from './jobs/read.ts';
import * as saveJob from './jobs/save.ts';
import { meRoute } from './me.ts';
import { fileSchemaRoute, packagesRoute } from './packages.ts';
import { abandonOrderRoute, getOrderRoute, listOrdersRoute, retryOrderRoute } from './orders.ts';
import { problemRoute, problemsRoute } from './problems.ts';
import * as refusals from './refusals.ts';
import { syncErrorGroupsRoute } from './status/sync-error-groups.ts';
import { syncErrorsCsvRoute } from './status/sync-errors-csv.ts';
import { syncErrorsRoute } from './status/sync-errors.ts';
import { syncStatusRoute } from './status/sync-status.ts';
import { cancelRoute } from './syncs/cancel.ts';
import { changesCsvRoute, changesRoute } from './syncs/changes.ts';
import { rejectRoute, resumeRoute } from './syncs/decide.ts';
import { createDraftRoute, deleteDraftRoute, listDraftsRoute } from './syncs/drafts.ts';
import { errorsCsvRoute, errorsRoute } from './syncs/errors.ts';
import { eventsRoute, logRoute } from './syncs/log.ts';
import * as syncs from './syncs/read.ts';
import { inventoryRoute, syncUsersRoute } from './syncs/several.ts';
import { itemRoute } from './syncs/item.ts';
import { refreshRoute } from './syncs/refresh.ts';
import { revertConnectorRoute, revertRoute } from './syncs/revert.ts';
import { startRoute } from './syncs/start.ts';
import { summaryRoute } from './syncs/summary.ts';

/** Every route, in the order in which they are matched and listed. */
export const routes: readonly Route[] = [
  packagesRoute,
  fileSchemaRoute,
  connectors.listRoute,
  mapRoute,
  testFileRoute,
  discoverFileRoute,
  validateRoute,
  proposeRoute,
  saveRoute,
  connectors.getRoute,
  connectors.deleteRoute,
  connectors.revisionsRoute,
  activateRoute,
  deactivateRoute,
  reloadRoute,
  purgeRoute,
  adviceRoute,
  revertConnectorRoute,
  resetBreakerRoute,
  provisioning.provisioningRoute,
  provisioning.pauseRoute,
  provisioning.unpauseRoute,
  provisioning.profilesRoute,
  provisioning.profileRoute,
  listOrdersRoute,
  getOrderRoute,
  retryOrderRoute,
  abandonOrderRoute,
  testRoute,
  discoverRoute,
  schemaRoute,
  previewRoute,
  startRoute,
  inventoryRoute,
  syncUsersRoute,
  syncs.listRoute,
  syncs.getRoute,
  summaryRoute,
  changesRoute,
  changesCsvRoute,
  errorsRoute,
  errorsCsvRoute,
  logRoute,
  eventsRoute,
  resumeRoute,
  rejectRoute,
  createDraftRoute,
  listDraftsRoute,
  deleteDraftRoute,
  refreshRoute,
  cancelRoute,
  revertRoute,
  refusals.listRoute,
  refusals.deleteRoute,
  jobs.listRoute,
  jobs.getRoute,
  saveJob.saveRoute,
  saveJob.deleteRoute,
  nextRunsRoute,
  jobActions.runRoute,
  jobActions.pauseRoute,
  jobActions.unpauseRoute,
  jobs.executionsOfJobRoute,
  jobs.executionsRoute,
  jobs.executionRoute,
  entityTypes.listRoute,
  entityTypes.getRoute,
  browseRoute,
  browseCsvRoute,
  resources.getRoute,
  resources.linksRoute,
  resources.referencedByRoute,
  resources.historyRoute,
  graphRoute,
  joinsRoute,
  managedRoute,
  managedManyRoute,
  itemRoute,
  searchRoute,
  syncStatusRoute,
  syncErrorsRoute,
  syncErrorsCsvRoute,
  syncErrorGroupsRoute,
  liveEventsRoute,
  meRoute,
  problemsRoute,
  problemRoute,
  healthRoute,
  readyRoute,
];
