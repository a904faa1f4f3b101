import type { Breaker } from '../domain/breaker.ts';
import { pollsOf, type PollPlan } from '../domain/poll.ts';
import { pollDefaultsOf } from '../connectors/registry.ts';
import { findConnector, findRevision } from '../repository/connectors.ts';
import { installationId } from '../repository/installation.ts';
import { mustBeComplete } from '../repository/needs-complete.ts';
import { deletePoll, findPoll, pausePoll, savePoll, tellPoll, type PollRow } from '../repository/polls.ts';
import { openWholeSyncOf } from '../repository/sync-views.ts';
import type { SyncStatus } from '../domain/sync.ts';
import type { Dependencies } from './dependencies.ts';

/** What the tables say of a connection that is polled. */
export interface PollLook {
  plan: PollPlan;
  revision: number;
  /** UUID of the installation; absent in messages of older versions. */
  installation?: string;
  /** No complete sync of the connector has been applied yet, or only a complete one finds what was deferred. */
  first: boolean;
  stored: PollRow | null;
  /** The whole sync of the connector that runs or is held. */
  occupied: { syncId: string; status: SyncStatus } | null;
}

export function createPollActivities({ db }: Dependencies) {
  /**
   * Looks up how a connection is polled. If the connection is no longer polled, its stored state is deleted; if its
   * connector is only deactivated, the state stays. A repeat finds the same.
   * @returns null if it is not polled
   */
  async function lookAtPoll(connectorName: string, connection: string): Promise<PollLook | null> {
    const connector = await findConnector(db, connectorName);
    if (!connector) return null;
    const revision = connector.activeRevision;
    const used = revision === null ? undefined : await findRevision(db, connector.id, revision);
    const plan = used && pollsOf(used.file, pollDefaultsOf).find((each) => each.connection === connection);
    if (!used || !plan) {
      await deletePoll(db, connector.id, connection);
      return null;
    }
    if (!connector.active) {
      await pausePoll(db, connector.id, connection);
      return null;
    }
    const open = await openWholeSyncOf(db, connector.id);
    return {
      plan,
      revision: used.revision,
      installation: await installationId(db),
      first: connector.firstCompleteSync === null || (await mustBeComplete(db, connector.id, null)),
      stored: (await findPoll(db, connector.id, connection)) ?? null,
      occupied: open ? { syncId: open.id, status: open.status } : null,
    };
  }

  /** Stores the state of a poll, and the result of its sync if a sync has just ended. A repeat writes the same. */
  async function recordPoll(
    connectorName: string,
    connection: string,
    standing: Breaker & { revision: number; nextAt: string },
    syncId: string | null,
  ): Promise<void> {
    const connector = await findConnector(db, connectorName);
    if (!connector) return;
    // nobody is to see a closed breaker beside the error that opened it
    await db.transaction(async (tx) => {
      await savePoll(tx, { ...standing, connector: connector.id, connection });
      if (syncId !== null) await tellPoll(tx, connector.id, connection, syncId);
    });
  }

  return { lookAtPoll, recordPoll };
}
