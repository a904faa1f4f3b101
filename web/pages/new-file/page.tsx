import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { Card } from '../../parts/card/card.tsx';
import { ConfirmDialog } from '../../parts/confirm/confirm-dialog.tsx';
import { StayWithText } from '../../parts/confirm/stay-with-text.tsx';
import { FileFindings } from '../../parts/file-findings/file-findings.tsx';
import { PageHead } from '../../parts/page-head/page-head.tsx';
import { Loading, Problem } from '../../parts/state-block/state-block.tsx';
import { createFromFile, fileSchemaQuery } from '../../server/file-actions.ts';
import { connectorsQuery } from '../../server/queries/connectors.ts';
import { PickFile } from './pick-file.tsx';
import { useCheckedFile } from './use-checked-file.ts';
import { WhatItHas } from './what-it-has.tsx';

const YamlEditor = lazy(async () => ({ default: (await import('../../editor/yaml-editor.tsx')).YamlEditor }));

/** A connector from a file that somebody has: it is checked, shown, and created. Nothing is stored before. */
export function NewFromFile() {
  const navigate = useNavigate();
  const schema = useQuery(fileSchemaQuery);
  const connectors = useQuery(connectorsQuery);
  const { file, text, checked, error, open, edit, check, fail } = useCheckedFile();
  const [creating, setCreating] = useState(false);
  const [created, setCreated] = useState<string>();
  // once the page knows that nothing is unsaved any more
  useEffect(() => {
    if (created !== undefined) void navigate({ to: `/connectors/${created}` });
  }, [created, navigate]);
  const fresh = checked?.of === text ? checked : undefined;
  const parts = fresh?.parts;
  const taken = parts !== undefined && (connectors.data ?? []).some(({ name }) => name === parts.name);
  return (
    <>
      <PageHead
        title="New connector from a file"
        tab="New from file"
        path={[{ to: '/connectors', name: 'Connectors' }]}
      />
      <StayWithText unsaved={file !== undefined && text !== file.text && created === undefined} />
      <div className="stack">
        <Card>
          <div className="stack">
            <PickFile onText={open} onFault={fail} />
            <p className="dim">
              No file yet? <Link to="/new">Connect a system</Link> makes a first one from its tables.
            </p>
          </div>
        </Card>
        {error && <Problem error={error} />}
        {file !== undefined && (
          <>
            <Suspense fallback={<Loading rows={12} />}>
              {schema.data ? (
                <YamlEditor
                  key={file.opened}
                  label="Connector file"
                  text={file.text}
                  faults={fresh?.faults ?? noFaults}
                  schema={schema.data}
                  onChange={edit}
                />
              ) : (
                <Loading rows={12} />
              )}
            </Suspense>
            <div role="status" className="stack">
              {checked && (
                <Card
                  title={checked.valid ? 'The file is valid' : 'The file cannot be used'}
                  tone={checked.valid ? undefined : 'danger'}
                >
                  {checked.of === text ? (
                    <FileFindings {...checked} />
                  ) : (
                    <p className="dim">It was changed since: validate it again.</p>
                  )}
                </Card>
              )}
              {parts && <WhatItHas parts={parts} taken={taken} />}
            </div>
            <div className="row">
              <Button variant="default" onClick={check}>
                Validate
              </Button>
              <Button
                disabled={!parts || taken}
                onClick={() => {
                  setCreating(true);
                }}
              >
                {parts && !taken ? `Create ${parts.name}` : 'Create'}
              </Button>
            </div>
          </>
        )}
      </div>
      {creating && parts && (
        <ConfirmDialog
          title={`Create the connector ${parts.name}`}
          verb="Create"
          onClose={() => {
            setCreating(false);
          }}
          act={() => createFromFile(parts.name, text)}
          done={() => {
            setCreated(parts.name);
          }}
        >
          <p>Its file is saved and can be synchronised. Nothing is read yet.</p>
          <p>What the first sync adds is held for a review if it exceeds the limits of the file.</p>
        </ConfirmDialog>
      )}
    </>
  );
}

const noFaults: never[] = [];
