import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Empty } from '../parts/state-block/state-block.tsx';
import { PageHead } from '../parts/page-head/page-head.tsx';

export function NoPage() {
  return (
    <>
      <PageHead title="There is no such page" tab="No such page" />
      <Empty icon="search" title="Nothing has this address">
        It may be misspelt, or of another version. <Link to="/">The overview</Link> shows what there is.
      </Empty>
    </>
  );
}

/** A fault of the console itself. What the API has is untouched. */
export function PageFailed({ error, reset }: { error: unknown; reset: () => void }) {
  return (
    <>
      <PageHead title="This page cannot be shown" tab="Failed" />
      <Empty icon="failed" title="The console made a mistake; nothing was changed by it">
        <p>{error instanceof Error ? error.message : ''}</p>
        <Button variant="default" mt="sm" onClick={reset}>
          Try again
        </Button>
      </Empty>
    </>
  );
}
