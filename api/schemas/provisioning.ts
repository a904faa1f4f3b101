import { z } from 'zod';
import { orderOperations, orderStatuses } from '../../domain/provisioning/order.ts';
import { profileStates } from '../../repository/provisioning/profiles.ts';
import { keySchema, timeSchema } from './words.ts';

export const orderSchema = z
  .object({
    id: z.string(),
    connector: z.string(),
    profile: z.string().describe('The app profile type'),
    key: keySchema.describe('The key of the profile, which is that of its resource in the directory'),
    operation: z.enum(orderOperations),
    status: z.enum(orderStatuses),
    attempts: z
      .array(
        z.object({
          at: timeSchema,
          outcome: z.enum(orderStatuses),
          code: z.string().nullable(),
          milliseconds: z.int(),
        }),
      )
      .describe('The last twenty'),
    nextAttemptAt: timeSchema.nullable(),
    error: z.object({ code: z.string(), message: z.string(), field: z.string().optional() }).nullable(),
    targetId: z.string().nullable().describe("The target's id of the account"),
    calls: z.int().describe('Requests that wrote'),
    syncId: z.string().nullable().describe('The run of provisioning whose changes it sends'),
    createdAt: timeSchema,
    endedAt: timeSchema.nullable(),
  })
  .meta({ id: 'Order' });

export const profileSchema = z
  .object({
    profile: z.string(),
    key: keySchema,
    label: z.string().nullable(),
    state: z
      .enum(profileStates)
      .describe(
        '`failed`: its last order failed, or its outcome is unknown. `unsynced`: no account is known. `partial`: the account differs from what is desired. `succeeded`: all is pushed',
      ),
    assigned: z.boolean(),
    desired: z.record(z.string(), z.unknown()).nullable().describe('Null: it is no longer assigned'),
    pushed: z
      .record(z.string(), z.unknown())
      .nullable()
      .describe('What the target has acknowledged; null: no account is known'),
    enabled: z.boolean().nullable(),
    targetId: z.string().nullable(),
    pushedAt: timeSchema.nullable(),
  })
  .meta({ id: 'Profile' });

const countsSchema = z
  .object({
    impacted: z.int(),
    succeeded: z.int(),
    unsynced: z.int(),
    partial: z.int(),
    failed: z.int(),
  })
  .describe('Profiles by state; `impacted` is their sum');

export const provisioningStatusSchema = z
  .object({
    status: z.enum(['active', 'inactive']),
    direction: z.enum(['inbound', 'outbound', 'both']),
    enabled: z.boolean(),
    paused: z.object({ by: z.string(), at: timeSchema, reason: z.string() }).nullable(),
    users: countsSchema,
    groups: countsSchema.nullable().describe('Null: the target has no profiles of groups'),
    lastRun: z.object({ syncId: z.string(), status: z.string(), at: timeSchema }).nullable(),
    orders: z.partialRecord(z.enum(orderStatuses), z.int()),
    due: z
      .object({ count: z.int(), oldestSince: timeSchema.nullable() })
      .describe('Resources of the directory that a run has to look at'),
    heldSync: z.string().nullable().describe('The run that waits for a decision'),
  })
  .meta({ id: 'ProvisioningStatus' });
