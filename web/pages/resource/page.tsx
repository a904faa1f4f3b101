import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { SyncItemDialog } from '../../dialogs/sync-item-dialog.tsx';
import { Card, Fact, Facts } from '../../parts/card/card.tsx';
import { ConfirmDialog } from '../../parts/confirm/confirm-dialog.tsx';
import { PageHead } from '../../parts/page-head/page-head.tsx';
import { Loading, Problem } from '../../parts/state-block/state-block.tsx';
import { Time } from '../../parts/time/time.tsx';
import { Value } from '../../parts/value/value.tsx';
import { setManaged } from '../../server/actions.ts';
import type { ProblemError } from '../../server/problem.ts';
import { resourceQuery, typeQuery } from '../../server/queries/resources.ts';
import { keyFromParam, keyWords } from '../../words/key.ts';
import { GraphCard } from './graph-card.tsx';
import { History } from './history.tsx';
import { LinkList } from './link-list.tsx';

/** One resource: what is stored of it, its links both ways, and what has happened to it. */
export function ResourcePage() {
  const { type = '', key: param = '' }: { type?: string; key?: string } = useParams({ strict: false });
  const key = keyFromParam(param);
  const about = useQuery(typeQuery(type));
  const resource = useQuery(resourceQuery(type, key));
  const [dialog, setDialog] = useState<'sync' | 'managed'>();
  const path = [
    { to: '/types', name: 'Resources' },
    { to: `/types/${type}`, name: about.data?.displayName ?? type },
  ];
  if (!resource.data)
    return (
      <>
        <PageHead
          title={(resource.error as ProblemError | null)?.status === 404 ? 'There is no such resource' : 'Resource'}
          tab={type}
          path={path}
        />
        {resource.error ? (
          <Problem error={resource.error} retry={() => void resource.refetch()} />
        ) : (
          <Loading rows={8} />
        )}
      </>
    );
  const { data } = resource;
  const close = () => {
    setDialog(undefined);
  };
  const byHand = about.data?.managedBy === 'hand';
  return (
    <>
      <PageHead
        title={<Value value={data.label} />}
        tab={type}
        path={path}
        actions={
          <>
            {byHand && (
              <Button
                variant="default"
                onClick={() => {
                  setDialog('managed');
                }}
              >
                {data.managed ? 'Stop managing' : 'Manage'}
              </Button>
            )}
            <Button
              onClick={() => {
                setDialog('sync');
              }}
            >
              Sync item
            </Button>
          </>
        }
      />
      <div className="stack">
        <Card title="Attributes">
          <Facts>
            {Object.entries(data.attributes).map(([name, value]) => (
              <Fact key={name} term={name}>
                <Value value={value} />
              </Fact>
            ))}
          </Facts>
        </Card>
        {Object.entries(data.links).map(([navigation, links]) => (
          <LinkList key={navigation} title={navigation} of={{ type, key, navigation }} links={links} />
        ))}
        {Object.entries(data.referencedBy).map(([from, links]) => (
          <LinkList key={from} title={`Referenced by ${from}`} of={{ type, key, from }} links={links} />
        ))}
        <GraphCard type={type} of={key} label={data.label} />
        <Card title="Sync">
          <Facts>
            <Fact term="Key">
              <Value value={keyWords(data.key)} />
            </Fact>
            {data.managed !== null && <Fact term="Managed">{data.managed ? 'yes' : 'no'}</Fact>}
            <Fact term="Last sync">
              {data.lastSync ? (
                <Link to={`/syncs/${data.lastSync.syncId}`}>
                  <Time at={data.lastSync.at} />
                </Link>
              ) : (
                'none'
              )}
            </Fact>
            <Fact term="Next sync">{data.nextSync ? <Time at={data.nextSync.at} /> : 'none planned'}</Fact>
            <Fact term="Open errors">
              <Link to="/errors" search={{ entityType: type, key: JSON.stringify(key) }}>
                Look
              </Link>
            </Fact>
          </Facts>
        </Card>
        <History type={type} of={key} />
      </div>
      {dialog === 'sync' && <SyncItemDialog type={type} of={key} onClose={close} />}
      {dialog === 'managed' && (
        <ConfirmDialog
          title={data.managed ? 'Stop managing' : 'Manage'}
          verb={data.managed ? 'Stop managing' : 'Manage'}
          onClose={close}
          act={() => setManaged(type, key, !data.managed)}
        >
          <p>
            {data.managed
              ? 'Syncs of managed resources leave it out. It stays stored.'
              : 'Syncs of managed resources take it, too.'}
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}
