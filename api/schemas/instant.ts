import { z } from 'zod';

/** A time that Postgres has as well: in the years 1 to 9999, with any offset. Answers have it in UTC. */
export const instantSchema = (message: string) =>
  z.iso
    .datetime({ offset: true, error: message })
    .refine((text) => inRange(new Date(text)), message)
    .transform((text) => new Date(text).toISOString());

/** The same for cursors, which hold times as Postgres has them, with microseconds. */
export const toldInstantSchema = z.iso.datetime().refine((text) => inRange(new Date(text)));

function inRange(time: Date): boolean {
  const year = time.getUTCFullYear();
  return year >= 1 && year <= 9999;
}
