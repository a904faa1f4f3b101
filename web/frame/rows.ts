/** What keys do in the rows of the page that is shown. */

const inRow = 'a, button, input';
/** What can have the focus in each row, the first of each; the row of titles has nothing. */
const stops = () =>
  [...document.querySelectorAll('[role=table] [role=row]')].flatMap(
    (row) => row.querySelector<HTMLElement>(inRow) ?? [],
  );

/** To the link, button or tick of the next row, or of the one before. */
export function moveInRows(step: 1 | -1): void {
  const links = stops();
  const at = links.findIndex((link) => link === document.activeElement);
  links[at < 0 ? (step === 1 ? 0 : links.length - 1) : at + step]?.focus();
}

/** Ticks the row that has the focus as seen or chosen, or takes its tick off. */
export function tickRow(): void {
  document.activeElement
    ?.closest('[role=row]')
    ?.querySelector<HTMLElement>('input[data-seen], input[data-choose]')
    ?.click();
}

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
