import { setHandler, upsertMemo } from '@temporalio/workflow';
import { intervalSignal } from './messages.ts';
import { pause } from './pause.ts';

/** How often a workflow without an end does its work. A signal changes the interval while the workflow runs. */
export interface Pace {
  everySeconds: number;
  /** Waits until it is time again. @param summary what for, in the Temporal Web UI */
  wait(summary: string): Promise<void>;
}

/** Made once, before the workflow's first await: it hears when the interval changes. */
export function paceOf(everySeconds: number): Pace {
  const pace: Pace = {
    everySeconds,
    async wait(summary) {
      const began = Date.now();
      for (;;) {
        const interval = pace.everySeconds;
        await pause(began + interval * 1000 - Date.now(), summary, () => pace.everySeconds !== interval);
        if (pace.everySeconds === interval) return;
      }
    },
  };
  setHandler(intervalSignal, ({ everySeconds: wanted }) => {
    if (!(wanted >= 1)) return;
    pace.everySeconds = wanted;
    upsertMemo({ everySeconds: wanted });
  });
  return pace;
}
