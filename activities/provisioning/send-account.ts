import { setTimeout as sleep } from 'node:timers/promises';
import { WriteError, type AccountWriter, type Attributes, type TargetAccount } from '../../connectors/write-package.ts';
import { differences } from '../../domain/provisioning/order.ts';
import type { ProfileFile } from '../../domain/provisioning/profile-schema.ts';
import { profileKey } from '../../domain/provisioning/target-file.ts';
import type { Database } from '../../repository/database.ts';
import {
  forgetAccount,
  holderOf,
  orderMemberships,
  storeAccount,
  storeEnabled,
} from '../../repository/provisioning/accounts.ts';
import { noteSent, type ClaimedOrder } from '../../repository/provisioning/claim-orders.ts';

/** What the sending of one order works with. */
export interface Sending {
  db: Database;
  /** The connector that keeps the profiles. */
  connector: number;
  profile: ProfileFile;
  writer: AccountWriter;
  order: ClaimedOrder;
  signal: AbortSignal;
  /**
   * Writes to the target, if the claim still counts. It is counted as a call.
   * @throws LostClaim
   */
  write<Result>(request: () => Promise<Result>): Promise<Result>;
}

/** Somebody else has taken the order: what is not written yet is theirs to write. */
export class LostClaim extends Error {
  override name = 'LostClaim';
}

/** The target may show a new account a little late. */
const confirmation = { milliseconds: 30_000, pause: 500 };

/** Brings the account of a profile to what is desired now: what is desired less what the target has acknowledged. */
export async function sendAccount(sending: Sending): Promise<void> {
  const { order } = sending;
  if (order.operation === 'disable' || order.operation === 'delete') {
    // assigned again meanwhile: a later order brings what is desired
    if (order.desired === null) await takeAway(sending);
    return;
  }
  const made = order.account ?? (await findMade(sending));
  if (order.desired === null) return;
  const desired = order.desired as Attributes;
  const account = made ?? (await findOrCreate(sending, desired));
  if (account) await bringTo(sending, account, desired);
}

/**
 * What an earlier attempt with an unknown outcome has made, by the values that it sent: they may differ from those that are desired now, and
 * the profile may be assigned no longer. Then an order that waits disables the account.
 */
async function findMade(sending: Sending): Promise<Known | undefined> {
  const { order } = sending;
  if (!order.asked || order.sent === null) return undefined;
  const sent = order.sent as Attributes;
  const found = await lookUp(sending, sent);
  return found && isOwn(sending, found, sent) ? takeOver(sending, found) : undefined;
}

async function takeOver({ db, connector, order }: Sending, found: TargetAccount): Promise<Known> {
  await requireFree(db, order, found.id);
  const known: Known = { targetId: found.id, enabled: found.enabled ?? true, pushed: {} };
  await db.transaction(async (tx) => {
    await storeAccount(tx, order, known);
    await orderMemberships(tx, connector, order);
  });
  return { ...known, pushed: found.attributes };
}

async function requireFree(db: Database, order: ClaimedOrder, targetId: string): Promise<void> {
  const holder = await holderOf(db, order.profileType, targetId);
  if (holder && holder.key !== order.key)
    throw new OrderRefused('account-of-another', 'Another profile has this account of the target.');
}

type Known = NonNullable<ClaimedOrder['account']>;

/** @returns what has to be brought to the desired values; undefined: the account was made with them */
async function findOrCreate(sending: Sending, desired: Attributes): Promise<Known | undefined> {
  const { db, connector, profile, writer, order, signal } = sending;
  const attributes = valuesOf(profile, desired);
  const found = await lookUp(sending, attributes);
  const own = found && isOwn(sending, found, attributes);
  if (found && !own)
    throw new WriteError(
      'exists',
      'The target has an account with these values already. Give it our id, rename it, or unassign the profile.',
    );
  if (found) return takeOver(sending, found);
  await noteSent(db, order, attributes);
  const { id } = await sending.write(() => writer.create(attributes, { anchor: order.key }, signal));
  await confirm(sending, id);
  await requireFree(db, order, id);
  await db.transaction(async (tx) => {
    await storeAccount(tx, order, { targetId: id, enabled: true, pushed: attributes });
    await orderMemberships(tx, connector, order);
  });
  return undefined;
}

