/** From so many changes on, whoever asks first would wait for seconds. To make the summary takes a twentieth of such a sync. */
const manyChanges = 500_000;

/** Whether the summary of a change set is made together with it; else by the first who asks. Who decides on a hold finds it made. */
export const isMadeWithChanges = ({ held, changes }: { held: boolean; changes: number }): boolean =>
  held || changes >= manyChanges;
