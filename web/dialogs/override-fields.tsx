import { Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { overridable, withLimit, type TypedLimits } from '../model/override-limits.ts';
import { Pick } from '../parts/filter-chips/filter-chips.tsx';
import { adviceQuery } from '../server/queries/connectors.ts';
import { count } from '../words/count.ts';
import { limitWords } from '../words/limits.ts';
import styles from './dialogs.module.css';

interface OverrideProps {
  connector: string;
  types: readonly { name: string; displayName: string }[];
  typed: TypedLimits;
  reason: string;
  fault: string | undefined;
  onChange: (typed: TypedLimits, reason: string) => void;
}

/** Limits for this sync alone, and why. A field that is empty leaves the limit as it is. */
export function OverrideFields({ connector, types, typed, reason, fault, onChange }: OverrideProps) {
  const [scope, setScope] = useState('');
  const advice = useQuery(adviceQuery(connector));
  const current = advice.data?.current.limits as Record<string, number> | undefined;
  const now = (name: string) => {
    const limit = scope === '' ? current?.[name] : undefined;
    return limit === undefined ? undefined : `now ${count(limit)}${name.includes('Percentage') ? ' %' : ''}`;
  };
  return (
    <details className={styles.overrides}>
      <summary>Limits for this sync alone</summary>
      <div className={styles.fields}>
        <p className="dim">
          They take the place of those of the connector file for this sync. Windows, watches and the holds that no limit
          decides stay as they are.
        </p>
        {types.length > 0 && (
          <Pick
            label="Limits of"
            none="the whole connector"
            value={scope === '' ? undefined : scope}
            options={types.map(({ name, displayName }) => ({ value: name, label: displayName }))}
            onPick={(chosen) => {
              setScope(chosen ?? '');
            }}
          />
        )}
        <div className={styles.pair}>
          {overridable.map((name) => (
            <TextInput
              key={`${scope} ${name}`}
              label={limitWords(name)}
              description={now(name)}
              inputMode="decimal"
              value={typed[scope]?.[name] ?? ''}
              onChange={(event) => {
                onChange(withLimit(typed, scope, name, event.currentTarget.value), reason);
              }}
            />
          ))}
        </div>
        <Textarea
          label="Why this sync has limits of its own"
          maxLength={2000}
          value={reason}
          onChange={(event) => {
            onChange(typed, event.currentTarget.value);
          }}
        />
        {fault !== undefined && <p role="status">{fault}</p>}
      </div>
    </details>
  );
}
