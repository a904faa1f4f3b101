import { exactly } from '../../words/time.ts';
import { Empty } from '../state-block/state-block.tsx';

/** What a sync had is not there any more: the clean-up took it, and nobody else. */
export function Gone({ what, at }: { what: 'changes' | 'errors' | 'log'; at: string }) {
  return (
    <Empty icon="clock" title={`The ${what} of this sync ${what === 'log' ? 'is' : 'are'} gone: removed by retention`}>
      The clean-up removed changes, errors and log on {exactly(at)}. The sync itself and its counters stay.
    </Empty>
  );
}
