import { inZone } from '../../words/time.ts';

/** Times of a schedule: in its zone, and in that of the person where it is another. */
export function NextRuns({ runs, timezone }: { runs: readonly string[]; timezone: string }) {
  const mine = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <ol>
      {runs.map((at) => (
        <li key={at}>
          <time dateTime={at}>
            {inZone(at, timezone)} <span className="dim">{timezone}</span>
            {mine !== timezone && (
              <span className="dim">
                {' '}
                · {inZone(at, mine)} {mine}
              </span>
            )}
          </time>
        </li>
      ))}
    </ol>
  );
}
