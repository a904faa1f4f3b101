import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { CopyButton } from '../../parts/copy/copy-button.tsx';
import { Problem } from '../../parts/state-block/state-block.tsx';
import { deleteDraft } from '../../server/actions.ts';
import { draftsQuery } from '../../server/queries/syncs.ts';
import type { Sync } from '../../server/types.ts';
import { count, counted } from '../../words/count.ts';
import styles from './review.module.css';

/** The page shows what a draft would do: how much of the whole, and what it could not do as it was asked. */
export function DraftBanner({ sync, draftId, locked }: { sync: Sync; draftId: string; locked: boolean }) {
  const navigate = useNavigate();
  const drafts = useQuery(draftsQuery(sync.id));
  const [error, setError] = useState<Error>();
  const draft = drafts.data?.items.find((each) => each.draftId === draftId);
  const leave = () => void navigate({ to: `/syncs/${sync.id}/review` });
  if (!draft) return null;
  const { apply, refuse, defer, follows } = draft.counts;
  return (
    <div className={styles.draft}>
      {error && <Problem error={error} />}
      <p>
        <strong>A decision in part.</strong> It applies {count(apply)}, refuses {count(refuse)} and defers{' '}
        {count(defer)} of the changes.{' '}
        {follows > 0 &&
          `${counted(follows, 'change follows', 'changes follow')} another one, because it cannot stand alone.`}
      </p>
      {draft.conflicts.count > 0 && (
        <details>
          <summary>
            {counted(draft.conflicts.count, 'change is', 'changes are')} decided in another way than asked
          </summary>
          <ul>
            {draft.conflicts.first.slice(0, 10).map(({ id, wanted, decided, because }) => (
              <li key={id}>
                {id}: {wanted} was asked, {decided} is decided – {because}
              </li>
            ))}
          </ul>
        </details>
      )}
      {!locked && (
        <div className={styles.buttons}>
          <Button variant="default" onClick={leave}>
            Back to all changes
          </Button>
          <Button
            variant="default"
            onClick={() => {
              deleteDraft(sync.id, draftId).then(leave, (thrown: unknown) => {
                setError(thrown as Error);
              });
            }}
          >
            Delete the draft
          </Button>
          <span className="row">
            Ask a second person: send the link <CopyButton label="Copy the link to this draft" text={location.href} />
          </span>
        </div>
      )}
    </div>
  );
}
