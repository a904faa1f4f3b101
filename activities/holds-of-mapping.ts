import { amount } from '../domain/amount.ts';
import { isJoinType } from '../domain/directory/join-types.ts';
import type { Counters, Hold } from '../domain/sync.ts';
import { emptiedGroups } from '../repository/provisioning/accounts.ts';
import { appliedRules } from '../repository/directory/rules.ts';
import type { Queryable } from '../repository/database.ts';
import type { SyncRow } from '../repository/syncs.ts';

/**
 * What holds a sync of the directory beside its limits: a join that moves gives one person's account to another; new rules that
 * take something away are looked at once; and a mapping that had joins and would have none is most likely a mistake.
 */
export async function holdsOfMapping(tx: Queryable, sync: SyncRow, counters: Counters): Promise<Hold[]> {
  const rules = sync.preparation?.rules;
  if (rules === undefined) return [];
  const holds: Hold[] = [];
  const joins = Object.entries(counters).filter(([name]) => isJoinType(name));
  for (const [scope, { stored, inserted, updated, deleted }] of joins) {
    if (updated > 0)
      holds.push({ code: 'join-moved', scope, message: `${amount(updated, 'join')} would lead to another resource.` });
    if (stored > 0 && stored - deleted + inserted === 0)
      holds.push({ code: 'zero-rows', scope, message: `No join of ${scope} would be left, but some are stored.` });
  }
  if (sync.tasks.includes('provision')) holds.push(...(await holdsOfProfiles(tx, sync, counters)));
  const applied = await appliedRules(tx, sync.connector);
  const all = Object.values(counters);
  const lost = all.reduce((sum, each) => sum + each.deleted, 0);
  const links = all.flatMap((each) => Object.values(each.links)).reduce((sum, each) => sum + each.deleted, 0);
  if (applied !== null && applied !== rules && lost + links > 0)
    holds.push({
      code: 'rules-changed',
      scope: 'connector',
      message: sync.tasks.includes('provision')
        ? `The provisioning has changed: ${amount(lost, 'account')} and ${amount(links, 'membership')} would be taken away.`
        : `The mappings have changed: ${amount(lost, 'line')} and ${amount(links, 'link')} would be deleted.`,
    });
  return holds;
}

/** A rule that leaves nobody is most likely a mistake, and so is one that takes most members out of a group. */
async function holdsOfProfiles(tx: Queryable, sync: SyncRow, counters: Counters): Promise<Hold[]> {
  const holds: Hold[] = Object.entries(counters).flatMap(([scope, { stored, inserted, deleted }]) =>
    stored > 0 && stored - deleted + inserted === 0
      ? [{ code: 'zero-rows' as const, scope, message: `No profile of ${scope} would be left, but some are stored.` }]
      : [],
  );
  for (const { profile, groups } of await emptiedGroups(tx, sync.no))
    holds.push({
      code: 'group-emptied',
      scope: profile,
      message: `${amount(groups, 'group')} of ${profile} would lose more than half of the members that the target has.`,
    });
  return holds;
}
