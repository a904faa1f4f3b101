import type { z } from 'zod';
import type { openErrorSchema } from '../../api/schemas/status.ts';

/** An item of GET /v1/sync-errors. */
export type OpenErrorBody = z.output<typeof openErrorSchema>;
