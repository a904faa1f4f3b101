import type { Query } from '@tanstack/react-query';
import type { StreamEvent } from '../../model/event-text.ts';
import { keptWhateverHappens, oldAfter, startsWith, type KeyPrefix } from '../../model/live-keys.ts';
import { hasEnded } from '../../model/status.ts';
import { queryClient } from '../query-client.ts';
import type { Sync } from '../types.ts';
import { isFollowed } from './shown.ts';

const soon = 250;
/** While events keep coming, what they make old is asked again this often and no more. */
const apart = 2_000;

let waiting: KeyPrefix[] = [];
let everything = false;
let timer: ReturnType<typeof setTimeout> | undefined;
let lastTime = 0;

/** What an event makes old is asked again soon. */
export function refreshAfter(event: StreamEvent): void {
  waiting.push(...oldAfter(event).filter((prefix) => !comesByItself(prefix, event)));
  plan();
}

/** The lines of a log that the stream has need not be asked for. After the end of a sync they are, once. */
const comesByItself = ([kind, sync]: KeyPrefix, { data }: StreamEvent) =>
  kind === 'log' && isFollowed(String(sync)) && !hasEnded(data['status'] as Sync['status']);

/** Events may have been missed, or come no more. */
export function refreshEverything(): void {
  everything = true;
  plan();
}

function plan(): void {
  if (!everything && waiting.length === 0) return;
  timer ??= setTimeout(refresh, Math.max(soon, lastTime + apart - Date.now()));
}

function refresh(): void {
  const [all, prefixes] = [everything, waiting];
  [timer, everything, waiting, lastTime] = [undefined, false, [], Date.now()];
  const isOld = ({ queryKey }: Query) =>
    !keptWhateverHappens.has(queryKey[0]) && (all || prefixes.some((prefix) => startsWith(queryKey, prefix)));
  // a hidden tab asks when it is looked at
  const refetchType = document.visibilityState === 'visible' ? 'active' : 'none';
  void queryClient.invalidateQueries({ predicate: isOld, refetchType });
}
