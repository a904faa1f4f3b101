import { touched, type Queryable } from '../database.ts';

/** So many ended refusals are kept of each connector at most, however new they are. */
export const keptEnded = 10_000;

/** Removes refusals that ended longer ago than so many days, or are not among the newest that ended. A repeat finds nothing. */
export function removeEndedRefusals(db: Queryable, days: number, kept = keptEnded): Promise<number> {
  return touched(
    db,
    `delete from syncline.refusal f using (
       select no, ended_at, row_number() over (partition by connector order by no desc) as place
       from syncline.refusal where ended_at is not null
     ) ended
     where ended.no = f.no and (ended.place > ? or ended.ended_at < now() - make_interval(days => ?))`,
    [kept, days],
  );
}
