import { z } from 'zod';

/** Texts that occur all over connector files. */

/** A name that people choose. @param what it names, for the message */
export const name = (what: string) =>
  z
    .string()
    .min(1, `${what} must not be empty`)
    .max(128, `${what} must have at most 128 characters`)
    .regex(/^[^\p{Cc}\p{Cs}]+$/u, `${what} must not have control characters`);

export const cel = z
  .string()
  .min(1, 'an expression must not be empty')
  .max(10_000, 'an expression must have at most 10,000 characters');
