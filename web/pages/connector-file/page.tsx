import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { stringify } from 'yaml';
import type { LineFault } from '../../editor/yaml-editor.tsx';
import { ordered } from '../../model/file-order.ts';
import { Card } from '../../parts/card/card.tsx';
import { FileFindings } from '../../parts/file-findings/file-findings.tsx';
import { PageHead } from '../../parts/page-head/page-head.tsx';
import { Loading, Problem } from '../../parts/state-block/state-block.tsx';
import { Time } from '../../parts/time/time.tsx';
import { fileSchemaQuery, saveFile, validateFile } from '../../server/file-actions.ts';
import { connectorQuery, revisionsQuery } from '../../server/queries/connectors.ts';
import type { ProblemError } from '../../server/problem.ts';
import styles from './connector-file.module.css';
import { SaveDialog } from './save-dialog.tsx';

const YamlEditor = lazy(async () => ({ default: (await import('../../editor/yaml-editor.tsx')).YamlEditor }));

type Validation = Awaited<ReturnType<typeof validateFile>>;

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
        <FileEditor
          key={`${connector.data.fileRevision} ${against ?? ''}`}
          name={name}
          text={toYaml(connector.data.file)}
          against={
            against === undefined || !other.data ? undefined : { revision: against, text: toYaml(other.data.file) }
          }
          newest={connector.data.revision}
          shown={connector.data.fileRevision}
          used={connector.data.activeRevision}
        />
      ) : connector.error ? (
        <Problem error={connector.error} retry={() => void connector.refetch()} />
      ) : (
        <Loading rows={12} />
      )}
    </>
  );
}

const toYaml = (file: unknown) => stringify(ordered(file), { lineWidth: 120 });

interface FileProps {
  name: string;
  text: string;
  newest: number;
  shown: number;
  used: number | null;
  against: { revision: number; text: string } | undefined;
}

function FileEditor({ name, text: first, newest, shown, used, against }: FileProps) {
  const schema = useQuery(fileSchemaQuery);
  const revisions = useQuery(revisionsQuery(name));
  const [text, setText] = useState(first);
  const [checked, setChecked] = useState<Validation & { faults: LineFault[]; of: string }>();
  const [error, setError] = useState<Error>();
  const [saving, setSaving] = useState<'keep' | 'use'>();
  const [saved, setSaved] = useState<number>();
  const validate = async () => {
    setError(undefined);
    try {
      const { linesOf } = await import('../../editor/yaml-editor.tsx');
      const answer = await validateFile(text);
      setChecked({ ...answer, faults: linesOf(text, answer.errors), of: text });
      return answer.valid;
    } catch (thrown) {
      setError(thrown as Error);
      return false;
    }
  };
  return (
    <div className={styles.layout}>
      <div className="stack">
        {error && <Problem error={error} />}
        {schema.data ? (
          <Suspense fallback={<Loading rows={12} />}>
            <YamlEditor
              label="Connector file"
              text={first}
              faults={checked?.of === text ? checked.faults : noFaults}
              schema={schema.data}
              against={against?.text}
              onChange={setText}
            />
          </Suspense>
        ) : schema.error ? (
          <Problem error={schema.error} retry={() => void schema.refetch()} />
        ) : (
          <Loading rows={12} />
        )}
        <div className="row">
          <Button variant="default" onClick={() => void validate()}>
            Validate
          </Button>
          <Button
            variant="default"
            disabled={text === first}
            onClick={() => {
              void validate().then((valid) => {
                if (valid) setSaving('keep');
              });
            }}
          >
            Save as newest
          </Button>
          <Button
            disabled={text === first && shown === used}
            onClick={() => {
              void validate().then((valid) => {
                if (valid) setSaving('use');
              });
            }}
          >
            Save and use
          </Button>
        </div>
        <div role="status">
          {checked && (
            <Card
              title={checked.valid ? 'The file is valid' : 'The file cannot be used'}
              tone={checked.valid ? undefined : 'danger'}
            >
              <FileFindings {...checked} />
            </Card>
          )}
          {saved !== undefined && <p>Revision {saved} is saved.</p>}
        </div>
      </div>
      <Card title="Revisions">
        <ul className={styles.revisions}>
          {(revisions.data?.items ?? []).map((each) => (
            <li key={each.revision}>
              <Link to={`/connectors/${name}/file`} search={{ revision: each.revision }}>
                Revision {each.revision}
              </Link>
              {each.revision === used && ' – in use'}
              {each.revision === shown && ' – shown'}
              {each.revision !== shown && (
                <>
                  {' '}
                  <Link to={`/connectors/${name}/file`} search={{ revision: shown, against: each.revision }}>
                    what differs
                  </Link>
                </>
              )}
              <div className="dim small">
                <Time at={each.createdAt} />, {each.createdBy.replace(/^user:/, '')}
              </div>
            </li>
          ))}
        </ul>
      </Card>
      {saving && checked && (
        <SaveDialog
          name={name}
          use={saving === 'use'}
          retires={checked.retires}
          onClose={() => {
            setSaving(undefined);
          }}
          save={async () => {
            try {
              const answer = await saveFile(name, text, saving === 'use', newest);
              setSaved(answer.revision);
            } catch (thrown) {
              if ((thrown as ProblemError).status !== 412) throw thrown;
              throw new Error(
                'Somebody has saved another revision meanwhile: open it from the list, and make your change there.',
                {
                  cause: thrown,
                },
              );
            }
          }}
        />
      )}
    </div>
  );
}

const noFaults: LineFault[] = [];
