/**
 * Places in the code at which a test can stop a process and kill it, in the order in which a sync comes by. The name
 * says the phase and what has been done; `begun` and `asked` come before the first write of the step.
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

export type MarkedPoint = (typeof markedPoints)[number];

/** Set by the fault tests before the process starts. The product never sets it. */
type Visitor = (point: MarkedPoint) => Promise<void>;
const visitor = Symbol.for('syncline.markedPoint');

/**
 * The process has come to a marked point. It goes on at once, but for a process that was started with
 * `node --import` of the tests' own module: no variable of Syncline leads there, and the image does not have that module.
 */
export async function reached(point: MarkedPoint): Promise<void> {
  await (globalThis as { [visitor]?: Visitor })[visitor]?.(point);
}
