import { z } from 'zod';
import { parseDuration } from '../../domain/duration.ts';
import { authShape, baseUrl, checkAuth, tlsShape } from '../web/settings.ts';

export const scimSettings = z
  .strictObject({
    baseUrl: baseUrl.describe('The base of the service, for example https://hr.example/scim/v2'),
    auth: z.enum(['bearer', 'basic', 'oauth2']).default('bearer'),
    ...authShape,
    ...tlsShape,
    pageSize: z.int().min(2).max(1000).default(100).describe('How many entries to ask for at once'),
    paging: z
      .enum(['auto', 'index', 'cursor'])
      .default('auto')
      .describe('auto: as the service describes itself (ServiceProviderConfig)'),
    incremental: z
      .boolean()
      .default(false)
      .describe('Whether the service filters by meta.lastModified, so that incremental syncs can ask for changes'),
    dialect: z
      .enum(['rfc', 'slack', 'github'])
      .default('rfc')
      .describe('Writing: how the service differs from RFC 7644'),
    delete: z
      .enum(['restorable', 'disables'])
      .optional()
      .describe('Writing, dialect: rfc: what a delete does here. Without it, a delete counts as permanent'),
    timeout: z
      .string()
      .refine(isTimeout, 'must be a duration from 1s to 15m, like 30s')
      .default('30s')
      .describe('Writing: how long one request may take'),
  })
  .superRefine((settings, context) => {
    checkAuth(settings, context);
    if (settings.delete !== undefined && settings.dialect !== 'rfc')
      context.addIssue({
        code: 'custom',
        path: ['delete'],
        message: `dialect: ${settings.dialect} knows what a delete does. Leave out delete`,
      });
  });

function isTimeout(text: string): boolean {
  try {
    const length = parseDuration(text);
    return length >= 1000 && length <= 15 * 60_000;
  } catch {
    return false;
  }
}

export type ScimSettings = z.infer<typeof scimSettings>;
