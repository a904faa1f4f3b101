import { Button, Textarea } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Card } from '../../parts/card/card.tsx';
import { Problem } from '../../parts/state-block/state-block.tsx';
import { createDraft } from '../../server/actions.ts';
import type { Summary, Sync } from '../../server/types.ts';
import { count } from '../../words/count.ts';
import styles from './review.module.css';

type Choice = 'apply' | 'refuse' | 'defer';
const words: Record<Choice, string> = { apply: 'Apply', refuse: 'Refuse', defer: 'Defer' };

/** Groups of changes that are applied, refused with memory, or left for the next sync. Nothing happens until the draft is resumed. */
export function InPart({ sync, summary, digest }: { sync: Sync; summary: Summary; digest: string }) {
  const navigate = useNavigate();
  const [key, setKey] = useState(() => crypto.randomUUID());
  const [choices, setChoices] = useState<Record<string, Choice>>({});
  const [note, setNote] = useState('');
  const [error, setError] = useState<Error>();
  const [busy, setBusy] = useState(false);
  const groups = summary.groups.filter(
    ({ transition, property, operation, kind }) =>
      transition === null && (property === null || operation === 'update' || kind === 'link'),
  );
  // the whole of a type first: a rule for one of its properties is more exact, and a later rule wins
  const chosen = groups
    .filter(({ id }) => choices[id] !== undefined)
    .sort((a, b) => Number(a.property !== null) - Number(b.property !== null));
  const make = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const draft = await createDraft(
        sync.id,
        {
          digest,
          rules: chosen.map(({ id }) => ({ decision: choices[id] ?? 'defer', filter: { group: id } })),
          otherwise: 'apply',
          ...(note.trim() === '' ? {} : { note: note.trim() }),
        },
        key,
      );
      void navigate({ to: `/syncs/${sync.id}/review`, search: { draft: draft.draftId } });
      window.scrollTo({ top: 0 });
    } catch (thrown) {
      setError(thrown as Error);
      setKey(crypto.randomUUID());
    } finally {
      setBusy(false);
    }
  };
  return (
    <Card title="Decide in part">
      <p className="dim">
        Refused changes are remembered for 30 days and do not come again. Deferred ones come with the next sync. The
        rest is applied. The draft shows its consequences, and nothing happens until it is resumed.
      </p>
      {error && <Problem error={error} />}
      <ul className={styles.choices}>
        {groups.slice(0, 40).map(({ id, entityType, kind, operation, property, lines }) => {
          const name = `${entityType}${property === null ? '' : `.${property}`} ${kind === 'link' ? 'link ' : ''}${operation}s`;
          return (
            <li key={id} data-part={property !== null}>
              <label htmlFor={`choice-${id}`}>
                {name} <span className="dim">{count(lines)}</span>
              </label>
              <select
                id={`choice-${id}`}
                className={styles.select}
                value={choices[id] ?? ''}
                onChange={(event) => {
                  const { [id]: _before, ...others } = choices;
                  const value = event.currentTarget.value as Choice | '';
                  setChoices(value === '' ? others : { ...others, [id]: value });
                }}
              >
                <option value="">{property === null ? 'Apply' : 'As its type'}</option>
                {(Object.keys(words) as Choice[])
                  .filter((choice) => choice !== 'apply' || property !== null)
                  .map((choice) => (
                    <option key={choice} value={choice}>
                      {words[choice]}
                    </option>
                  ))}
              </select>
            </li>
          );
        })}
      </ul>
      <Textarea
        label="Note"
        rows={2}
        maxLength={2000}
        value={note}
        onChange={(event) => {
          setNote(event.currentTarget.value);
        }}
      />
      <p className={styles.buttons}>
        <Button variant="default" disabled={chosen.length === 0} loading={busy} onClick={() => void make()}>
          Show what this would do
        </Button>
      </p>
    </Card>
  );
}
