import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Card, Fact, Facts } from '../../parts/card/card.tsx';
import { CopyButton } from '../../parts/copy/copy-button.tsx';
import { PageHead } from '../../parts/page-head/page-head.tsx';
import { Answered } from '../../parts/state-block/state-block.tsx';
import { Time } from '../../parts/time/time.tsx';
import { watchesOf } from '../../model/watches.ts';
import { adviceQuery, connectorQuery } from '../../server/queries/connectors.ts';
import { count, counted } from '../../words/count.ts';
import { limitsFragment, limitWords } from '../../words/limits.ts';
import { LimitHistory } from './history.tsx';
import { Watches } from './watches.tsx';
import { Windows } from './windows.tsx';

/** The limits in force, what they held, and what would fit the last syncs. */
export function Limits() {
  const { name = '' }: { name?: string } = useParams({ strict: false });
  const advice = useQuery(adviceQuery(name));
  const inUse = useQuery(connectorQuery(name));
  const active = inUse.data?.activeRevision;
  // watches are those of the file in use, of which a newer one may be saved
  const connector = useQuery({ ...connectorQuery(name, active ?? undefined), enabled: active != null });
  return (
    <>
      <PageHead
        title={`Limits of ${name}`}
        tab={`${name} · limits`}
        path={[
          { to: '/connectors', name: 'Connectors' },
          { to: `/connectors/${name}`, name },
        ]}
      />
      <div className="stack">
        <LimitHistory name={name} />
        <Answered query={advice} rows={8}>
          {({ current, windows, suggestion, days, syncs }) => (
            <div className="stack">
              <Card
                title="In force"
                actions={
                  <CopyButton
                    label={suggestion ? 'Copy the limits in force' : 'Copy fragment'}
                    text={limitsFragment(current.limits)}
                  />
                }
              >
                <Facts>
                  {Object.entries(current.limits).map(([limit, value]) => (
                    <Fact key={limit} term={limitWords(limit)}>
                      {count(value)}
                      {limit.includes('Percentage') ? ' %' : ''}
                    </Fact>
                  ))}
                </Facts>
              </Card>
              <Windows windows={windows} />
              {connector.data && <Watches watches={watchesOf(connector.data.file)} />}
              <Card title="What they held">
                {current.held.length === 0 ? (
                  <p className="dim">
                    None of {counted(syncs, 'sync', 'syncs')} in {counted(days, 'day')}.
                  </p>
                ) : (
                  <ul className="stack">
                    {current.held.map(({ syncId, at, name: limit, actual, limitLines, approvedBy }) => (
                      <li key={`${syncId} ${limit}`}>
                        <Link to={`/syncs/${syncId}`}>
                          <Time at={at} />
                        </Link>{' '}
                        {limitWords(limit)}: {count(actual)}, limit {count(limitLines)}
                        <span className="dim">
                          {approvedBy === null ? ', not approved' : `, approved by ${approvedBy}`}
                        </span>
                      </li>
                    ))}
                  </ul>
                )}
              </Card>
              <Card title="Advice" actions={suggestion && <CopyButton label="Copy fragment" text={suggestion.file} />}>
                {suggestion ? (
                  <>
                    <pre className="scroll" tabIndex={0}>
                      {suggestion.file}
                    </pre>
                    <ul className="dim small">
                      {suggestion.arithmetic.map((line) => (
                        <li key={line}>{line}</li>
                      ))}
                    </ul>
                  </>
                ) : (
                  <p className="dim">
                    Fewer than ten syncs of the last {counted(days, 'day')} say what is usual ({count(syncs)} so far).
                    The limits stay as they are.
                  </p>
                )}
              </Card>
            </div>
          )}
        </Answered>
      </div>
    </>
  );
}
