import { WriteError } from '../../connectors/write-package.ts';
import { membersToAdd, membersToRemove, storeMembers, type DueMember } from '../../repository/provisioning/accounts.ts';
import type { Sending } from './send-account.ts';

/** Tells the target of the members that a group has gained or lost, in as few requests as it takes. Members that are not ours stay. */
export async function sendMembers(sending: Sending): Promise<void> {
  const { db, writer, order, signal } = sending;
  const { account } = order;
  if (!account) {
    // the group is no longer assigned, or its create has failed
    if (order.desired === null) return;
    throw new WriteError('missing', 'The group has no account at the target, so it cannot have members.');
  }
  const adds = order.operation === 'add-members';
  const most = writer.capabilities.membersPerCall;
  for (;;) {
    const due = await (adds ? membersToAdd : membersToRemove)(db, order, most);
    if (due.length === 0) return;
    const ids = due.flatMap(({ targetId }: DueMember) => (targetId === null ? [] : [targetId]));
    if (ids.length > 0) {
      await sending.write(() =>
        adds ? writer.addMembers(account.targetId, ids, signal) : writer.removeMembers(account.targetId, ids, signal),
      );
    }
    await storeMembers(db, order, due, adds);
  }
}
