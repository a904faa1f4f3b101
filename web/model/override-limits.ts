/** Limits for one sync alone, as they are typed: by scope (a name of an entity type, or '' for the connector), then by limit. */
export type TypedLimits = Readonly<Record<string, Readonly<Record<string, string>>>>;

const operations = ['Deleted', 'Updated', 'Inserted'] as const;

/** Every limit that one sync may override, deletes first. */
export const overridable = [
  ...operations.flatMap((each) => [`maximum${each}Lines`, `maxPercentage${each}Lines`]),
  ...operations.flatMap((each) => [`maximumLink${each}Lines`, `maxLinkPercentage${each}Lines`]),
  'maximumRejectedLines',
  'maxPercentageRejectedLines',
];

/** `1,000`, `1 000` and `2.5 %` as people write them; undefined: no number. What a limit may be, the API says. */
export function limitOf(text: string): number | undefined {
  const digits = text.replaceAll(/[\s,%]/g, '');
  return /^\d+(\.\d+)?$/.test(digits) ? Number(digits) : undefined;
}

export const withLimit = (typed: TypedLimits, scope: string, name: string, text: string): TypedLimits => ({
  ...typed,
  [scope]: { ...typed[scope], [name]: text },
});

const filled = (typed: TypedLimits) =>
  Object.entries(typed).flatMap(([scope, limits]) =>
    Object.entries(limits)
      .filter(([, text]) => text.trim() !== '')
      .map(([name, text]) => ({ scope, name, limit: limitOf(text) })),
  );

/** What keeps the sync from being started, in a sentence. */
export function overridesFault(typed: TypedLimits, reason: string): string | undefined {
  const all = filled(typed);
  if (all.some(({ limit }) => limit === undefined)) return 'A limit is a number.';
  if (all.length > 0 && reason.trim() === '') return 'Say why this sync has limits of its own.';
  if (all.length === 0 && reason.trim() !== '') return 'Name a limit, or leave the reason out.';
  return undefined;
}

interface Overrides {
  thresholds: Record<string, number> & { entityTypes?: Record<string, Record<string, number>> };
  reason: string;
}

/** What the request says; undefined where nothing is typed. */
export function overridesOf(typed: TypedLimits, reason: string): Overrides | undefined {
  const all = filled(typed);
  if (all.length === 0) return undefined;
  const limitsOf = (wanted: string) =>
    Object.fromEntries(
      all.flatMap(({ scope, name, limit }) => (scope === wanted && limit !== undefined ? [[name, limit]] : [])),
    );
  const types = [...new Set(all.map(({ scope }) => scope))].filter((scope) => scope !== '');
  const entityTypes = Object.fromEntries(types.map((type) => [type, limitsOf(type)]));
  return {
    thresholds: { ...limitsOf(''), ...(types.length > 0 ? { entityTypes } : {}) } as Overrides['thresholds'],
    reason: reason.trim(),
  };
}
