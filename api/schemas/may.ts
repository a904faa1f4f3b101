import { z } from 'zod';
import { mayNotCodes } from '../may.ts';

const maySchema = z.union([z.literal(true), z.enum(mayNotCodes)]);

export const whatMaySchema = z
  .object({ resume: maySchema, reject: maySchema, draft: maySchema, revert: maySchema })
  .describe('What can be done with the sync now: true, or why not');
