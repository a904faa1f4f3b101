import { createApplyActivities } from './apply.ts';
import { createBecomeCompleteActivities } from './become-complete.ts';
import { createBeginActivities } from './begin.ts';
import { createCleanUpActivities } from './clean-up.ts';
import { createDecisionActivities } from './decide.ts';
import type { Dependencies } from './dependencies.ts';
import { createExecutionActivities } from './executions.ts';
import { createExportActivities } from './export.ts';
import { createFarExportActivities } from './far-export.ts';
import { createFromRequestActivities } from './from-request.ts';
import { createInspectActivities } from './inspect.ts';
import { createItemActivities } from './items.ts';
import { createNudgeActivities } from './nudge-directory.ts';
import { createPollActivities } from './poll.ts';
import { createPrepareActivities } from './prepare.ts';
import { createReconcileActivities } from './reconcile.ts';
import { createRefreshActivities } from './refresh.ts';
import { createRequestSyncActivities } from './request-sync.ts';
import { createReviewTimerActivities } from './review-timers.ts';
import { createSendOrdersActivities } from './provisioning/send-orders.ts';
import { createSettleActivities } from './settle.ts';
import { createSynchronizeActivities } from './synchronize.ts';

/** Every activity, joined. */
export function createActivities(dependencies: Dependencies) {
  return {
    ...createBeginActivities(dependencies),
    ...createBecomeCompleteActivities(dependencies),
    ...createExportActivities(dependencies),
    ...createFarExportActivities(dependencies),
    ...createFromRequestActivities(dependencies),
    ...createPrepareActivities(dependencies),
    ...createSynchronizeActivities(dependencies),
    ...createApplyActivities(dependencies),
    ...createItemActivities(dependencies),
    ...createDecisionActivities(dependencies),
    ...createReviewTimerActivities(dependencies),
    ...createSettleActivities(dependencies),
    ...createInspectActivities(dependencies),
    ...createReconcileActivities(dependencies),
    ...createRefreshActivities(dependencies),
    ...createRequestSyncActivities(dependencies),
    ...createNudgeActivities(dependencies),
    ...createSendOrdersActivities(dependencies),
    ...createPollActivities(dependencies),
    ...createExecutionActivities(dependencies),
    ...createCleanUpActivities(dependencies),
  };
}

export type Activities = ReturnType<typeof createActivities>;
