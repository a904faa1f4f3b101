import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Dialog } from '../parts/dialog/dialog.tsx';
import { Answered } from '../parts/state-block/state-block.tsx';
import { StatusMark } from '../parts/status-mark/status-mark.tsx';
import { Time } from '../parts/time/time.tsx';
import { Fact, Facts } from '../parts/card/card.tsx';
import { statusList } from '../model/status-lists.ts';
import { statusQuery } from '../server/queries/status.ts';
import type { ConnectorStatus } from '../server/types.ts';
import { count, counted } from '../words/count.ts';
import styles from './dialogs.module.css';

/** When a connector was synchronised, how, and by whom; and how many of its objects are as the source has them. */
export function SyncStatusDialog({ connector, onClose }: { connector: string; onClose: () => void }) {
  const status = useQuery(statusQuery);
  return (
    <Dialog onClose={onClose} title="Sync Status" size="lg">
      <Answered query={status} rows={6}>
        {(items) => {
          const found = items.find((each) => each.connector === connector);
          return found ? <Status status={found} /> : <p>There is no connector {connector}.</p>;
        }}
      </Answered>
    </Dialog>
  );
}

function Status({ status }: { status: ConnectorStatus }) {
  const { lastSync, lastSuccess, heldSync, counts, suppressed } = status;
  const ofKind = (wanted: TypeOf['kind']) =>
    status.entityTypes.filter(({ kind, retired }) => kind === wanted && !retired);
  return (
    <div className="stack">
      <h3>{status.displayName}</h3>
      {lastSync === null ? (
        <p>{heldSync ? 'Its first sync is held: nothing has been applied yet.' : 'It has never been synchronised.'}</p>
      ) : (
        <Facts>
          <Fact term="Last synced">
            <Time at={lastSync.at} /> (<Time at={lastSync.at} as="clock" />)
          </Fact>
          <Fact term="How">
            {lastSync.trigger.replaceAll('-', ' ')}, {lastSync.mode}
            {lastSync.job !== null && `, by the job ${lastSync.job}`}
          </Fact>
          <Fact term="Synced by">{lastSync.syncedBy.replace(/^user:/, '')}</Fact>
          <Fact term="Result">
            <Link to={`/syncs/${lastSync.syncId}`}>
              <StatusMark status={lastSync.status} />
            </Link>
          </Fact>
          <Fact term="Last success">{lastSuccess ? <Time at={lastSuccess.at} /> : 'never'}</Fact>
          <Fact term="Next sync">{status.nextSync ? <Time at={status.nextSync.at} /> : 'none planned'}</Fact>
        </Facts>
      )}
      {counts.users && <Counts title="Users" counts={counts.users} status={status} types={ofKind('users')} />}
      {counts.groups && <Counts title="Groups" counts={counts.groups} status={status} types={ofKind('groups')} />}
      {ofKind(null).map((type) => (
        <Counts key={type.entityType} title={type.displayName} counts={type.counts} status={status} types={[type]} />
      ))}
      {suppressed.changes > 0 && (
        <p>
          <Link to="/refusals" search={{ connector: status.connector }}>
            {counted(suppressed.changes, 'refused change is', 'refused changes are')} left out
          </Link>
          , {count(suppressed.deletes)} of them deletes.
        </p>
      )}
    </div>
  );
}

type TypeOf = ConnectorStatus['entityTypes'][number];

interface CountsProps {
  title: string;
  counts: TypeOf['counts'];
  status: ConnectorStatus;
  /** Those that are counted. */
  types: readonly TypeOf[];
}

function Counts({ title, counts, status, types }: CountsProps) {
  const names = ['impacted', 'succeeded', 'unsynced', 'partial', 'failed'] as const;
  return (
    <section aria-label={title}>
      <h3 className={styles.countsTitle}>{title}</h3>
      <dl className={styles.counts}>
        {names.map((name) => {
          const list = counts[name] > 0 ? statusList(name, status, types) : undefined;
          return (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                {list ? (
                  <Link {...list}>
                    {count(counts[name])}
                    <span className="only-heard">
                      {' '}
                      {name}, {title}
                    </span>
                  </Link>
                ) : (
                  count(counts[name])
                )}
              </dd>
            </div>
          );
        })}
      </dl>
    </section>
  );
}
