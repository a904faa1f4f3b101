import type { ReactNode } from 'react';
import { Icon } from '../../theme/icons.tsx';
import styles from './filter-chips.module.css';

interface ChipsProps {
  /** The filters that are set, by what each is called, with the value, or those of which one has to fit. */
  filters: object;
  onRemove: (name: string, value: string) => void;
  clear: () => void;
  /** Fields that set filters. */
  children?: ReactNode;
}

/** Every filter that is set stands here, and can be taken off: none is hidden. */
export function FilterChips({ filters, onRemove, clear, children }: ChipsProps) {
  const set = Object.entries(filters as Record<string, string | readonly string[]>).flatMap(([name, values]) => {
    const each = [values].flat();
    return each.map((value) => ({ name, value, what: each.length > 1 ? `${name} ${value}` : name }));
  });
  return (
    <div className={styles.bar} role="group" aria-label="Filters">
      {children}
      {set.map(({ name, value, what }) => (
        <span key={what} className={styles.chip}>
          <span className={styles.name}>{name}</span> <bdi className={styles.value}>{value}</bdi>
          <button
            type="button"
            aria-label={`Remove ${what}`}
            onClick={() => {
              onRemove(name, value);
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
  /** The word for no choice; default: any. */
  none?: string;
  value: string | undefined;
  options: readonly (string | { value: string; label: string })[];
  onPick: (value: string | undefined) => void;
}

/** A choice of the browser's own: it works everywhere, with every key and every finger. */
export function Pick({ label, none = 'any', value, options, onPick }: PickProps) {
  return (
    <label className={styles.pick}>
      <span>{label}</span>
      <select
        value={value ?? ''}
        onChange={(event) => {
          onPick(event.currentTarget.value === '' ? undefined : event.currentTarget.value);
        }}
      >
        <option value="">{none}</option>
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
