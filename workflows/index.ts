export { cleanUp } from './clean-up.ts';
export { inspectConnector } from './inspect-connector.ts';
export { pollConnection } from './poll-connection.ts';
export { reconcile } from './reconcile.ts';
export { refreshSync } from './refresh-sync.ts';
export { runJob } from './run-job.ts';
export { sendOrders } from './send-orders.ts';
export { syncConnector } from './sync-connector.ts';
