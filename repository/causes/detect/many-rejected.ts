import { amount, some } from '../../../domain/amount.ts';
import { row } from '../../database.ts';
import type { Counters } from '../../../domain/sync.ts';
import { count, type Detector, type Finding, type Search } from '../detector.ts';
import { fewestOf } from '../fewest.ts';

/** Of the rows read. */
const many = 0.05;
const fewest = 10;

/** Rows went because their keys could not be read; or many rows are rejected that were not before. */
export const manyRejected: Detector = {
  code: 'many-rejected',
  async find(search) {
    const found: Finding[] = [];
    const known = search.subjects.some(
      ({ rejected, links }) => rejected > 0 || links.some((each) => each.unreadable > 0),
    )
      ? await rejectedBefore(search)
      : {};
    for (const type of search.subjects) {
      const before = known[type.name]?.rejected ?? 0;
      const rejected = Math.max(0, type.rejected - before);
      const unread = type.unreadable >= fewestOf(type.stored) && type.deleted > 0 && type.whole && rejected > 0;
      if (unread || rejected >= Math.max(fewest, many * type.read))
        found.push({
          entityType: type.name,
          message: unread
            ? `${amount(type.unreadable, 'row')} of ${type.table} ${some(type.unreadable, 'was', 'were')} rejected because the key could not be read; ${amount(type.deleted, 'resource')} ${some(type.deleted, 'goes', 'go')}.`
            : `${count(type.rejected)} of ${amount(type.read, 'row')} of ${type.table} ${some(type.rejected, 'was', 'were')} rejected; ${count(before)} ${some(before, 'was', 'were')} in the last applied sync.`,
          examples: [type.table],
          counts: { rejected: type.rejected, unreadable: type.unreadable, rejectedBefore: before, read: type.read },
          explains: unread ? [{ kind: 'resource', type: type.id, operation: 'd' }] : [],
          rejected,
        });
      for (const link of type.links)
        if (link.table !== null && link.unreadable >= fewestOf(link.stored) && link.deleted > 0 && type.whole)
          found.push({
            entityType: type.name,
            property: link.name,
            message: `${amount(link.unreadable, 'row')} of ${link.table} ${some(link.unreadable, 'was', 'were')} rejected because the key could not be read; ${amount(link.deleted, 'link')} ${some(link.deleted, 'goes', 'go')}.`,
            examples: [link.table],
            counts: { unreadable: link.unreadable, read: link.read, deleted: link.deleted },
            explains: [{ kind: 'link', property: link.id, operation: 'd' }],
          });
    }
    return found;
  },
};

/** The counters of the last applied whole sync: what was rejected then too is nothing new. */
export async function rejectedBefore({ tx, sync, connector }: Search): Promise<Counters> {
  const last = await row<{ counters: Counters }>(
    tx,
    `select counters from syncline.sync where connector = ? and applied and no <> ? and scope is null and preparation is not null
     order by applied_at desc nulls last, no desc limit 1`,
    [connector, sync],
  );
  return last?.counters ?? {};
}
