import { amount, some } from '../../domain/amount.ts';
import type { PropertyFile } from '../../domain/connector-file.ts';
import { rows } from '../database.ts';
import type { Finding, Search } from './detector.ts';
import type { CauseSubject } from './subject.ts';

const fewest = 5;
const mostOf = 0.5;

type IsOf = (property: CauseSubject['properties'][number]) => boolean;

export const isReadAs =
  (...types: PropertyFile['type'][]): IsOf =>
  ({ type }) =>
    types.includes(type);

/**
 * Properties of a type whose values can no longer be read, so that their rows are rejected: such a row is no change, and the
 * resource stays as it is.
 * @param what the values are, for the message
 */
export async function rejectedFormats({ tx, sync, subjects }: Search, isOf: IsOf, what: string): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const type of subjects) {
    if (type.rejected < fewest) continue;
    const properties = type.properties.filter((each) => isOf(each) && !type.key.includes(each.name));
    if (properties.length === 0) continue;
    const rejected = await rows<{ property: string; lines: number }>(
      tx,
      `select property, count(*)::int as lines from syncline.sync_error
       where sync = ? and entity_type = ? and code = 'format' and effect = 'row-rejected' and property = any(?::text[])
       group by 1 having count(*) >= ?::numeric`,
      [sync, type.name, properties.map(({ name }) => name), Math.max(fewest, mostOf * type.rejected)],
    );
    for (const { property, lines } of rejected)
      found.push({
        entityType: type.name,
        property,
        message: `${amount(lines, 'row')} of ${type.table} ${some(lines, 'was', 'were')} rejected, because ${some(lines, 'its value', 'their values')} of ${property} ${some(lines, 'is', 'are')} no ${what} in its format.`,
        examples: [property],
        counts: { rejected: lines, read: type.read },
        explains: [],
        rejected: lines,
      });
  }
  return found;
}
