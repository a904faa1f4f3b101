import { useQuery } from '@tanstack/react-query';
import { useParams, useSearch } from '@tanstack/react-router';
import { PreviewRecord } from '../../dialogs/preview-record.tsx';
import { PageHead } from '../../parts/page-head/page-head.tsx';
import { typesQuery } from '../../server/queries/resources.ts';

/** One record through the mapping of the file that is in use. */
export function Preview() {
  const { name = '' }: { name?: string } = useParams({ strict: false });
  const { type, key }: { type?: string; key?: string } = useSearch({ strict: false });
  const types = useQuery(typesQuery);
  const own = (types.data?.items ?? []).filter(({ connector, retired }) => connector === name && !retired);
  return (
    <>
      <PageHead
        title={`Preview of ${name}`}
        tab={`${name} · preview`}
        path={[
          { to: '/connectors', name: 'Connectors' },
          { to: `/connectors/${name}`, name },
        ]}
      >
        <p className="dim">Writes nothing. The row is taken from the newest export.</p>
      </PageHead>
      <PreviewRecord name={name} types={own} type={type} recordKey={key} />
    </>
  );
}
