import { groupBeside, groupName, propertyGroups } from '../../model/property-steps.ts';
import { Pick } from '../../parts/filter-chips/filter-chips.tsx';
import type { Summary } from '../../server/types.ts';
import { count } from '../../words/count.ts';
import styles from './changes.module.css';

interface StepsProps {
  groups: Summary['groups'];
  /** The id of the group that is shown. */
  shown: string | undefined;
  onShow: (group: string | undefined) => void;
}

/** From property to property of those that change, each with its number; keys press the buttons (frame/shortcuts.ts). */
export function PropertySteps({ groups, shown, onShow }: StepsProps) {
  const steps = propertyGroups(groups);
  if (steps.length === 0) return null;
  const button = (step: 1 | -1, words: string) => {
    const beside = groupBeside(steps, shown, step);
    return (
      <button
        type="button"
        className={styles.step}
        disabled={beside === undefined}
        data-step={step === 1 ? 'next' : 'before'}
        onClick={() => {
          onShow(beside?.id);
        }}
      >
        {words}
      </button>
    );
  };
  return (
    <span className={styles.steps}>
      <Pick
        label="What changes"
        value={steps.some(({ id }) => id === shown) ? shown : undefined}
        options={steps.map((group) => ({ value: group.id, label: `${groupName(group)} (${count(group.lines)})` }))}
        onPick={onShow}
      />
      {button(-1, 'Previous property')}
      {button(1, 'Next property')}
    </span>
  );
}
