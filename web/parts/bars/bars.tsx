import { count, percent } from '../../words/count.ts';
import styles from './bars.module.css';

/** A part of a whole as a bar; the number beside it says the same. */
export function Bar({ share, tone = 'accent' }: { share: number; tone?: string }) {
  const width = share === 0 ? 0 : Math.max(0.6, Math.min(1, share) * 100);
  return (
    <svg className={styles.bar} data-tone={tone} width="100%" height="8" aria-hidden="true" focusable="false">
      <rect width="100%" height="8" rx="4" className={styles.track} />
      <rect width={`${String(width)}%`} height="8" rx="4" className={styles.fill} />
    </svg>
  );
}

export const shareWords = (lines: number, share: number): string => `${count(lines)} · ${percent(share)}`;

const heights: Record<string, number> = { completed: 10, 'completed-with-errors': 13, held: 18, failed: 22 };

/** The last results, the oldest first: the worse, the higher. */
export function Strip({ results }: { results: readonly string[] }) {
  const words = results.length === 0 ? 'no results yet' : `last results: ${results.join(', ').replaceAll('-', ' ')}`;
  return (
    <svg className={styles.strip} viewBox="0 0 112 24" role="img" aria-label={words}>
      {results.map((result, i) => {
        const height = heights[result] ?? 7;
        return (
          <rect
            key={i}
            x={(14 - results.length + i) * 8}
            y={24 - height}
            width="6"
            height={height}
            rx="1.5"
            data-result={result}
          />
        );
      })}
      {results.length === 0 && <line x1="0" x2="112" y1="22" y2="22" className={styles.none} />}
    </svg>
  );
}
