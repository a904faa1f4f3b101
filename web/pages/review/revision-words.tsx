import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { statusQuery } from '../../server/queries/status.ts';
import { syncQuery } from '../../server/queries/syncs.ts';
import type { Sync } from '../../server/types.ts';

/** The revision of the file; if the last applied sync had another one, that may be what all the changes come from. */
export function RevisionWords({ sync: { status, connector, configRevision } }: { sync: Sync }) {
  const last = useQuery(statusQuery).data?.find((each) => each.connector === connector)?.lastSuccess?.syncId;
  const applied = useQuery({ ...syncQuery(last ?? ''), enabled: last !== undefined && status === 'held' });
  const before = status === 'held' ? applied.data?.configRevision : undefined;
  return (
    <>
      revision {configRevision}
      {before !== undefined && before !== configRevision && (
        <>
          {' '}
          (new since the last applied sync:{' '}
          <Link to={`/connectors/${connector}/file`} search={{ revision: configRevision, against: before }}>
            see what differs
          </Link>
          )
        </>
      )}
    </>
  );
}
