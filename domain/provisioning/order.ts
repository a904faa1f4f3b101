/** The words of orders, and what follows from the answers of a target. */

export const orderOperations = [
  'create',
  'update',
  'enable',
  'disable',
  'delete',
  'add-members',
  'remove-members',
] as const;
export type OrderOperation = (typeof orderOperations)[number];

export const orderStatuses = [
  'pending',
  'running',
  'unknown',
  'succeeded',
  'failed',
  'abandoned',
  'superseded',
] as const;
export type OrderStatus = (typeof orderStatuses)[number];

/** How an attempt to send an order went. */
export interface OrderEnd {
  status: 'succeeded' | 'failed' | 'pending' | 'unknown';
  code: string | null;
  message: string | null;
  field?: string | undefined;
  /** Until the next attempt; 0 where there is none. */
  retrySeconds: number;
  /** Failures in a row that say nothing of the order. */
  transientFailures: number;
  milliseconds: number;
  /** Requests that wrote. */
  calls: number;
}

/** What a target answered, as far as it matters here. */
export interface TargetFailure {
  kind: 'transient' | 'terminal' | 'exists' | 'missing' | 'throttled' | 'credentials' | 'unknown';
  code: string;
  message: string;
  field?: string | undefined;
  retryAfterSeconds?: number | undefined;
}

const longestPause = 15 * 60;

/**
 * An order is tried again without end where the target said nothing of it. It fails at once where the target refused it. Where
 * nobody knows whether it had an effect, the target is asked before it is sent again.
 * @param failures earlier ones in a row that said nothing of the order
 */
export function afterFailure(failure: TargetFailure, failures: number): Omit<OrderEnd, 'milliseconds' | 'calls'> {
  const { kind, code, message, field, retryAfterSeconds } = failure;
  const said = { code, message, ...(field === undefined ? {} : { field }) };
  if (kind === 'terminal' || kind === 'exists' || kind === 'missing')
    return { ...said, status: 'failed', retrySeconds: 0, transientFailures: 0 };
  const pause = Math.min(2 ** Math.min(failures, 20), longestPause);
  return {
    ...said,
    status: kind === 'unknown' ? 'unknown' : 'pending',
    retrySeconds: Math.min(Math.max(pause, retryAfterSeconds ?? 0), 24 * 3600),
    transientFailures: failures + 1,
  };
}

/** By attribute; those without a value are left out. */
export type Values = Readonly<Record<string, unknown>>;

/**
 * What has to be sent so that an account has the desired values: null clears. Only attributes that the profile maps are compared.
 * @param attributes those that the profile maps, and whether only a create sends them
 */
export function differences(
  desired: Values,
  pushed: Values,
  attributes: readonly { name: string; onCreate: boolean }[],
): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const { name, onCreate } of attributes) {
    if (onCreate) continue;
    const wanted = desired[name] ?? null;
    if (!isEqual(wanted, pushed[name] ?? null)) found[name] = wanted;
  }
  return found;
}

const isEqual = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