/** The account that the rules of `match` find, if there is one whose values are equal. */
async function lookUp(
  { profile, writer, order, signal }: Sending,
  values: Attributes,
): Promise<TargetAccount | undefined> {
  for (const rule of profile.match) {
    const pairs = Object.entries(rule).map(([attribute, target]): [string, Attributes[string]] => [
      target,
      values[attribute] ?? null,
    ]);
    if (pairs.length === 0 || pairs.some(([, value]) => value === null)) continue;
    const found = await writer.find([Object.fromEntries(pairs)], signal);
    if (found[0]) return found[0];
  }
  const { anchor } = writer.capabilities;
  if (anchor === null || !order.asked) return undefined;
  // an earlier attempt may have made it with other values
  const [own] = await writer.find([{ [anchor]: anchorOf(anchor, values, order.key) }], signal);
  return own;
}

/**
 * Whether an account is the one that an earlier attempt has made. It has our id; where the target has no place for it, nobody was
 * found before that attempt, and its outcome is not known.
 */
function isOwn({ writer, order }: Sending, found: TargetAccount, values: Attributes): boolean {
  const { anchor } = writer.capabilities;
  if (anchor === null) return order.asked;
  return found.anchor !== null && found.anchor === anchorOf(anchor, values, order.key);
}

const anchorOf = (anchor: string, values: Attributes, key: string): string => {
  const mapped = values[anchor];
  return typeof mapped === 'string' ? mapped : key;
};

/** An account that the target does not keep is made once more, and then no more. */
async function confirm({ writer, order, signal }: Sending, id: string): Promise<void> {
  const until = Date.now() + confirmation.milliseconds;
  for (;;) {
    if (await writer.readById(id, signal)) return;
    if (Date.now() > until) {
      const message = 'The target said that it made the account, and does not show it after 30 seconds.';
      throw order.asked ? new OrderRefused('not-kept', message) : new WriteError('unknown', message);
    }
    await sleep(confirmation.pause, undefined, { signal });
  }
}

async function bringTo(sending: Sending, account: Known, desired: Attributes): Promise<void> {
  const { db, profile, writer, order, signal } = sending;
  const { targetId, pushed } = account;
  const values = valuesOf(profile, desired);
  const changed = differences(values, pushed, attributesOf(profile)) as Attributes;
  const enabled = account.enabled || !profile.actions.enable;
  if (enabled && Object.keys(changed).length === 0) {
    if (order.account === null) await storeAccount(db, order, { targetId, enabled: account.enabled, pushed: values });
    return;
  }
  if (!enabled || order.asked) await requireOwn(sending, account);
  if (!enabled) {
    await sending.write(() => writer.enable(targetId, signal));
    await storeEnabled(db, order, true);
  }
  if (Object.keys(changed).length > 0 && profile.actions.update) {
    await sending.write(() => writer.update(targetId, changed, signal));
    await storeAccount(db, order, { targetId, enabled: account.enabled || !enabled, pushed: values });
  }
}

/** Disables or deletes the account. What is gone already is success: access is gone too. */
async function takeAway(sending: Sending): Promise<void> {
  const { db, writer, order, signal } = sending;
  const { account } = order;
  if (!account) return;
  const removes = order.operation === 'delete';
  if (!removes && !account.enabled) return;
  if (!(await findOwn(sending, account))) {
    await forgetAccount(db, order);
    return;
  }
  await sending.write(() =>
    removes ? writer.delete(account.targetId, signal) : writer.disable(account.targetId, signal),
  );
  if (removes) await forgetAccount(db, order);
  else await storeEnabled(db, order, false);
}

async function requireOwn(sending: Sending, account: Known): Promise<void> {
  if (!(await findOwn(sending, account)))
    throw new WriteError('missing', 'The target no longer has the account. It is not made again by itself.');
}

/** @throws WriteError if the account now has the id of another */
async function findOwn({ writer, order, signal }: Sending, account: Known): Promise<boolean> {
  const found = await writer.readById(account.targetId, signal);
  if (!found) return false;
  const { anchor } = writer.capabilities;
  if (
    anchor !== null &&
    found.anchor !== null &&
    found.anchor !== anchorOf(anchor, account.pushed as Attributes, order.key)
  )
    throw new OrderRefused(
      'account-of-another',
      'The account at the target has the id of another profile. Nothing was written to it.',
    );
  return true;
}

/** What nobody but a person can settle. */
export class OrderRefused extends Error {
  override name = 'OrderRefused';
  readonly code: 'account-of-another' | 'not-kept';

  constructor(code: OrderRefused['code'], message: string) {
    super(message);
    this.code = code;
  }
}

const attributesOf = ({ attributes }: ProfileFile) =>
  Object.entries(attributes).map(([name, { onCreate }]) => ({ name, onCreate }));

/** The desired values without what is ours alone. */
const valuesOf = ({ attributes }: ProfileFile, desired: Attributes): Attributes =>
  Object.fromEntries(
    Object.entries(desired).filter(([name]) => name !== profileKey && Object.hasOwn(attributes, name)),
  );
