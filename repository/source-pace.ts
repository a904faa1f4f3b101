import { row, type Queryable } from './database.ts';

/**
 * Takes the next places in the row of requests to a source, one every `1 / requestsPerSecond` seconds over all workers.
 * A place that is not used is lost. This costs only its interval.
 * @returns milliseconds to wait before the first of the requests may be made
 */
export async function takePlaces(
  db: Queryable,
  key: string,
  { requestsPerSecond, places }: { requestsPerSecond: number; places: number },
): Promise<number> {
  const interval = places / requestsPerSecond;
  const taken = await row<{ wait: number }>(
    db,
    `insert into syncline.source_pace as p (key, free_at)
     values (?, clock_timestamp() + make_interval(secs => ?::float))
     on conflict (key) do update
       set free_at = greatest(p.free_at, clock_timestamp()) + make_interval(secs => ?::float)
     returning extract(epoch from p.free_at - make_interval(secs => ?::float) - clock_timestamp())::float * 1000 as wait`,
    [key, interval, interval, interval],
  );
  return Math.max(0, taken?.wait ?? 0);
}
