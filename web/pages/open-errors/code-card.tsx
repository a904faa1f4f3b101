import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useId, useMemo, useState } from 'react';
import { SyncItemDialog } from '../../dialogs/sync-item-dialog.tsx';
import type { CodeGroup } from '../../model/error-groups.ts';
import { Card } from '../../parts/card/card.tsx';
import { ErrorTable } from '../../parts/error-rows/error-table.tsx';
import { Empty } from '../../parts/state-block/state-block.tsx';
import { Time } from '../../parts/time/time.tsx';
import { openErrorsQuery, type OpenErrorFilter } from '../../server/queries/status.ts';
import type { SyncErrorGroup } from '../../server/types.ts';
import { counted } from '../../words/count.ts';
import { clearedWords, effectWords } from '../../words/errors.ts';
import { objectColumns, type Item } from './object-columns.tsx';
import styles from './open-errors.module.css';

interface CodeCardProps {
  code: CodeGroup<SyncErrorGroup>;
  filter: OpenErrorFilter;
  open: boolean;
}

/** The errors of one code, by the property that they are about. */
export function CodeCard({ code, filter, open }: CodeCardProps) {
  return (
    <Card
      title={code.code}
      actions={
        <span className="dim small">
          {counted(code.errors, 'error')}, first seen <Time at={code.firstSeen} />, last seen{' '}
          <Time at={code.lastSeen} />
        </span>
      }
      flush
    >
      <ul className={styles.groups}>
        {code.groups.map((group) => (
          <GroupItem
            key={`${group.connector} ${group.entityType ?? ''} ${group.property ?? ''}`}
            group={group}
            filter={filter}
            startsOpen={open}
          />
        ))}
      </ul>
    </Card>
  );
}

/** What the errors of a group are about. */
function subjectOf({ entityType, property }: SyncErrorGroup): string {
  if (entityType === undefined) return 'the whole sync';
  return property === undefined ? `rows of ${entityType}` : `${entityType}.${property}`;
}

interface GroupItemProps {
  group: SyncErrorGroup;
  filter: OpenErrorFilter;
  startsOpen: boolean;
}

function GroupItem({ group, filter, startsOpen }: GroupItemProps) {
  const [open, setOpen] = useState(startsOpen);
  const list = useId();
  const { connector, errors, effects, clearedBy, firstSeen, lastSeen } = group;
  return (
    <li className={styles.group}>
      <div className={styles.head}>
        <h3>{subjectOf(group)}</h3>
        <Link to={`/connectors/${connector}`}>{connector}</Link>
        <span className="dim">{effects.map((effect) => effectWords[effect]).join(', ')}</span>
        <button
          type="button"
          className="plain"
          aria-expanded={open}
          aria-controls={list}
          onClick={() => {
            setOpen(!open);
          }}
        >
          {open ? 'Hide' : 'Show'} {counted(errors, 'error')}
          <span className="only-heard"> of {subjectOf(group)}</span>
        </button>
      </div>
      <p className="dim small">
        First seen <Time at={firstSeen} />, last seen <Time at={lastSeen} />.{' '}
        {clearedBy.map((each) => clearedWords[each]).join(' ')}
      </p>
      <div id={list}>{open && <Objects group={group} filter={filter} />}</div>
    </li>
  );
}

/** The errors of a group, each with its object. */
function Objects({ group, filter }: { group: SyncErrorGroup; filter: OpenErrorFilter }) {
  const { code, connector, entityType = '', property = '' } = group;
  const errors = useInfiniteQuery(openErrorsQuery({ ...filter, code, connector, entityType, property }));
  const [item, setItem] = useState<Item>();
  const columns = useMemo(() => objectColumns(setItem), []);
  return (
    <>
      <ErrorTable
        label={`Errors of ${subjectOf(group)}`}
        query={errors}
        columns={columns}
        empty={<Empty title="These errors have been cleared meanwhile" />}
      />
      {item && (
        <SyncItemDialog
          type={item.type}
          of={item.key}
          onClose={() => {
            setItem(undefined);
          }}
        />
      )}
    </>
  );
}
