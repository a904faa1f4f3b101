import { lookOf, statusWords } from '../../model/status.ts';
import { Icon } from '../../theme/icons.tsx';
import styles from './status-mark.module.css';

/** A status as a shape of its own and its word. */
export function StatusMark({ status, words, plain }: { status: string; words?: string; plain?: boolean }) {
  const { icon, tone } = lookOf(status);
  return (
    <span className={plain ? styles.plain : styles.mark} data-tone={tone}>
      <Icon name={icon} size={14} />
      <span>{words ?? statusWords(status)}</span>
    </span>
  );
}
