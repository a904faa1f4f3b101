import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import type { LineFault } from '../../editor/yaml-editor.tsx';
import { Card } from '../../parts/card/card.tsx';
import { StayWithText } from '../../parts/confirm/stay-with-text.tsx';
import { FileFindings } from '../../parts/file-findings/file-findings.tsx';
import { Loading, Problem } from '../../parts/state-block/state-block.tsx';
import { fileSchemaQuery, newestFile, saveFile, validateFile } from '../../server/file-actions.ts';
import type { ProblemError } from '../../server/problem.ts';
import type { ConnectorWithFile } from '../../server/types.ts';
import styles from './connector-file.module.css';
import { Meanwhile } from './meanwhile.tsx';
import { PreviewDialog } from './preview-dialog.tsx';
import { Revisions } from './revisions.tsx';
import { SaveDialog } from './save-dialog.tsx';
import type { YamlText } from './yaml-text.ts';

const YamlEditor = lazy(async () => ({ default: (await import('../../editor/yaml-editor.tsx')).YamlEditor }));

type Validation = Awaited<ReturnType<typeof validateFile>>;

interface FileProps {
  name: string;
  connector: ConnectorWithFile;
  /** The file of another revision, beside which this one is shown. */
  against: unknown;
  yaml: YamlText;
}

/** What the editor begins with. Another number is another editor. */
interface Begin {
  number: number;
  text: string;
  against: string | undefined;
  /** Whether lines of the other text can be taken. */
  merges: boolean;
}

export function FileEditor({ name, connector, against, yaml }: FileProps) {
  const schema = useQuery(fileSchemaQuery);
  /** What is edited: the newest revision of that time, which alone is overwritten. */
  const [base, setBase] = useState(() => ({
    newest: connector.revision,
    shown: connector.fileRevision,
    text: yaml.of(connector.file),
  }));
  const [begin, setBegin] = useState<Begin>({
    number: 0,
    text: base.text,
    against: against === undefined ? undefined : yaml.of(against),
    merges: false,
  });
  const [text, setText] = useState(base.text);
  const [checked, setChecked] = useState<Validation & { faults: LineFault[]; of: string }>();
  const [error, setError] = useState<Error>();
  const [saving, setSaving] = useState<'keep' | 'use'>();
  const [previewed, setPreviewed] = useState<unknown>();
  const [saved, setSaved] = useState<number>();
  const beginWith = (next: Omit<Begin, 'number'>) => {
    setBegin(({ number }) => ({ number: number + 1, ...next }));
    setText(next.text);
  };
  const unchanged = text === base.text;

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
  const toStored = async (mine: string | undefined) => {
    setError(undefined);
    try {
      const stored = await newestFile(name);
      const its = yaml.of(stored.file);
      setBase({ newest: stored.revision, shown: stored.revision, text: its });
      beginWith(
        mine === undefined
          ? { text: its, against: undefined, merges: false }
          : { text: mine, against: its, merges: true },
      );
      setSaved(undefined);
    } catch (thrown) {
      setError(thrown as Error);
    }
  };
  const save = async () => {
    try {
      const { revision } = await saveFile(name, text, saving === 'use', base.newest);
      setSaved(revision);
      setBase({ newest: revision, shown: revision, text });
      if (begin.merges) beginWith({ text, against: undefined, merges: false });
    } catch (thrown) {
      if ((thrown as ProblemError).status !== 412) throw thrown;
      await toStored(text);
    }
  };
  const check = (then: 'keep' | 'use') => {
    void validate().then((valid) => {
      if (valid) setSaving(then);
    });
  };

  // what this page itself saves comes back to it, too
  const ahead = saving === undefined && connector.revision > base.newest;
  return (
    <div className={styles.layout}>
      <StayWithText unsaved={!unchanged} />
      <div className="stack">
        {(ahead || begin.merges) && (
          <Meanwhile
            name={name}
            revision={ahead ? connector.revision : base.newest}
            shown={begin.merges && !ahead}
            show={() => void toStored(text)}
            beginAgain={() => void toStored(undefined)}
          />
        )}
        {error && <Problem error={error} />}
        {schema.data ? (
          <Suspense fallback={<Loading rows={12} />}>
            <YamlEditor
              key={begin.number}
              label="Connector file"
              text={begin.text}
              faults={checked?.of === text ? checked.faults : noFaults}
              schema={schema.data}
              against={begin.against}
              merges={begin.merges}
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
            onClick={() => {
              void validate().then((valid) => {
                if (valid) setPreviewed(yaml.read(text));
              });
            }}
          >
            Preview
          </Button>
          <Button
            variant="default"
            disabled={unchanged}
            onClick={() => {
              check('keep');
            }}
          >
            Save as newest
          </Button>
          <Button
            disabled={unchanged && base.shown === connector.activeRevision}
            onClick={() => {
              check('use');
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
      <Revisions name={name} used={connector.activeRevision} shown={base.shown} />
      {previewed !== undefined && (
        <PreviewDialog
          name={name}
          file={previewed}
          onClose={() => {
            setPreviewed(undefined);
          }}
        />
      )}
      {saving && checked && (
        <SaveDialog
          name={name}
          use={saving === 'use'}
          retires={checked.retires}
          onClose={() => {
            setSaving(undefined);
          }}
          save={save}
        />
      )}
    </div>
  );
}

const noFaults: LineFault[] = [];
