import { row } from '../database.ts';
import type { Search } from './detector.ts';
import type { CauseSubject } from './subject.ts';

/** Whether the resources of a type connect others, as memberships do that have a role: their key has several properties. */
export const isLinkLike = ({ key }: CauseSubject): boolean => key.length > 1;

/** The part of the deleted resources of such a type of which a part of the key is the key of a resource that goes as well. */
export async function keysOfGone({ tx, gone }: Search, type: CauseSubject): Promise<number> {
  const found = await row<{ part: number }>(
    tx,
    `select (count(*) filter (where exists (
         select from unnest(?::text[]) k where d.before ->> k in (${(await gone()).keys({ but: type.id })}))) / greatest(1, count(*))::float) as part
     from cause_sample d where d.entity_type = ? and d.operation = 'd'`,
    [type.key, type.id],
  );
  return found?.part ?? 0;
}
