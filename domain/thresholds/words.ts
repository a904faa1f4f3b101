import { amount, some } from '../amount.ts';
import type { ThresholdVerdict } from '../sync.ts';
import { isPercentage, told, toldShare } from './share.ts';

/**
 * The arithmetic of a verdict, for people: `11 deleted of 200 stored = 5.5 %; limit 5 % = 10`. It has the values that a
 * watch names, so it belongs where a person reads it, never into a log or a workflow.
 */
export function wordsOf(verdict: ThresholdVerdict): string {
  const { limit, configured } = verdict;
  const usual = configured === undefined ? '' : ` (for this sync; else ${told(configured)})`;
  const allowed = isPercent(verdict)
    ? `limit ${told(limit)} %${usual} = ${told(verdict.limitLines)}`
    : `limit ${told(limit)}${usual}`;
  return `${countedBy(verdict)}; ${allowed}`;
}

function countedBy(verdict: ThresholdVerdict): string {
  const { actual, stored, window, earlier, watch } = verdict;
  const share = isPercent(verdict) && stored > 0 ? ` = ${toldShare(actual, stored)} %` : '';
  if (watch)
    return `${told(actual)} ${watch.property === undefined ? `${some(actual, 'link', 'links')} changed at` : `whose ${watch.property} became`} ${listed(watch.to)} of ${told(stored)} stored${share}`;
  const what = `${told(actual)} ${isLink(verdict) ? `${some(actual, 'link', 'links')} ` : ''}${operationOf(verdict)}`;
  if (window === undefined)
    return `${what} of ${told(stored)} ${verdict.name.includes('Rejected') ? 'read' : 'stored'}${share}`;
  const parts = earlier === undefined ? '' : ` (${told(earlier)} before and ${told(actual - earlier)} by this sync)`;
  return `${what} in ${window}${parts} of ${told(stored)} stored or deleted since${share}`;
}

/** Why a verdict holds the sync: counts, and names of the connector file, but none of its values. */
export function messageOf(verdict: ThresholdVerdict): string {
  const { scope, limit, limitLines, stored, actual, window, watch } = verdict;
  const allowed = isPercent(verdict)
    ? `limit ${told(limit)} % of ${told(stored)} = ${told(limitLines)}`
    : `limit ${told(limit)}`;
  if (watch) {
    const of = watch.property === undefined ? amount(actual, 'link') : `${amount(actual, 'line')} by ${watch.property}`;
    return `Watch Exceeded: ${of}, ${allowed} (${scope})`;
  }
  const what = amount(actual, `${operationOf(verdict)} ${isLink(verdict) ? 'link' : 'line'}`);
  if (window !== undefined) return `Window Exceeded: ${what} in ${window}, ${allowed}`;
  return `Threshold Exceeded: ${what}, ${allowed}${scope === 'connector' ? '' : ` (${scope})`}`;
}

const isPercent = ({ name, watch }: ThresholdVerdict) => isPercentage(watch?.limit ?? name);

const isLink = ({ name }: ThresholdVerdict) => name.includes('Link');

const operationOf = ({ name }: ThresholdVerdict) =>
  (['Inserted', 'Updated', 'Deleted', 'Rejected'].find((each) => name.includes(each)) ?? '').toLowerCase();

const shown = 3;

/** `disabled or terminated`; of many values the first three. */
function listed(values: readonly (string | readonly string[])[]): string {
  const texts = values.slice(0, shown).map((value) => (typeof value === 'string' ? value : value.join(',')));
  const more = values.length - texts.length;
  return [...texts, ...(more > 0 ? [`one of ${told(more)} more`] : [])].join(' or ');
}
