export interface Drift {
  column: string | null;
  message: string;
}

/**
 * Finds the differences of a table's columns from the earlier columns. If there are no earlier columns (the first
 * sync), it names the columns that the mapping does not use.
 */
export function findDrift(before: string[] | undefined, now: string[], mapped: ReadonlySet<string>): Drift[] {
  if (before === undefined)
    return now
      .filter((column) => column !== '' && !mapped.has(column))
      .map((column) => ({ column, message: `The column ${column} is not mapped, so its values are ignored.` }));
  // columns without a name are all called the same, so they are counted
  const nameless = (columns: string[]) => columns.filter((column) => column === '').length;
  let namelessNow = nameless(now) - nameless(before);
  const lost = before.filter((column) => column !== '' && !now.includes(column));
  const added = now.filter((column) => column !== '' && !before.includes(column));
  // in the same place, with as many columns around it, a column has most likely been renamed
  const inPlace = (column: string, from: string[], to: string[]) =>
    before.length === now.length ? to[from.indexOf(column)] : undefined;
  const drift: Drift[] = [];
  for (const column of lost) {
    const renamed = inPlace(column, before, now);
    if (renamed === '') {
      drift.push({ column, message: `The column ${column} has lost its name; it was not mapped.` });
      namelessNow--;
    } else if (renamed !== undefined && added.includes(renamed)) {
      drift.push({ column: renamed, message: `The column ${column} is now called ${renamed}.` });
      added.splice(added.indexOf(renamed), 1);
    } else drift.push({ column, message: `The column ${column} is gone; it was not mapped.` });
  }
  for (const column of added) {
    const unmapped = mapped.has(column) ? '' : '; it is not mapped';
    if (inPlace(column, now, before) === '') {
      drift.push({ column, message: `A column without a name is now called ${column}${unmapped}.` });
      namelessNow++;
    } else drift.push({ column, message: `The column ${column} is new${unmapped}.` });
  }
  if (namelessNow !== 0) drift.push({ column: null, message: namelessMessage(namelessNow) });
  if (drift.length === 0 && before.some((column, i) => column !== now[i]))
    drift.push({ column: null, message: 'The columns are in another order. Syncline reads columns by name.' });
  return drift;
}

function namelessMessage(more: number): string {
  const many = Math.abs(more);
  const what = many === 1 ? 'A column without a name' : `${String(many)} columns without a name`;
  const verb = many === 1 ? 'is' : 'are';
  return more < 0 ? `${what} ${verb} gone.` : `${what} ${verb} new; such columns cannot be mapped.`;
}
