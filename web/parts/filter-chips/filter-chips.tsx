import type { ReactNode } from 'react';
import { Icon } from '../../theme/icons.tsx';
import styles from './filter-chips.module.css';

interface ChipsProps {
  /** The filters that are set, by what each is called, with the value in words. */
  filters: object;
  onRemove: (name: string) => void;
  clear: () => void;
  /** Fields that set filters. */
  children?: ReactNode;
}

/** Every filter that is set stands here, and can be taken off: none is hidden. */
export function FilterChips({ filters, onRemove, clear, children }: ChipsProps) {
  const set: [string, unknown][] = Object.entries(filters);
  return (
    <div className={styles.bar} role="group" aria-label="Filters">
      {children}
      {set.map(([name, value]) => (
        <span key={name} className={styles.chip}>
          <span className={styles.name}>{name}</span> <bdi className={styles.value}>{String(value)}</bdi>
          <button
            type="button"
            aria-label={`Remove ${name}`}
            onClick={() => {
              onRemove(name);
            }}
          >
            <Icon name="close" size={12} />
          </button>
        </span>
      ))}
      {set.length > 1 && (
        <button type="button" className={styles.clear} onClick={clear}>
          Clear filters
        </button>
      )}
    </div>
  );
}

interface PickProps {
  label: string;
  value: string | undefined;
  options: readonly (string | { value: string; label: string })[];
  onPick: (value: string | undefined) => void;
}

/** A choice of the browser's own: it works everywhere, with every key and every finger. */
export function Pick({ label, value, options, onPick }: PickProps) {
  return (
    <label className={styles.pick}>
      <span>{label}</span>
      <select
        value={value ?? ''}
        onChange={(event) => {
          onPick(event.currentTarget.value === '' ? undefined : event.currentTarget.value);
        }}
      >
        <option value="">any</option>
        {options.map((option) => {
          const each = typeof option === 'string' ? { value: option, label: option.replaceAll('-', ' ') } : option;
          return (
            <option key={each.value} value={each.value}>
              {each.label}
            </option>
          );
        })}
      </select>
    </label>
  );
}
