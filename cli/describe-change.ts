/** What a change of a list and one of a history have in common. */
export interface Change {
  kind: string;
  operation: string;
  property?: string | undefined;
  target?: { key: string[] } | undefined;
  before?: unknown;
  after?: unknown;
}

/** One change in a line: the target of a link, or the first values that are added, removed or changed. */
export function describeChange(change: Change): string {
  if (change.kind === 'link') return `${change.property ?? ''} → ${change.target?.key.join(',') ?? ''}`;
  const before = (change.before ?? {}) as Record<string, unknown>;
  const after = (change.after ?? {}) as Record<string, unknown>;
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const shown = names.slice(0, 4).map((name) => {
    if (change.operation === 'update') return `${name}: ${short(before[name])} → ${short(after[name])}`;
    return `${name}: ${short(change.operation === 'insert' ? after[name] : before[name])}`;
  });
  return shown.join('; ') + (names.length > 4 ? `; and ${String(names.length - 4)} more` : '');
}

function short(value: unknown): string {
  if (value === null || value === undefined) return '(none)';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
