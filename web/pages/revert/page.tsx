import { Button, Checkbox, Radio, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { ChangeCounts } from '../../parts/sync-rows/change-counts.tsx';
import { Card, Fact, Facts } from '../../parts/card/card.tsx';
import { PageHead } from '../../parts/page-head/page-head.tsx';
import { Answered, Problem } from '../../parts/state-block/state-block.tsx';
import { Time } from '../../parts/time/time.tsx';
import { revertSync } from '../../server/actions.ts';
import { syncQuery } from '../../server/queries/syncs.ts';
import type { Sync } from '../../server/types.ts';
import { mayNotWords } from '../../words/codes.ts';

type Then = 'hold' | 'refuse' | 'nothing';

/** Undoes what a sync has applied, as a sync of its own under the same thresholds. */
export function Revert() {
  const { id = '' }: { id?: string } = useParams({ strict: false });
  const sync = useQuery(syncQuery(id));
  return (
    <>
      <PageHead
        title={sync.data ? `Revert the sync of ${sync.data.connector}` : 'Revert'}
        tab="Revert"
        path={[
          { to: '/syncs', name: 'Job Results' },
          { to: `/syncs/${id}`, name: 'Sync' },
        ]}
      />
      <Answered query={sync} rows={6}>
        {(data) => <Form sync={data} />}
      </Answered>
    </>
  );
}

function Form({ sync }: { sync: Sync }) {
  const navigate = useNavigate();
  const [key, setKey] = useState(() => crypto.randomUUID());
  const [reason, setReason] = useState('');
  const [then, setThen] = useState<Then>('hold');
  const [dryRun, setDryRun] = useState(true);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error>();
  const may = sync.may.revert;
  const start = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const started = await revertSync(sync.id, { reason: reason.trim(), then, dryRun }, key);
      void navigate({ to: `/syncs/${started.id}` });
    } catch (thrown) {
      setError(thrown as Error);
      setKey(crypto.randomUUID());
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="stack">
      <Card title="What was applied">
        <Facts>
          <Fact term="Changes">
            <ChangeCounts counters={sync.appliedCounters ?? {}} />
          </Fact>
          <Fact term="Ended">{sync.endedAt ? <Time at={sync.endedAt} /> : 'not yet'}</Fact>
        </Facts>
      </Card>
      <Card title="What comes back">
        <p>
          What this sync changed and nobody has changed since gets the value it had; what it deleted comes back with its
          links; what it added goes, if nothing links to it. The rest stays, and is listed with the reason. A dry run
          shows all of it first.
        </p>
      </Card>
      <Card title="Start">
        {may !== true ? (
          <p>{mayNotWords[may] ?? may}</p>
        ) : (
          <form
            className="stack"
            onSubmit={(event) => {
              event.preventDefault();
              if (reason.trim() !== '' && !busy) void start();
            }}
          >
            {error && <Problem error={error} />}
            <Radio.Group
              label="While the source still says what is undone"
              value={then}
              onChange={(chosen) => {
                setThen(chosen);
              }}
            >
              <div className="stack">
                <Radio value="hold" label="Hold every sync that would make it again" />
                <Radio value="refuse" label="Refuse these changes" />
                <Radio value="nothing" label="Nothing: the next sync makes it again" />
              </div>
            </Radio.Group>
            <Textarea
              label="Reason"
              rows={2}
              maxLength={2000}
              value={reason}
              onChange={(event) => {
                setReason(event.currentTarget.value);
              }}
            />
            <Checkbox
              label="Dry run: only show what would come back"
              checked={dryRun}
              onChange={(event) => {
                setDryRun(event.currentTarget.checked);
              }}
            />
            <div>
              <Button type="submit" disabled={reason.trim() === ''} loading={busy}>
                {dryRun ? 'Start the dry run' : 'Start the revert'}
              </Button>
            </div>
          </form>
        )}
      </Card>
    </div>
  );
}
