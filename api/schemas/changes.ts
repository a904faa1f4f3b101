import { z } from 'zod';
import { changeSchema } from './sync.ts';

export const changesPageSchema = z.object({
  items: z.array(changeSchema),
  nextCursor: z.string().nullable().describe('null on the last page'),
  prevCursor: z.string().nullable().describe('For `before`; null on the first page'),
  total: z.int().nullable().describe('How many changes fit; null where that is not counted'),
  from: z.int().nullable().describe('How many of them stand in front of this page; null where that is not known'),
});
