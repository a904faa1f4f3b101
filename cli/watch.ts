import { setTimeout as sleep } from 'node:timers/promises';
import { SingleBar } from 'cli-progress';
import { bodyOf, type Api, type Sync } from './client.ts';
import { count } from './output.ts';
import { patiently } from './patience.ts';

/** Follows a sync until it is held or has ended, also after breaks of the connection; on a terminal with a progress line. */
export async function watch(api: Api, started: Sync, quiet: boolean): Promise<Sync> {
  const live = !quiet && process.stderr.isTTY;
  const bar = new SingleBar({
    format:
      '{status} {phase} | {exported} rows exported, {prepared} prepared, {rejected} rejected | {duration_formatted}',
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true,
  });
  let sync = started;
  let told = '';
  if (live) bar.start(1, 0, payload(sync));
  try {
    while (sync.status === 'queued' || sync.status === 'running') {
      await sleep(300);
      const path = { id: sync.id };
      sync = await patiently(async () => bodyOf(await api.GET('/v1/syncs/{id}', { params: { path } })));
      if (live) bar.update(0, payload(sync));
      else if (!quiet && told !== (sync.phase ?? '')) {
        told = sync.phase ?? '';
        if (told !== '') process.stderr.write(`${told}\n`);
      }
    }
    return sync;
  } finally {
    if (live) bar.stop();
  }
}

const payload = (sync: Sync) => ({
  status: sync.status,
  phase: sync.phase ?? '',
  exported: count(sync.progress.rowsExported),
  prepared: count(sync.progress.rowsPrepared),
  rejected: count(sync.progress.rowsRejected),
});
