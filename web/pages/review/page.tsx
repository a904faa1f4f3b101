import { useQuery } from '@tanstack/react-query';
import { useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { Gone } from '../../parts/gone/gone.tsx';
import { PageHead } from '../../parts/page-head/page-head.tsx';
import { Empty, Loading, Problem } from '../../parts/state-block/state-block.tsx';
import { ButtonLink } from '../../parts/button-link/button-link.tsx';
import type { ProblemError } from '../../server/problem.ts';
import { queryClient } from '../../server/query-client.ts';
import { summaryQuery, syncQuery } from '../../server/queries/syncs.ts';
import { ReviewBody } from './review-body.tsx';

/** The held review: understand, decide. Resume exists here only. */
export function Review() {
  const { id = '' }: { id?: string } = useParams({ strict: false });
  const { draft }: { draft?: string } = useSearch({ strict: false });
  const sync = useQuery(syncQuery(id));
  const summary = useQuery(summaryQuery(id, draft));
  // the digest that this page has rendered: a decision is about it and nothing else, whatever is answered later
  const [pinned, setPinned] = useState<string>();
  if (pinned === undefined && summary.data !== undefined) setPinned(summary.data.digest);
  const path = [{ to: '/syncs', name: 'Job Results' }];
  if (sync.data === undefined || summary.data === undefined || pinned === undefined) {
    const error = (sync.error ?? summary.error) as ProblemError | null;
    return (
      <>
        <PageHead title={titleOf(error)} tab="Review" path={path} />
        {sync.data?.changesRemovedAt != null ? (
          <>
            <Gone what="changes" at={sync.data.changesRemovedAt} />
            <ButtonLink to={`/syncs/${id}`}>Open the sync</ButtonLink>
          </>
        ) : error?.code === 'no-change-set' || error?.code === 'changes-removed' ? (
          <Empty icon="syncs" title={error.message}>
            <ButtonLink to={`/syncs/${id}`}>Open the sync</ButtonLink>
          </Empty>
        ) : (
          <>
            {error ? (
              <Problem
                error={error}
                retry={() => {
                  void sync.refetch();
                  void summary.refetch();
                }}
              />
            ) : (
              <Loading rows={10} />
            )}
          </>
        )}
      </>
    );
  }
  return (
    <ReviewBody
      key={`${id} ${pinned} ${draft ?? ''}`}
      sync={sync.data}
      summary={summary.data}
      pinned={pinned}
      draftId={draft}
      again={() => {
        setPinned(undefined);
        void queryClient.resetQueries({ queryKey: ['summary', id] });
      }}
    />
  );
}

function titleOf(error: ProblemError | null): string {
  if (error === null) return 'Review';
  return error.status === 404 ? 'There is no such sync' : 'The review cannot be shown';
}
