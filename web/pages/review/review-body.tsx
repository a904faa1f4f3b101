import { useState } from 'react';
import { Link } from '@tanstack/react-router';
import { resumingWords } from '../../model/consequence.ts';
import { evidenceOf, type ListName } from '../../model/review-gate.ts';
import { CopyButton } from '../../parts/copy/copy-button.tsx';
import { PageHead } from '../../parts/page-head/page-head.tsx';
import { StatusMark } from '../../parts/status-mark/status-mark.tsx';
import { useNow } from '../../parts/time/now.ts';
import { useSeen } from '../../settings/seen.ts';
import type { Summary, Sync } from '../../server/types.ts';
import { clock, duration } from '../../words/time.ts';
import { Causes } from './causes.tsx';
import { Counters } from './counters.tsx';
import { DecideCard } from './decide-card.tsx';
import { Explorer } from './explorer.tsx';
import { Holds } from './holds.tsx';
import { InPart } from './in-part.tsx';
import { DraftBanner } from './draft-banner.tsx';
import { lockOf } from './lock.ts';
import styles from './review.module.css';
import { RevisionWords } from './revision-words.tsx';
import { Usual } from './usual.tsx';
import { WasRead } from '../../parts/was-read/was-read.tsx';
import { Where } from './where.tsx';

interface BodyProps {
  sync: Sync;
  summary: Summary;
  pinned: string;
  draftId: string | undefined;
  again: () => void;
}

export function ReviewBody({ sync, summary, pinned, draftId, again }: BodyProps) {
  const seen = useSeen(pinned);
  const [answers, setAnswers] = useState<Record<string, string>>({});
  const [list, setList] = useState<ListName>(() => firstList(summary));
  const [group, setGroup] = useState<string>();
  const lock = lockOf(sync, pinned, summary.digest);
  const evidence = evidenceOf(summary, seen, answers);
  const since = sync.waitingFor?.since ?? sync.createdAt;
  const show = (wanted: ListName, of?: string) => {
    setList(wanted);
    setGroup(of);
    requestAnimationFrame(() => document.getElementById('changes')?.scrollIntoView({ block: 'start' }));
  };
  const now = useNow();
  const first = summary.causes.length > 0 && summary.causes.every(({ code }) => code === 'first-sync');
  return (
    <>
      <PageHead
        title={
          sync.status === 'held'
            ? `${sync.connector} – held since ${clock(since)} (${duration(now - Date.parse(since))})`
            : `${sync.connector} – was held: now ${sync.status.replaceAll('-', ' ')}`
        }
        tab={`${sync.connector} · held`}
        path={[
          { to: '/syncs', name: 'Job Results' },
          { to: `/syncs/${sync.id}`, name: `Sync of ${sync.connector}` },
        ]}
        mark={<StatusMark status={sync.status} />}
      >
        <p className={styles.meta}>
          {sync.requestedMode}, {startedWords(sync)} · <RevisionWords sync={sync} /> ·{' '}
          <span className={styles.digest}>
            digest <code>{pinned.slice(0, 15)}</code>
            <CopyButton label="Copy the digest" text={pinned} />
          </span>{' '}
          · <Link to={`/syncs/${sync.id}`}>sync</Link>
        </p>
        {summary.newerRevision && (
          <p className={styles.meta}>
            Revision {summary.newerRevision.revision} is in use since {clock(summary.newerRevision.at)}: what this sync
            would change is of an older revision.
          </p>
        )}
        {summary.previous && (
          <p className={styles.meta}>
            These are the same changes as those of an <Link to={`/syncs/${summary.previous.syncId}`}>earlier sync</Link>
            , which ended {summary.previous.status.replaceAll('-', ' ')}
            {summary.previous.decision?.reason ? `: “${summary.previous.decision.reason}”` : '.'}
          </p>
        )}
      </PageHead>
      <div className={styles.layout}>
        <div className={styles.main}>
          {draftId !== undefined && <DraftBanner sync={sync} draftId={draftId} locked={lock !== undefined} />}
          <p className={styles.consequence} data-calm={first}>
            {resumingWords(summary.resume)}
          </p>
          <Counters summary={summary} sync={sync} calm={first} onShow={show} />
          <Holds sync={sync} summary={summary} digest={pinned} seen={seen} onShow={show} />
          <Causes sync={sync} summary={summary} />
          <Where summary={summary} onShow={show} />
          <Usual summary={summary} />
          <WasRead sync={sync} />
          <Explorer
            sync={sync}
            summary={summary}
            digest={pinned}
            draftId={draftId}
            list={list}
            group={group}
            onList={(chosen) => {
              setList(chosen);
              setGroup(undefined);
            }}
            onAllOfList={() => {
              setGroup(undefined);
            }}
          />
          {!lock && draftId === undefined && <InPart sync={sync} summary={summary} digest={pinned} />}
        </div>
        <DecideCard
          sync={sync}
          summary={summary}
          digest={pinned}
          draftId={draftId}
          lock={lock}
          evidence={evidence}
          answers={answers}
          onAnswer={(cause, answer) => {
            setAnswers({ ...answers, [cause]: answer });
          }}
          onShow={show}
          again={again}
        />
      </div>
    </>
  );
}

function firstList({ counts }: Summary): ListName {
  if (counts.deleted > 0) return 'deletes';
  if (counts.updated > 0) return 'updates';
  if (counts.inserted > 0) return 'inserts';
  return counts.linksDeleted + counts.linksUpdated + counts.linksInserted > 0 ? 'links' : 'deletes';
}

function startedWords({ trigger, job, syncedBy }: Sync): string {
  if (job !== null) return `${trigger === 'scheduled' ? 'scheduled' : 'started'} by ${job}`;
  return syncedBy === 'system' ? `started by the system (${trigger})` : `started by ${syncedBy.replace(/^user:/, '')}`;
}
