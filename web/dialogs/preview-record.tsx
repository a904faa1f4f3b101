import { Button, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { Card, Fact, Facts } from '../parts/card/card.tsx';
import { Pick } from '../parts/filter-chips/filter-chips.tsx';
import { Problem } from '../parts/state-block/state-block.tsx';
import { Value } from '../parts/value/value.tsx';
import { previewRecord } from '../server/file-actions.ts';
import { keyFromParam } from '../words/key.ts';

type Answer = Awaited<ReturnType<typeof previewRecord>>;

interface PreviewRecordProps {
  name: string;
  types: readonly { name: string; displayName: string }[];
  type?: string | undefined;
  recordKey?: string | undefined;
  /** A file that is not saved, in the place of the one that is in use. */
  file?: unknown;
}

/** One record through the mapping: its cells, what the expressions make of them, and what would change. */
export function PreviewRecord({ name, types, type: first, recordKey = '', file }: PreviewRecordProps) {
  const [type, setType] = useState(first);
  const [key, setKey] = useState(recordKey);
  const [answer, setAnswer] = useState<Answer>();
  const [error, setError] = useState<Error>();
  const chosen = type ?? types[0]?.name;
  const look = () => {
    setError(undefined);
    previewRecord(name, {
      entityType: chosen ?? '',
      key: keyFromParam(key).map((part) => part.trim()),
      ...(file === undefined ? {} : { connector: file }),
    }).then(setAnswer, (thrown: unknown) => {
      setAnswer(undefined);
      setError(thrown as Error);
    });
  };
  // a link names the record that somebody wants explained
  const named = useRef(first !== undefined && recordKey !== '');
  useEffect(() => {
    if (!named.current) return;
    named.current = false;
    look();
  });
  return (
    <div className="stack">
      <Card title="Record">
        <form
          className="row"
          onSubmit={(event) => {
            event.preventDefault();
            look();
          }}
        >
          <Pick
            label="Type"
            value={chosen}
            options={types.map((each) => ({ value: each.name, label: each.displayName }))}
            onPick={setType}
          />
          <TextInput
            aria-label="Key"
            placeholder="Key"
            value={key}
            onChange={(event) => {
              setKey(event.currentTarget.value);
            }}
          />
          <Button type="submit" disabled={key.trim() === '' || chosen === undefined}>
            Preview
          </Button>
        </form>
      </Card>
      {error && <Problem error={error} retry={look} />}
      {answer && (
        <>
          <Card title="Cells of the source">
            <Facts>
              {Object.entries(answer.cells).map(([cell, value]) => (
                <Fact key={cell} term={cell}>
                  <Value value={value} />
                </Fact>
              ))}
            </Facts>
          </Card>
          {answer.expressions.length > 0 && (
            <Card title="Expressions">
              <Facts>
                {answer.expressions.map(({ property, expression, value, error: wrong }) => (
                  <Fact key={property} term={property}>
                    <code>{expression}</code>
                    <div>{wrong === undefined ? <Value value={value} /> : wrong}</div>
                  </Fact>
                ))}
              </Facts>
            </Card>
          )}
          <Card title={answer.outcome === 'row' ? 'What it becomes' : `The row is ${answer.outcome}`}>
            {answer.errors.map(({ code, message, column }) => (
              <p key={`${code} ${String(column)}`}>
                <strong>{code}</strong> {message}
              </p>
            ))}
            {answer.resource && (
              <Facts>
                {Object.entries(answer.resource.attributes).map(([property, value]) => (
                  <Fact key={property} term={property}>
                    <Value value={value} />
                  </Fact>
                ))}
              </Facts>
            )}
            <p className="dim">
              {answer.changes.length === 0
                ? 'It is stored like this: nothing would change.'
                : answer.changes.map(({ operation }) => operation).join(', ')}
            </p>
          </Card>
        </>
      )}
    </div>
  );
}
