import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Evidence, ListName } from '../../model/review-gate.ts';
import { Card } from '../../parts/card/card.tsx';
import type { Summary, Sync } from '../../server/types.ts';
import { Icon } from '../../theme/icons.tsx';
import { exactly } from '../../words/time.ts';
import { mayNotWords } from '../../words/codes.ts';
import type { Lock } from './lock.ts';
import { Locked } from './locked.tsx';
import { RefreshDialog } from './refresh-dialog.tsx';
import { RejectDialog } from './reject-dialog.tsx';
import { ResumeDialog } from './resume-dialog.tsx';
import styles from './review.module.css';

interface DecideProps {
  sync: Sync;
  summary: Summary;
  digest: string;
  draftId: string | undefined;
  lock: Lock | undefined;
  evidence: readonly Evidence[];
  answers: Readonly<Record<string, string>>;
  onAnswer: (cause: string, answer: string) => void;
  onShow: (list: ListName) => void;
  again: () => void;
}

/** Where it is decided. Resume opens when what it is about has been on the screen. */
export function DecideCard(props: DecideProps) {
  const { sync, summary, lock, evidence, answers, onAnswer, onShow, again } = props;
  const [dialog, setDialog] = useState<'resume' | 'reject' | 'refresh'>();
  const causes = summary.causes.filter(({ meant }) => meant === 'hardly-ever');
  const open = evidence.every(({ done }) => done);
  const mayResume = sync.may.resume;
  const close = () => {
    setDialog(undefined);
  };
  return (
    <aside className={styles.decide} aria-labelledby="decide">
      <Card title={<span id="decide">Decide</span>} tone={lock ? undefined : 'accent'}>
        {lock ? (
          <Locked lock={lock} sync={sync} again={again} />
        ) : (
          <div className={styles.decideBody}>
            {causes.map(({ id, message }) => (
              <TextInput
                key={id}
                label="This is meant, because"
                description={message}
                value={answers[id] ?? ''}
                maxLength={500}
                onChange={(event) => {
                  onAnswer(id, event.currentTarget.value);
                }}
              />
            ))}
            <div id="still-to-see">
              {mayResume !== true ? (
                <p className={styles.todo}>{mayNotWords[mayResume] ?? mayResume}</p>
              ) : open ? (
                <p className={styles.ready}>
                  <Icon name="check" size={14} /> What this is about has been on the screen.
                </p>
              ) : (
                <>
                  <p className="dim small">Before Resume opens:</p>
                  <ul className={styles.todos}>
                    {evidence.map(({ id, todo, done }) => (
                      <li key={id} data-done={done}>
                        <Icon name={done ? 'check' : 'partly'} size={14} />
                        {done || id.startsWith('cause:') ? (
                          <span>
                            {todo}
                            {done && <span className="only-heard"> (done)</span>}
                          </span>
                        ) : (
                          <button
                            type="button"
                            className={styles.see}
                            onClick={() => {
                              if (id.startsWith('list:')) onShow(id.slice(5) as ListName);
                              else document.querySelector<HTMLElement>(`#hold-${id.slice(5)} button`)?.click();
                            }}
                          >
                            {todo}
                          </button>
                        )}
                      </li>
                    ))}
                  </ul>
                </>
              )}
            </div>
            <div className={styles.buttons}>
              <Button
                size="md"
                variant={causes.length > 0 ? 'default' : 'filled'}
                disabled={!open || mayResume !== true}
                aria-describedby="still-to-see"
                onClick={() => {
                  setDialog('resume');
                }}
              >
                Resume
              </Button>
              <Button
                size="md"
                variant={causes.length > 0 ? 'filled' : 'default'}
                color="red"
                disabled={sync.may.reject !== true}
                onClick={() => {
                  setDialog('reject');
                }}
              >
                Reject
              </Button>
            </div>
            <p className="dim small">
              Nothing has been written yet.{' '}
              {sync.waitingFor?.expiresAt
                ? `Without a decision it is rejected by itself at ${exactly(sync.waitingFor.expiresAt)}.`
                : 'It waits until somebody decides.'}
            </p>
            <p>
              <button
                type="button"
                className={styles.see}
                onClick={() => {
                  setDialog('refresh');
                }}
              >
                Read the source again
              </button>
            </p>
          </div>
        )}
      </Card>
      {dialog === 'resume' && !lock && <ResumeDialog {...props} onClose={close} />}
      {dialog === 'reject' && !lock && <RejectDialog {...props} onClose={close} />}
      {dialog === 'refresh' && !lock && <RefreshDialog sync={sync} onClose={close} />}
    </aside>
  );
}
