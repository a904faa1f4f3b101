import type { ConnectorStatus } from '../server/types.ts';

type CountName = keyof ConnectorStatus['entityTypes'][number]['counts'];

export interface StatusList {
  to: string;
  search: Record<string, string>;
}

/**
 * The list behind a number of the Sync Status.
 * @param types those that the number counts
 * @returns undefined where no list has just these objects
 */
export function statusList(
  name: CountName,
  { connector, suppressed }: Pick<ConnectorStatus, 'connector' | 'suppressed'>,
  types: readonly Pick<ConnectorStatus['entityTypes'][number], 'entityType' | 'lastCompleteSync'>[],
): StatusList | undefined {
  const [only] = types.length === 1 ? types : [];
  const ofType: Record<string, string> = only === undefined ? {} : { entityType: only.entityType };
  switch (name) {
    case 'failed':
      return { to: '/errors', search: { connector, ...ofType, effect: 'row-rejected' } };
    case 'partial':
      return { to: '/errors', search: { connector, ...ofType, effect: 'link-rejected' } };
    case 'unsynced':
      if (suppressed.changes > 0) return { to: '/refusals', search: { connector } };
      return only?.lastCompleteSync
        ? { to: `/syncs/${only.lastCompleteSync.syncId}/changes`, search: { ...ofType, state: 'withheld' } }
        : undefined;
    case 'impacted':
    case 'succeeded':
      return only === undefined ? { to: '/types', search: {} } : { to: `/types/${only.entityType}`, search: {} };
  }
}
