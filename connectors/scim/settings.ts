import { z } from 'zod';
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
  })
  .superRefine(checkAuth);

export type ScimSettings = z.infer<typeof scimSettings>;
