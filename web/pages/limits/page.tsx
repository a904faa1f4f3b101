import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Card, Fact, Facts } from '../../parts/card/card.tsx';
import { CopyButton } from '../../parts/copy/copy-button.tsx';
import { PageHead } from '../../parts/page-head/page-head.tsx';
import { Answered } from '../../parts/state-block/state-block.tsx';
import { Time } from '../../parts/time/time.tsx';
import { adviceQuery } from '../../server/queries/connectors.ts';
import { count, counted } from '../../words/count.ts';
import { limitWords } from '../../words/limits.ts';
import { LimitHistory } from './history.tsx';

/** The limits in force, what they held, and what would fit the last syncs. */
export function Limits() {
  const { name = '' }: { name?: string } = useParams({ strict: false });
  const advice = useQuery(adviceQuery(name));
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
          {({ current, suggestion, days, syncs }) => (
            <div className="stack">
              <Card title="In force">
                <Facts>
                  {Object.entries(current.limits).map(([limit, value]) => (
                    <Fact key={limit} term={limitWords(limit)}>
                      {count(value)}
                      {limit.includes('Percentage') ? ' %' : ''}
                    </Fact>
                  ))}
                </Facts>
              </Card>
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
              <Card
                title="Advice"
                actions={suggestion && <CopyButton label="Copy the fragment of the file" text={suggestion.file} />}
              >
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
