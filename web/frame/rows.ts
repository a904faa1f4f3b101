/** What keys do in the rows of the page that is shown. */

const inRow = 'a, button, input';
/** What can have the focus in each row, the first of each; the row of titles has nothing. */
const stops = () =>
  [...document.querySelectorAll('[role=table] [role=row]')].flatMap(
    (row) => row.querySelector<HTMLElement>(inRow) ?? [],
  );

/** Whether the pointer could be on it: below what sticks to the top of the window, or of a list that scrolls by itself. */
function isInView(element: HTMLElement): boolean {
  const scroller = element.closest('[data-scrolls-rows]');
  const { top } = element.getBoundingClientRect();
  return top >= (scroller ? scroller.getBoundingClientRect().top + titles : overlap) && top < window.innerHeight;
}

/** Whether arrows go from row to row: elsewhere they scroll the page. */
export const inRows = (): boolean => stops().some((stop) => stop === document.activeElement);

/** To the link, button or tick of the next row, or of the one before. */
export function moveInRows(step: 1 | -1): void {
  const links = stops();
  const at = links.findIndex((link) => link === document.activeElement);
  if (at >= 0) links[at + step]?.focus();
  else (links.find(isInView) ?? links[0])?.focus();
}

/** Ticks the row that has the focus as seen or chosen, or takes its tick off. */
export function tickRow(): void {
  document.activeElement
    ?.closest('[role=row]')
    ?.querySelector<HTMLElement>('input[data-seen], input[data-choose]')
    ?.click();
}

/** Height of the titles of such a list. In pixels. */
const titles = 34;
/** So much of the page stays in view when it is turned. In pixels. */
const overlap = 80;

/** Shows the next page of a list, or the one before. A list that scrolls by itself turns by itself, others turn the window. */
export function turnPage(step: 1 | -1): void {
  const scroller = document.querySelector<HTMLElement>('[data-scrolls-rows]');
  if (scroller) {
    scroller.scrollBy({ top: step * (scroller.clientHeight - overlap), behavior: 'instant' });
    scroller.focus({ preventScroll: true });
    return;
  }
  const links = stops();
  if (links.length === 0) return;
  window.scrollBy({ top: step * (window.innerHeight - overlap), behavior: 'instant' });
  links.find((link) => link.getBoundingClientRect().top >= overlap)?.focus({ preventScroll: true });
}

/** To the next part of what a list shows, or the one before: the page has a button for it. */
export function stepBeside(which: 'next' | 'before'): void {
  document.querySelector<HTMLButtonElement>(`[data-step=${which}]`)?.click();
}
