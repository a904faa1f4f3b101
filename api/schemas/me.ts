import { z } from 'zod';

/** What people may do. Operator, approver and admin include viewer. */
export const roles = ['viewer', 'operator', 'approver', 'auditor', 'admin'] as const;

/** What GET /v1/me answers. */
export const meSchema = z
  .object({
    by: z.string().describe('As `by` and `syncedBy` name this person'),
    name: z.string().describe('As people read it'),
    login: z.enum(['off']).describe('How people sign in; off: nobody has to'),
    roles: z.array(z.enum(roles)),
    workflows: z
      .string()
      .nullable()
      .describe(
        'Where the Temporal Web UI shows workflows: a slash and the encoded `workflowId` follow; null: SYNCLINE_TEMPORAL_UI_URL is not set',
      ),
    connectors: z.array(z.string()).nullable().describe('The connectors that this person may see; null: all of them'),
  })
  .meta({ id: 'Me' });
