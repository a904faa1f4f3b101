import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { byCode } from '../../model/error-groups.ts';
import { chosen, type ErrorsSearch } from '../../model/search-schemas.ts';
import { Card } from '../../parts/card/card.tsx';
import { CsvLink } from '../../parts/csv-link/csv-link.tsx';
import { ErrorFilters } from '../../parts/error-rows/error-filters.tsx';
import { PageHead } from '../../parts/page-head/page-head.tsx';
import { Answered, Empty } from '../../parts/state-block/state-block.tsx';
import { connectorsQuery } from '../../server/queries/connectors.ts';
import { errorGroupsQuery, type OpenErrorFilter } from '../../server/queries/status.ts';
import { counted } from '../../words/count.ts';
import { CodeCard } from './code-card.tsx';

/** So few groups are open from the start. */
const few = 3;

/** What is wrong now, over all connectors: by code, then by property, then by object. */
export function OpenErrors() {
  const search: ErrorsSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const connectors = useQuery(connectorsQuery);
  const filter: OpenErrorFilter = chosen(search, ['connector', 'entityType', 'property', 'key', 'code', 'effect']);
  const csv = `/v1/sync-errors.csv?${new URLSearchParams(filter as Record<string, string>).toString()}`;
  const groups = useQuery(errorGroupsQuery(filter));
  const found = groups.data?.items ?? [];
  return (
    <>
      <PageHead title="Errors" tab="Errors" actions={<CsvLink to={csv} />}>
        {groups.data && groups.data.total > 0 && (
          <p className="dim">
            {counted(groups.data.total, 'open error')}
            {groups.data.notKept > 0 && `, and ${counted(groups.data.notKept, 'further one')} that are only counted`}.
            An error stays open until a sync clears it.
          </p>
        )}
      </PageHead>
      <div className="stack">
        <Card flush>
          <ErrorFilters
            filter={filter}
            picks={[
              { name: 'connector', label: 'Connector', options: (connectors.data ?? []).map(({ name }) => name) },
              { name: 'code', label: 'Code', options: [...new Set(found.map(({ code }) => code))] },
              {
                name: 'property',
                label: 'Property',
                options: [...new Set(found.flatMap(({ property }) => property ?? []))],
              },
            ]}
            onSet={(wanted) => void navigate({ to: '/errors', search: wanted })}
          />
          <Answered query={groups} rows={8}>
            {({ items }) =>
              items.length > 0 ? null : Object.keys(filter).length > 0 ? (
                <Empty icon="search" title="No open error fits these filters" />
              ) : (
                <Empty title="No error is open" />
              )
            }
          </Answered>
        </Card>
        {byCode(found).map((code) => (
          <CodeCard key={code.code} code={code} filter={filter} open={found.length <= few} />
        ))}
      </div>
    </>
  );
}
