import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { limitSeries } from '../../model/limit-history.ts';
import { Card, Fact, Facts } from '../../parts/card/card.tsx';
import { LimitCharts } from '../../parts/limit-chart/limit-chart.tsx';
import { Answered } from '../../parts/state-block/state-block.tsx';
import { adviceQuery } from '../../server/queries/connectors.ts';
import { limitHistoryQuery } from '../../server/queries/syncs.ts';
import { count } from '../../words/count.ts';

const operations = ['Inserted', 'Updated', 'Deleted'] as const;

/** The limits in force as numbers, and what the last syncs counted against them, in little room. */
export function LimitSummary({ name }: { name: string }) {
  const history = useQuery(limitHistoryQuery(name));
  const advice = useQuery(adviceQuery(name));
  return (
    <Card title="Counts against limits" actions={<Link to={`/connectors/${name}/limits`}>Limits, and the table</Link>}>
      <div className="stack">
        {advice.data && (
          <Facts>
            {(['', 'Link'] as const).flatMap((link) =>
              operations.map((operation) => {
                const { limits } = advice.data.current;
                return (
                  <Fact key={link + operation} term={`${operation} ${link === '' ? 'lines' : 'links'}, at most`}>
                    {count(limits[`maximum${link}${operation}Lines`])} or{' '}
                    {count(limits[`max${link}Percentage${operation}Lines`])} %
                  </Fact>
                );
              }),
            )}
          </Facts>
        )}
        <Answered query={history} rows={2}>
          {(rows) =>
            rows.length === 0 ? (
              <p className="dim">No sync of the whole connector has been judged yet.</p>
            ) : (
              <LimitCharts series={limitSeries(rows)} small />
            )
          }
        </Answered>
      </div>
    </Card>
  );
}
