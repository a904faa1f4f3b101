export interface Drift {
  column: string | null;
  message: string;
}

/**
 * Tells what is different about a table's columns. Without earlier columns (the first sync) it names those that the
 * mapping does not use, which are read and left out.
 */
export function findDrift(before: string[] | undefined, now: string[], mapped: ReadonlySet<string>): Drift[] {
  if (before === undefined)
    return now
      .filter((column) => column !== '' && !mapped.has(column))
      .map((column) => ({ column, message: `The column ${column} is not mapped; its values are left out.` }));
  const lost = before.filter((column) => !now.includes(column));
  const added = now.filter((column) => !before.includes(column));
  const drift: Drift[] = [];
  for (const column of lost) {
    // in the same place, with as many columns around it, a column has most likely been renamed
    const renamed = before.length === now.length ? now[before.indexOf(column)] : undefined;
    if (renamed !== undefined && added.includes(renamed)) {
      drift.push({ column: renamed, message: `The column ${column} is now called ${renamed}.` });
      added.splice(added.indexOf(renamed), 1);
    } else drift.push({ column, message: `The column ${column} is gone; it was not mapped.` });
  }
  for (const column of added)
    drift.push({ column, message: `The column ${column} is new${mapped.has(column) ? '' : '; it is not mapped'}.` });
  if (drift.length === 0 && before.some((column, i) => column !== now[i]))
    drift.push({ column: null, message: 'The columns stand in another order; they are read by name.' });
  return drift;
}
