import { useQuery } from '@tanstack/react-query';
import { useParams, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, type ComponentProps } from 'react';
import { PageHead } from '../../parts/page-head/page-head.tsx';
import { Loading, Problem } from '../../parts/state-block/state-block.tsx';
import { connectorQuery } from '../../server/queries/connectors.ts';

const FileEditor = lazy(async () => {
  const [{ FileEditor: Editor }, { yamlText }] = await Promise.all([
    import('./file-editor.tsx'),
    import('./yaml-text.ts'),
  ]);
  return { default: (props: Omit<ComponentProps<typeof Editor>, 'yaml'>) => <Editor {...props} yaml={yamlText} /> };
});

/** The file of a connector: edited, checked by the API, and saved as a revision. */
export function ConnectorFile() {
  const { name = '' }: { name?: string } = useParams({ strict: false });
  const { revision, against }: { revision?: number; against?: number } = useSearch({ strict: false });
  const connector = useQuery({ ...connectorQuery(name, revision), refetchOnWindowFocus: false, staleTime: Infinity });
  const other = useQuery({ ...connectorQuery(name, against), enabled: against !== undefined, staleTime: Infinity });
  const path = [
    { to: '/connectors', name: 'Connectors' },
    { to: `/connectors/${name}`, name },
  ];
  return (
    <>
      <PageHead title={`File of ${name}`} tab={`${name} · file`} path={path} />
      {connector.data && (against === undefined || other.data) ? (
        <Suspense fallback={<Loading rows={12} />}>
          <FileEditor
            // not by the revision that the API has: that of somebody else must not take what is typed away
            key={`${name} ${revision ?? ''} ${against ?? ''}`}
            name={name}
            connector={connector.data}
            against={against === undefined ? undefined : other.data?.file}
          />
        </Suspense>
      ) : connector.error ? (
        <Problem error={connector.error} retry={() => void connector.refetch()} />
      ) : (
        <Loading rows={12} />
      )}
    </>
  );
}
