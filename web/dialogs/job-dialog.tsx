import { Button, Checkbox, Radio, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { draftOf, emptyJob, missingOf, requestOf, type JobDraft } from '../model/job-draft.ts';
import { ConfirmDialog } from '../parts/confirm/confirm-dialog.tsx';
import { LeaveDialog, useStayWithText } from '../parts/confirm/stay-with-text.tsx';
import { NextRuns } from '../parts/next-runs/next-runs.tsx';
import { saveJob } from '../server/job-actions.ts';
import { connectorsQuery } from '../server/queries/connectors.ts';
import { jobsQuery, nextRunsQuery } from '../server/queries/jobs.ts';
import type { Job } from '../server/types.ts';
import { cronWords } from '../words/cron.ts';
import styles from './dialogs.module.css';

const zones = Intl.supportedValuesOf('timeZone');

interface JobDialogProps {
  /** As it is saved now; undefined: a new one. */
  job?: Job;
  onClose: () => void;
  done?: (job: unknown) => void;
}

/** A new job, or another version of one. It is saved over the revision that the form began with, and over no other. */
export function JobDialog({ job, onClose, done }: JobDialogProps) {
  const [base, setBase] = useState(job);
  const [begun, setBegun] = useState<JobDraft>(() => (job ? draftOf(job) : emptyJob(browserZone())));
  const [draft, setDraft] = useState(begun);
  const [leaving, setLeaving] = useState(false);
  const saved = useRef(false);
  const isUnsaved = () => !saved.current && JSON.stringify(draft) !== JSON.stringify(begun);
  const question = useStayWithText(isUnsaved);
  const jobs = useQuery(jobsQuery);
  const connectors = useQuery(connectorsQuery);
  const set = (part: Partial<JobDraft>) => {
    setDraft((before) => ({ ...before, ...part }));
  };
  const taken = base ? [] : (jobs.data?.items ?? []).map(({ name }) => name);
  const missing = missingOf(draft, taken);
  const named = [...new Set([...(connectors.data ?? []).map(({ name }) => name), ...draft.connectors])];
  // in the place of the form, which comes back as it was: Esc would close both
  if (question !== null) return question;
  if (leaving)
    return (
      <LeaveDialog
        where="this form"
        onStay={() => {
          setLeaving(false);
        }}
        onLeave={onClose}
      />
    );
  return (
    <ConfirmDialog
      title={base ? `Edit ${base.name}` : 'New job'}
      verb={base ? 'Save' : 'Create'}
      size="lg"
      ready={missing === undefined}
      onClose={() => {
        if (isUnsaved()) setLeaving(true);
        else onClose();
      }}
      act={async () => {
        const job = await saveJob(draft.name, requestOf(draft, base), base?.revision);
        saved.current = true;
        return job;
      }}
      done={done}
    >
      {job && base && job.revision !== base.revision && (
        <div role="alert" className={styles.notice}>
          <p>
            Somebody has saved this job meanwhile: it is revision {job.revision}, this form began with {base.revision}.
          </p>
          <Button
            variant="default"
            size="xs"
            onClick={() => {
              setBase(job);
              setBegun(draftOf(job));
              setDraft(draftOf(job));
            }}
          >
            Begin again from revision {job.revision}
          </Button>
        </div>
      )}
      {!base && (
        <TextInput
          label="Job name"
          value={draft.name}
          maxLength={63}
          onChange={(event) => {
            set({ name: event.currentTarget.value });
          }}
        />
      )}
      <Radio.Group
        label="Mode"
        value={draft.mode}
        onChange={(mode) => {
          set({ mode: mode === 'incremental' ? 'incremental' : 'complete' });
        }}
      >
        <div className={styles.types}>
          <Radio value="complete" label="Complete" />
          <Radio value="incremental" label="Incremental" />
        </div>
      </Radio.Group>
      <Radio.Group
        label="Connectors"
        value={draft.every ? 'every' : 'some'}
        onChange={(which) => {
          set({ every: which === 'every' });
        }}
      >
        <div className={styles.types}>
          <Radio value="every" label="Every connector that is active when it runs" />
          <Radio value="some" label="Only these" />
        </div>
      </Radio.Group>
      {!draft.every && (
        <Checkbox.Group
          label="Which connectors"
          value={[...draft.connectors]}
          onChange={(chosen) => {
            set({ connectors: chosen });
          }}
        >
          <div className={styles.many}>
            {named.map((name) => (
              <Checkbox key={name} value={name} label={name} />
            ))}
          </div>
        </Checkbox.Group>
      )}
      <Checkbox
        label="Managed resources only"
        checked={draft.managedOnly}
        onChange={(event) => {
          set({ managedOnly: event.currentTarget.checked });
        }}
      />
      <div className={styles.pair}>
        <TextInput
          label="Cron"
          description="Minute, hour, day of month, month, day of week"
          value={draft.cron}
          maxLength={200}
          onChange={(event) => {
            set({ cron: event.currentTarget.value });
          }}
        />
        <TextInput
          label="Time zone"
          description="Of the IANA database"
          value={draft.timezone}
          maxLength={64}
          list="zones"
          onChange={(event) => {
            set({ timezone: event.currentTarget.value });
          }}
        />
        <datalist id="zones">
          {zones.map((zone) => (
            <option key={zone} value={zone} />
          ))}
        </datalist>
      </div>
      <Preview cron={draft.cron} timezone={draft.timezone} />
      <Radio.Group
        label="If the last one still runs"
        value={draft.overlap}
        onChange={(overlap) => {
          set({ overlap: overlap === 'wait' ? 'wait' : 'skip' });
        }}
      >
        <div className={styles.types}>
          <Radio value="skip" label="The new one is skipped" />
          <Radio value="wait" label="The new one waits" />
        </div>
      </Radio.Group>
      {missing !== undefined && <p className="dim">{missing}</p>}
    </ConfirmDialog>
  );
}

const browserZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** When it would run, before it is saved. */
function Preview({ cron, timezone }: { cron: string; timezone: string }) {
  const [asked] = useDebouncedValue(`${timezone.trim()}\n${cron.trim()}`, 300);
  const [zone = '', expression = ''] = asked.split('\n');
  const runs = useQuery({ ...nextRunsQuery(expression, zone), placeholderData: keepPreviousData });
  return (
    <div className={styles.runs} role="group" aria-label="Next runs">
      <strong>Next runs</strong>
      {runs.error ? (
        <p role="status" className={styles.fault}>
          {runs.error.message}
        </p>
      ) : (
        runs.data && (
          <>
            <p>{cronWords(expression)}</p>
            <NextRuns runs={runs.data.nextRuns} timezone={runs.data.timezone} />
          </>
        )
      )}
    </div>
  );
}
