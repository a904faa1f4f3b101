/**
 * Places in the code at which a test can stop a process and kill it, in the order in which a sync reaches them. The
 * name has the phase and the work that is done. `begun` and `asked` are before the first write of the step.
 */
export const markedPoints = [
  // API: a sync is asked for
  'start/recorded',
  'start/started',
  // worker
  'export/begun',
  'export/file-open',
  'export/table-read',
  'export/manifest-written',
  'prepare/begun',
  'prepare/rows-staged',
  'prepare/before-commit',
  'prepare/committed',
  'synchronize/begun',
  'synchronize/before-commit',
  'synchronize/committed',
  'hold/recorded',
  // API: a decision is asked for
  'decide/asked',
  'decide/answered',
  // worker
  'decide/recorded',
  'apply/begun',
  'apply/before-commit',
  'apply/committed',
  'settle/begun',
  'settle/ended',
] as const;

/** More of them, which only a held sync reaches that is refreshed, or that reminds. */
export const reviewPoints = [
  // worker: the sync that refreshes has read and prepared
  'refresh/asked',
  'refresh/superseded',
  'refresh/handed-over',
  // worker: a timer was due
  'review/told',
] as const;

/** Points of what is sent to a target: before and after a request that writes. */
export const orderPoints = ['order/before-write', 'order/written'] as const;

export type MarkedPoint = (typeof markedPoints | typeof reviewPoints | typeof orderPoints)[number];

/** Set by the fault tests before the process starts. The product never sets it. */
type Visitor = (point: MarkedPoint) => Promise<void>;
const visitor = Symbol.for('syncline.markedPoint');

/**
 * The process has reached a marked point. It goes on at once, unless it was started with `node --import` and the module
 * of the tests. No variable of Syncline loads this module, and the image does not have it.
 */
export async function reached(point: MarkedPoint): Promise<void> {
  await (globalThis as { [visitor]?: Visitor })[visitor]?.(point);
}
