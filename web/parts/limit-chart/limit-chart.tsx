import { heightOf, largestOf, type LimitSeries } from '../../model/limit-history.ts';
import { count, counted } from '../../words/count.ts';
import styles from './limit-chart.module.css';

const slot = 10;
/** A few syncs leave room for those that still come. */
const fewest = 12;
const tall = 80;
/** Above the tallest bar there is room for the cap of a bar that exceeds its limit. */
const room = 8;

/** One kind of change of the last syncs as bars, the oldest first, and the limit of each as a line. The caption says it in words. */
function LimitChart({ series }: { series: LimitSeries }) {
  const { title, points } = series;
  const largest = largestOf(series);
  const top = (value: number) => tall - heightOf(value, largest) * (tall - room);
  const last = points.at(-1);
  const wide = Math.max(fewest, points.length) * slot;
  const line = points.map(
    ({ limit }, i) => `${i === 0 ? 'M0 ' : 'V'}${top(limit).toFixed(1)}H${String((i + 1) * slot)}`,
  );
  return (
    <figure className={styles.figure}>
      <figcaption className={styles.caption}>
        <span className={styles.title}>{title}</span>
        {last && (
          <span className={styles.last}>
            {count(last.actual)} <span className={styles.limit}>limit {count(last.limit)}</span>
          </span>
        )}
      </figcaption>
      <svg
        className={styles.chart}
        viewBox={`0 0 ${String(wide)} ${String(tall)}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={inWords(series)}
      >
        {points.map(({ syncId, actual, exceeded }, i) => (
          <g key={syncId} data-exceeded={exceeded}>
            <rect x={i * slot + 1.5} y={top(actual)} width={slot - 3} height={tall - top(actual)} />
            {exceeded && <rect x={i * slot + 1.5} y={top(actual) - 6} width={slot - 3} height="3" />}
          </g>
        ))}
        <line x1="0" x2={wide} y1={tall} y2={tall} className={styles.ground} />
        <path d={line.join('')} className={styles.line} />
      </svg>
    </figure>
  );
}

/** "Deletes of 12 syncs: 3 in the last one, at most 14, limit now 10. 1 sync exceeded the limit." */
function inWords({ title, points }: LimitSeries): string {
  const over = points.filter(({ exceeded }) => exceeded).length;
  const last = points.at(-1);
  const most = Math.max(0, ...points.map(({ actual }) => actual));
  const counts = `${count(last?.actual ?? 0)} in the last one, at most ${count(most)}, limit now ${count(last?.limit ?? 0)}`;
  return `${title} of ${counted(points.length, 'sync', 'syncs')}: ${counts}. ${overWords(over)}`;
}

const overWords = (over: number) =>
  over === 0 ? 'None exceeded its limit.' : `${counted(over, 'sync', 'syncs')} exceeded the limit.`;

/** @param small only the kinds that came at all, in little room; deletes always */
export function LimitCharts({ series, small = false }: { series: readonly LimitSeries[]; small?: boolean }) {
  const kinds = small
    ? series.filter(({ name, points }) => name === 'deleted' || points.some(({ actual }) => actual > 0))
    : series;
  return (
    <div className={styles.charts} data-small={small}>
      {kinds.map((each) => (
        <LimitChart key={each.name} series={each} />
      ))}
    </div>
  );
}
