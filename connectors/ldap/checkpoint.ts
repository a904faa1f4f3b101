import { z } from 'zod';
import type { Checkpoint, ReadRefused } from '../package.ts';

/** What the checkpoints of this package hold. */
const common = { server: z.string(), containers: z.record(z.string(), z.string()) };
const place = z.discriminatedUnion('kind', [
  /** Cookies by base, in base64. */
  z.strictObject({ ...common, kind: z.literal('syncrepl'), cookies: z.record(z.string(), z.string()) }),
  /** Cookies by naming context, in base64. */
  z.strictObject({ ...common, kind: z.literal('dirsync'), cookies: z.record(z.string(), z.string()) }),
  /** A number of one database of one server. */
  z.strictObject({ ...common, kind: z.literal('usn'), database: z.string(), usn: z.string() }),
  z.strictObject({ ...common, kind: z.literal('modifyTimestamp'), largest: z.string() }),
]);
export type Place = z.infer<typeof place>;

const names: Record<Place['kind'], (place: Place, time: string) => string> = {
  syncrepl: (_, time) => `cookie of ${time}`,
  dirsync: (_, time) => `cookie of ${time}`,
  usn: (of, time) => `change ${of.kind === 'usn' ? of.usn : ''} of ${time}`,
  modifyTimestamp: (_, time) => `changes until ${time}`,
};

/** @param now for the name only */
export const checkpointOf = (of: Place, now: Date): Checkpoint => ({
  value: JSON.stringify(of),
  name: names[of.kind](of, `${now.toISOString().slice(0, 16).replace('T', ' ')} UTC`),
});

/** @returns undefined if it is another kind than the settings ask for, or none */
export function placeOf<Kind extends Place['kind']>(
  since: Checkpoint | undefined,
  kind: Kind,
): Extract<Place, { kind: Kind }> | undefined {
  if (!since) return undefined;
  let json: unknown;
  try {
    json = JSON.parse(since.value);
  } catch {
    return undefined;
  }
  const parsed = place.safeParse(json);
  return parsed.success && parsed.data.kind === kind ? (parsed.data as Extract<Place, { kind: Kind }>) : undefined;
}

/** The server that a checkpoint is of. */
export function serverOf(since: Checkpoint | undefined): string | undefined {
  for (const kind of ['syncrepl', 'dirsync', 'usn', 'modifyTimestamp'] as const) {
    const found = placeOf(since, kind);
    if (found) return found.server;
  }
  return undefined;
}

export const refused = (reason: string): ReadRefused => ({ kind: 'refused', code: 'checkpoint-refused', reason });
export const branchRenamed = (table: string): ReadRefused => ({
  kind: 'refused',
  code: 'branch-renamed',
  reason: `In ${table}, a branch was renamed, moved or removed. The names below it changed without a trace, so everything is read.`,
});
