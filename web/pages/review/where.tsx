import { Card } from '../../parts/card/card.tsx';
import { Bar, shareWords } from '../../parts/bars/bars.tsx';
import { Changed } from '../../parts/value/value.tsx';
import type { ListName } from '../../model/review-gate.ts';
import type { Summary } from '../../server/types.ts';
import { count } from '../../words/count.ts';
import styles from './review.module.css';

type Group = Summary['groups'][number];
const tones = { delete: 'danger', update: 'accent', insert: 'ok' };

interface WhereProps {
  summary: Summary;
  onShow: (list: ListName, group: string) => void;
}

/** Bars by type and operation, below each those of its properties; a bar leads to its changes. */
export function Where({ summary, onShow }: WhereProps) {
  const order = { delete: 0, update: 1, insert: 2 };
  const tops = summary.groups
    .filter(({ property, transition }) => property === null && transition === null)
    .sort((a, b) => order[a.operation] - order[b.operation] || b.lines - a.lines);
  return (
    <Card title="Where the changes are">
      <ul className={styles.groups}>
        {tops.map((top) => (
          <li key={top.id}>
            <GroupLine group={top} of={summary.total} onShow={onShow} />
            <Parts top={top} summary={summary} onShow={onShow} />
          </li>
        ))}
      </ul>
      {summary.groupsOmitted > 0 && (
        <p className="dim small">{count(summary.groupsOmitted)} smaller groups are not shown.</p>
      )}
    </Card>
  );
}

const listOf = ({ kind, operation }: Group): ListName => (kind === 'link' ? 'links' : (`${operation}s` as ListName));

function GroupLine({ group, of, onShow }: { group: Group; of: number; onShow: WhereProps['onShow'] }) {
  const name = group.property ?? `${group.entityType} ${group.kind === 'link' ? 'link ' : ''}${group.operation}s`;
  return (
    <button
      type="button"
      className={styles.group}
      data-part={group.property !== null}
      onClick={() => {
        onShow(listOf(group), group.id);
      }}
    >
      <span className={styles.groupName}>
        {name}
        {group.becameNull > 0 && <span className={styles.nulls}> {count(group.becameNull)} became empty</span>}
      </span>
      <span className={styles.groupBar}>
        <Bar share={of === 0 ? 0 : group.lines / of} tone={tones[group.operation]} />
      </span>
      <span className={styles.groupNumber}>{shareWords(group.lines, group.share)}</span>
    </button>
  );
}

function Parts({ top, summary, onShow }: { top: Group; summary: Summary; onShow: WhereProps['onShow'] }) {
  const same = (group: Group) =>
    group.entityType === top.entityType && group.kind === top.kind && group.operation === top.operation;
  const properties = summary.groups.filter(
    (group) => same(group) && group.property !== null && group.transition === null,
  );
  const pairs = summary.groups.filter((group) => same(group) && group.transition !== null).slice(0, 5);
  // of what comes or goes, each property has as many changes as there are resources
  const telling = top.operation === 'update' || top.kind === 'link' ? properties : [];
  return (
    <>
      {telling.slice(0, 8).map((group) => (
        <GroupLine key={group.id} group={group} of={summary.total} onShow={onShow} />
      ))}
      {pairs.length > 0 && (
        <ul className={styles.pairs} aria-label="Most frequent values">
          {pairs.map((group) => (
            <li key={group.id}>
              <span className="dim">{group.transition?.property}</span>{' '}
              <Changed before={group.transition?.from} after={group.transition?.to} />{' '}
              <span className="dim">{count(group.lines)} times</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
