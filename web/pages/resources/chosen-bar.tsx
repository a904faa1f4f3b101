import { Button } from '@mantine/core';
import { useState } from 'react';
import { mostChosen } from '../../model/chosen-rows.ts';
import { ConfirmDialog } from '../../parts/confirm/confirm-dialog.tsx';
import { setManagedOfMany } from '../../server/actions.ts';
import { count, counted } from '../../words/count.ts';
import styles from './resources.module.css';

interface ChosenBarProps {
  type: string;
  keys: readonly (readonly string[])[];
  /** Rows of the list that are loaded. */
  loaded: number;
  onAll: () => void;
  onNone: () => void;
}

/** What can be done with the resources that are chosen. */
export function ChosenBar({ type, keys, loaded, onAll, onNone }: ChosenBarProps) {
  const [managed, setManaged] = useState<boolean>();
  const chosen = counted(keys.length, 'resource');
  const more = Math.min(loaded, mostChosen);
  return (
    <div className={styles.chosen} role="group" aria-label="Chosen resources">
      <span role="status">
        {keys.length === 0 ? 'None is chosen' : `${chosen} chosen`}
        {keys.length === mostChosen && ': no more at once'}
      </span>
      {keys.length < more && (
        <Button variant="default" size="xs" onClick={onAll}>
          Choose {more === loaded ? `the ${count(more)} shown` : `the first ${count(more)}`}
        </Button>
      )}
      {keys.length > 0 && (
        <>
          <Button variant="default" size="xs" onClick={onNone}>
            Choose none
          </Button>
          {[true, false].map((wanted) => (
            <Button
              key={String(wanted)}
              variant="default"
              size="xs"
              onClick={() => {
                setManaged(wanted);
              }}
            >
              {wanted ? 'Manage' : 'Stop managing'} {count(keys.length)}
            </Button>
          ))}
        </>
      )}
      {managed !== undefined && (
        <ConfirmDialog
          title={`${managed ? 'Manage' : 'Stop managing'} ${chosen}`}
          verb={`${managed ? 'Manage' : 'Stop managing'} ${count(keys.length)}`}
          onClose={() => {
            setManaged(undefined);
          }}
          act={() => setManagedOfMany(type, keys, managed)}
          done={onNone}
        >
          <p>
            {managed
              ? `Syncs of managed resources take ${chosen} of ${type}, too.`
              : `Syncs of managed resources leave out ${chosen} of ${type}. They stay stored.`}{' '}
            Those of them that are {managed ? 'managed' : 'unmanaged'} already stay so.
          </p>
        </ConfirmDialog>
      )}
    </div>
  );
}
