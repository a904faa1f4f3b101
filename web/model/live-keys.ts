import type { StreamEvent } from './event-text.ts';

/** The beginning of the key of a query. */
export type KeyPrefix = readonly unknown[];

/** What shows where connectors and their syncs stand. */
const standing: KeyPrefix[] = [['sync-status'], ['connector-map'], ['syncs', 'list'], ['syncs', 'latest']];
/** What the data of a connector shows. */
const data: KeyPrefix[] = [
  ['types'],
  ['type'],
  ['resources'],
  ['resource'],
  ['history'],
  ['open-errors'],
  ['error-groups'],
  ['refusals'],
];
const executions: KeyPrefix[] = [['executions'], ['execution']];

/**
 * Which queries an event makes old. What a reviewer decides on is never among them: it is not read again behind the back of the
 * reviewer.
 */
export function oldAfter({ type, data: of }: StreamEvent): KeyPrefix[] {
  const text = (name: string) => (typeof of[name] === 'string' ? of[name] : '');
  switch (type) {
    case 'sync':
      return ofSync(text('id'), text('status'), Array.isArray(of['changed']) ? (of['changed'] as unknown[]) : []);
    case 'job':
      return [['jobs'], ['job', text('job')], ...executions, ['sync-status']];
    case 'connector': {
      const name = text('connector');
      return [
        ['connectors'],
        ['connector', name],
        ['revisions', name],
        ['advice', name],
        ['sync-status'],
        ['connector-map'],
        ...data,
      ];
    }
    default:
      return [];
  }
}

function ofSync(id: string, status: string, changed: readonly unknown[]): KeyPrefix[] {
  const own: KeyPrefix[] = [
    ['sync', id],
    ['log', id],
  ];
  // rows that are counted, and times of tasks: no list shows them
  if (changed.every((part) => part === 'progress' || part === 'more')) return own;
  const open = ['queued', 'running', 'held'].includes(status);
  // its end may change others: what it reverts, what took its place
  return open ? [...own, ['drafts', id], ...standing] : [...own, ['sync'], ['replacement'], ...standing, ...executions];
}

/** What is read again when events may have been missed: everything but what a reviewer decides on. */
export const keptWhateverHappens = new Set<unknown>(['summary', 'changes', 'me', 'packages', 'file-schema']);

/** Whether a query is one of those that a prefix means. */
export const startsWith = (key: readonly unknown[], prefix: KeyPrefix): boolean =>
  prefix.every((part, i) => key[i] === part);
