import { reached } from '../domain/marked-points.ts';
import { holdStages, type HoldStage } from '../domain/sync.ts';
import { addEvent, logSync } from '../repository/sync-log.ts';
import { reachStage } from '../repository/sync-waiting.ts';
import { lockSync } from '../repository/syncs.ts';
import type { Dependencies } from './dependencies.ts';

const words: Record<HoldStage, string> = { waiting: 'Held', reminded: 'Reminder', escalated: 'Escalation' };

export function createReviewTimerActivities({ db }: Dependencies) {
  /**
   * A timer of a hold is due: the sync reminds or escalates. Its events and its log tell this; it is the place from which
   * channels of notifications are told. A repeat says nothing, nor does a sync that is no longer held.
   */
  async function tellStage(syncId: string, stage: HoldStage): Promise<void> {
    await db.transaction(async (tx) => {
      const sync = await lockSync(tx, syncId);
      const earlier = holdStages.slice(0, holdStages.indexOf(stage));
      if (!sync?.waitingFor || !(await reachStage(tx, sync.no, stage, earlier))) return;
      const { since, expiresAt = null } = sync.waitingFor;
      await addEvent(tx, sync.no, 'waiting', { stage, since, expiresAt });
      const end = expiresAt === null ? '' : ` If nobody decides, it is rejected at ${expiresAt}.`;
      await logSync(tx, sync.no, null, 'warn', `${words[stage]}: the sync is held since ${since}.${end}`);
    });
    await reached('review/told');
  }

  return { tellStage };
}
