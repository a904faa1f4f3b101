import type { BreakerState } from '../domain/breaker.ts';
import { countObjects, sumCounts } from '../domain/sync-counts.ts';
import type { Queryable } from '../repository/database.ts';
import { filesInUse } from '../repository/files-in-use.ts';
import { allJobs } from '../repository/jobs.ts';
import { breakersOf, type BreakerView } from '../repository/polls.ts';
import { firstQuarantine, quarantinesOfAll } from '../repository/quarantine.ts';
import { suppressedOf, type Suppressed } from '../repository/refusals/list.ts';
import {
  entityTypeStandings,
  mentionSyncs,
  type ConnectorStanding,
  type EntityTypeStanding,
  type SyncMention,
} from '../repository/sync-status.ts';
import { timetable, type Plannable, type Planned, type Subject } from './next-sync.ts';

/** Connectors as GET /v1/sync-status has them; a few statements for all of them. */
export async function statusBodies(db: Queryable, connectors: readonly ConnectorStanding[]) {
  const ids = connectors.map(({ id }) => id);
  const types = await entityTypeStandings(db, ids);
  const numbers = [
    ...connectors.flatMap((each) => [each.lastSync, each.lastSuccess, each.heldSync, each.runningSync]),
    ...types.flatMap((each) => [each.lastSync, each.completeSync]),
  ];
  const mentions = await mentionSyncs(
    db,
    numbers.filter((no) => no !== null),
  );
  const breakers = await breakersOf(db, connectors.length === 1 ? connectors[0]?.id : undefined);
  const suppressed = await suppressedOf(db, ids);
  const files = await filesInUse(db, ids);
  const now = new Date();
  const quarantines = await quarantinesOfAll(db, ids, now.getTime());
  const nextSync = timetable(await allJobs(db), now);
  const bodies = [];
  for (const each of connectors) {
    const plannable = {
      ...each,
      suppressed: suppressed.get(each.id) ?? { changes: 0, deletes: 0, oldestSince: null },
      file: files.get(each.id),
      quarantines: quarantines.get(each.id) ?? {},
      breakers: breakers.filter(({ connector }) => connector === each.connector),
    };
    const own = types.filter(({ connector }) => connector === each.id);
    bodies.push(statusBody(plannable, own, mentions, (subject) => nextSync(plannable, subject)));
  }
  return bodies;
}

function statusBody(
  standing: ConnectorStanding & Plannable & { suppressed: Suppressed },
  types: readonly EntityTypeStanding[],
  mentions: ReadonlyMap<number, SyncMention>,
  nextSync: (subject?: Subject) => Planned | null,
) {
  const { connector, displayName, active, openErrors, needsComplete, suppressed, breakers, quarantines } = standing;
  const quarantine = firstQuarantine(quarantines);
  const mention = (no: number | null) => {
    const found = no === null ? undefined : mentions.get(no);
    return found ? shown(found) : null;
  };
  const withCauses = (no: number | null) => {
    const found = no === null ? undefined : mentions.get(no);
    return found ? { ...shown(found), causes: found.causes } : null;
  };
  const running = standing.runningSync === null ? undefined : mentions.get(standing.runningSync);
  const entityTypes = types.map((type) => ({
    entityType: type.entityType,
    displayName: type.displayName,
    kind: type.users ? ('users' as const) : type.groups ? ('groups' as const) : null,
    retired: type.retired,
    lastSync: mention(type.lastSync),
    lastCompleteSync: mention(type.completeSync),
    nextSync: nextSync({ entityType: type.entityType }),
    counts: countObjects(type),
  }));
  const countsOf = (kind: 'users' | 'groups') => {
    const those = entityTypes.filter((each) => each.kind === kind);
    return those.length === 0 ? null : sumCounts(those.map(({ counts }) => counts));
  };
  const held = standing.heldSync === null ? undefined : mentions.get(standing.heldSync);
  return {
    connector,
    displayName,
    active,
    lastSync: withCauses(standing.lastSync),
    lastSuccess: mention(standing.lastSuccess),
    heldSince: held?.heldSince ?? null,
    heldSync: held ? { ...shown(held), causes: held.causes, waitingFor: held.waitingFor } : null,
    lastResults: standing.lastResults,
    runningSync: running ? { ...shown(running), waitingFor: running.waitingFor, retry: running.retry } : null,
    nextSync: nextSync(),
    breaker: worst(breakers),
    connections: breakers.map(({ connection, state, failures, retryAt, nextAt, lastError }) => ({
      connection,
      state,
      failures,
      retryAt,
      nextAt,
      lastError,
    })),
    quarantine: quarantine && {
      mode: quarantine.mode,
      since: quarantine.since,
      until: quarantine.until,
      failures: quarantine.failures,
      reason: quarantine.reason,
    },
    needsComplete,
    suppressed,
    openErrors,
    counts: { users: countsOf('users'), groups: countsOf('groups') },
    entityTypes,
    self: `/v1/sync-status?connector=${connector}`,
  };
}

/** A sync in short. */
const shown = ({
  heldSince: _heldSince,
  waitingFor: _waitingFor,
  retry: _retry,
  causes: _causes,
  ...sync
}: SyncMention) => sync;

const severity: Record<BreakerState, number> = { open: 2, 'half-open': 1, closed: 0 };

function worst(breakers: readonly BreakerView[]) {
  const [found] = [...breakers].sort((a, b) => severity[b.state] - severity[a.state] || b.failures - a.failures || 0);
  return found ? { state: found.state, failures: found.failures, retryAt: found.retryAt } : null;
}
