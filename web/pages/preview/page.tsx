import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { Card, Fact, Facts } from '../../parts/card/card.tsx';
import { Pick } from '../../parts/filter-chips/filter-chips.tsx';
import { PageHead } from '../../parts/page-head/page-head.tsx';
import { Problem } from '../../parts/state-block/state-block.tsx';
import { Value } from '../../parts/value/value.tsx';
import { previewRecord } from '../../server/file-actions.ts';
import { typesQuery } from '../../server/queries/resources.ts';

type Answer = Awaited<ReturnType<typeof previewRecord>>;

/** One record through the mapping: its cells, what the expressions make of them, and what would change. */
export function Preview() {
  const { name = '' }: { name?: string } = useParams({ strict: false });
  const search: { type?: string; key?: string } = useSearch({ strict: false });
  const types = useQuery(typesQuery);
  const own = (types.data?.items ?? []).filter(({ connector, retired }) => connector === name && !retired);
  const [type, setType] = useState(search.type);
  const [key, setKey] = useState(search.key ?? '');
  const [answer, setAnswer] = useState<Answer>();
  const [error, setError] = useState<Error>();
  const chosen = type ?? own[0]?.name;
  const look = () => {
    setError(undefined);
    previewRecord(name, { entityType: chosen ?? '', key: key.split(',').map((part) => part.trim()) }).then(
      setAnswer,
      (thrown: unknown) => {
        setAnswer(undefined);
        setError(thrown as Error);
      },
    );
  };
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
              options={own.map((each) => ({ value: each.name, label: each.displayName }))}
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
    </>
  );
}
