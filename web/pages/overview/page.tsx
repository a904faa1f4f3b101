import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { attentionOf } from '../../model/attention.ts';
import { Card } from '../../parts/card/card.tsx';
import { PageHead } from '../../parts/page-head/page-head.tsx';
import { Answered, Empty } from '../../parts/state-block/state-block.tsx';
import { ButtonLink } from '../../parts/button-link/button-link.tsx';
import { jobsQuery } from '../../server/queries/jobs.ts';
import { statusQuery } from '../../server/queries/status.ts';
import { AttentionList } from './attention-list.tsx';
import { ConnectorLines } from './connector-lines.tsx';
import styles from './overview.module.css';
import { SeveralDialog } from './several-dialog.tsx';

export function Overview() {
  const status = useQuery(statusQuery);
  const jobs = useQuery(jobsQuery);
  const [asked, setAsked] = useState<'inventory' | 'users'>();
  const some = (status.data?.length ?? 0) > 0;
  return (
    <>
      <PageHead
        title="Overview"
        tab="Overview"
        actions={
          some && (
            <>
              <Button
                variant="default"
                onClick={() => {
                  setAsked('users');
                }}
              >
                Sync Users
              </Button>
              <Button
                onClick={() => {
                  setAsked('inventory');
                }}
              >
                Sync Inventory
              </Button>
            </>
          )
        }
      />
      <div className={styles.page}>
        <Answered query={status} rows={6}>
          {(items) =>
            items.length === 0 ? (
              <Card>
                <Empty icon="connectors" title="No system is connected yet">
                  <p>A connector reads people and groups from a system, and shows every change before it is applied.</p>
                  <p className={styles.first}>
                    <ButtonLink to="/new" filled>
                      Connect a system
                    </ButtonLink>
                  </p>
                </Empty>
              </Card>
            ) : (
              <>
                <AttentionList items={attentionOf(items, jobs.data?.items)} />
                <section aria-labelledby="connectors">
                  <h2 id="connectors" className={styles.heading}>
                    Connectors
                  </h2>
                  <ConnectorLines items={items} />
                </section>
              </>
            )
          }
        </Answered>
      </div>
      {asked && (
        <SeveralDialog
          which={asked}
          connectors={status.data ?? []}
          onClose={() => {
            setAsked(undefined);
          }}
        />
      )}
    </>
  );
}
