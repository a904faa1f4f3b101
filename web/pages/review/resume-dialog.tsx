import { Button, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Dialog } from '../../parts/dialog/dialog.tsx';
import { resumingWords } from '../../model/consequence.ts';
import { counterNames, countsWords, isTyped, typedFields, typedNumber } from '../../model/review-gate.ts';
import { Problem } from '../../parts/state-block/state-block.tsx';
import { resumeSync } from '../../server/actions.ts';
import { queryClient } from '../../server/query-client.ts';
import { syncQuery } from '../../server/queries/syncs.ts';
import type { ProblemError } from '../../server/problem.ts';
import type { Summary, Sync } from '../../server/types.ts';
import { count } from '../../words/count.ts';
import confirm from '../../parts/confirm/confirm-dialog.module.css';
import { draftDigest } from './draft-query.ts';
import styles from './review.module.css';

interface ResumeProps {
  sync: Sync;
  summary: Summary;
  digest: string;
  draftId: string | undefined;
  answers: Readonly<Record<string, string>>;
  onClose: () => void;
}

/** Repeats what happens, and asks to type the numbers: a word that is always the same is typed without reading. */
export function ResumeDialog({ sync, summary, digest, draftId, answers, onClose }: ResumeProps) {
  const [key] = useState(() => crypto.randomUUID());
  const [typed, setTyped] = useState<Record<string, string>>({});
  const [reason, setReason] = useState(() =>
    summary.causes.flatMap(({ id }) => (answers[id]?.trim() ? [answers[id].trim()] : [])).join('; '),
  );
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ProblemError>();
  const fields = typedFields(summary, sync.connector);
  const ready = reason.trim() !== '' && fields.every((field) => isTyped(field, typed[field.label] ?? ''));

  const submit = async () => {
    setBusy(true);
    setError(undefined);
    // what the page shows, and over it what was typed: the API compares all of it
    const wanted = { ...summary.counts };
    for (const field of fields)
      if (field.kind === 'counter') wanted[field.name] = typedNumber(typed[field.label] ?? '') ?? -1;
    const confirmed = Object.fromEntries(counterNames.map((name) => [name, wanted[name]]));
    try {
      const draft = draftId === undefined ? undefined : await draftDigest(sync.id, draftId);
      await resumeSync(
        sync.id,
        {
          digest: draft ?? digest,
          reason: reason.trim(),
          confirm: confirmed,
          ...(draftId === undefined ? {} : { draftId }),
        },
        key,
      );
      onClose();
    } catch (thrown) {
      setError(thrown as ProblemError);
      // somebody else may have decided, or the change set may be another: then the card says so
      void queryClient.invalidateQueries({ queryKey: syncQuery(sync.id).queryKey });
    } finally {
      setBusy(false);
    }
  };

  return (
    <Dialog onClose={onClose} title={`Resume the sync of ${sync.connector}`} size="lg">
      <form
        className={confirm.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (ready && !busy) void submit();
        }}
      >
        {error && <Problem error={error} />}
        <p className={styles.consequence}>{resumingWords(summary.resume)}</p>
        <p className="dim">Type what is about to happen; spaces and commas do not matter.</p>
        <div className={styles.fields}>
          {fields.map((field, i) => {
            const text = typed[field.label] ?? '';
            const wrong = text !== '' && !isTyped(field, text);
            return (
              <TextInput
                key={field.label}
                label={field.label}
                data-autofocus={i === 0 ? true : undefined}
                value={text}
                autoComplete="off"
                inputMode={field.kind === 'connector' ? 'text' : 'numeric'}
                error={wrong ? 'This is not what the page says.' : undefined}
                onChange={(event) => {
                  setTyped({ ...typed, [field.label]: event.currentTarget.value });
                }}
              />
            );
          })}
        </div>
        <Textarea
          label="Reason"
          description="Kept with the sync"
          value={reason}
          maxLength={2000}
          autosize={false}
          rows={2}
          onChange={(event) => {
            setReason(event.currentTarget.value);
          }}
        />
        <div className={confirm.actions}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            type="submit"
            color={summary.counts.deleted + summary.counts.linksDeleted > 0 ? 'red' : 'blue'}
            disabled={!ready}
            loading={busy}
            className={styles.apply}
          >
            Apply {countsWords(summary.counts, count)}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
