import { z } from 'zod';
import { limitSchema } from './names.ts';

/** An object of limits, each of which can be left out. */
export const limits = <Names extends readonly string[]>(names: Names) =>
  z.strictObject(
    Object.fromEntries(names.map((n) => [n, limitSchema(n).optional()])) as {
      [N in Names[number]]: z.ZodOptional<z.ZodNumber>;
    },
  );
