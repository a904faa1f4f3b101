import { ago, clock, exactly } from '../../words/time.ts';
import { useNow } from './now.ts';

/** A time as people say it; hovered over or read out, it is exact, in the zone of the person and in UTC. */
export function Time({ at, as = 'ago' }: { at: string; as?: 'ago' | 'clock' }) {
  const now = useNow();
  return (
    <time dateTime={at} title={exactly(at)}>
      {as === 'ago' ? ago(at, now) : clock(at, new Date(now))}
    </time>
  );
}
