import { z } from 'zod';
import { propertyTypes } from '../../domain/connector-file.ts';
import { nextSyncSchema } from './status.ts';
import { decisionSchema } from './sync.ts';
import { keySchema, operationSchema, statusSchema, timeSchema, triggerSchema } from './words.ts';

export const entityTypeSchema = z
  .object({
    name: z.string(),
    displayName: z.string(),
    connector: z.string(),
    key: z.array(z.string()),
    label: z.string().nullable(),
    properties: z.array(
      z.object({
        name: z.string(),
        type: z.enum(propertyTypes),
        multiValued: z.boolean(),
        caseInsensitive: z.boolean(),
        key: z.boolean(),
        label: z.boolean(),
        retired: z.boolean(),
      }),
    ),
    navigationProperties: z.array(
      z.object({
        name: z.string(),
        to: z.string().describe('The first of `targets`'),
        targets: z.array(z.string()).min(1).describe('The entity types that its links lead to'),
        multiValued: z.boolean(),
        retired: z.boolean(),
      }),
    ),
    managedBy: z.enum(['rule', 'hand']).nullable().describe('How managed resources are chosen; null: all are managed'),
    users: z.boolean().describe('Whether its resources are users'),
    counts: z.object({ resources: z.int(), links: z.record(z.string(), z.int()) }),
    retired: z.boolean().describe('No longer in the connector file: readable, not synchronised, removed by a purge'),
    self: z.string(),
  })
  .meta({ id: 'EntityType' });

export const foundSchema = z
  .object({
    entityType: z.string(),
    key: keySchema,
    label: z.string(),
    self: z.string(),
  })
  .meta({ id: 'Found' });

export const resourceSchema = foundSchema.extend({
  managed: z.boolean().nullable().describe('Whether the resource is managed; null for resources as of an earlier sync'),
  attributes: z.record(z.string(), z.unknown()),
});

export const managedChoiceSchema = z
  .object({ managed: z.boolean(), by: z.string(), at: timeSchema })
  .describe('The last choice of a person');

export const chosenSchema = foundSchema.extend({ managed: z.boolean(), managedChoice: managedChoiceSchema });

export const chosenManySchema = z
  .object({
    entityType: z.string(),
    managed: z.boolean(),
    chosen: z.int().describe('Resources that have the choice now'),
    changed: z.int().describe('Resources of them that had the other flag before'),
  })
  .meta({ id: 'ChosenMany' });

export const linksSchema = z
  .object({
    items: z.array(foundSchema),
    nextCursor: z.string().nullable(),
    total: z.int(),
  })
  .meta({ id: 'Resource' });

export const fullResourceSchema = resourceSchema
  .extend({
    links: z.record(z.string(), linksSchema).describe('By navigation property'),
    referencedBy: z.record(z.string(), linksSchema).describe('By "Type.navigation property"'),
    managedChoice: managedChoiceSchema.nullable(),
    lastSync: z
      .object({
        syncId: z.string(),
        at: timeSchema,
        trigger: triggerSchema,
        job: z.string().nullable(),
        syncedBy: z.string(),
      })
      .nullable(),
    nextSync: nextSyncSchema,
  })
  .meta({ id: 'FullResource' });

const place = z.int().min(0).describe('A place in `nodes`, from 0');

export const graphSchema = z
  .object({
    nodes: z
      .array(foundSchema.extend({ distance: z.int().min(0).max(2).describe('Links from the resource asked for') }))
      .describe('At most 200; the resource asked for is the first'),
    edges: z
      .array(z.object({ from: place, to: place, property: z.string() }))
      .describe(
        'At most 1,000 links between the nodes, by the navigation property of `from`. Of the resources at the depth asked for, only links to nearer ones',
      ),
    more: z.boolean().describe('Whether resources or links were left out'),
  })
  .meta({ id: 'Graph' });

const targetSchema = z.object({ entityType: z.string(), key: keySchema });

export const historyItemSchema = z.object({
  kind: z.enum(['resource', 'link']),
  operation: operationSchema,
  property: z.string().optional(),
  target: targetSchema.optional(),
  before: z.unknown(),
  after: z.unknown(),
  state: z.literal('applied'),
  sync: z.object({
    id: z.string(),
    status: statusSchema,
    trigger: triggerSchema,
    syncedBy: z.string(),
    at: timeSchema,
    decision: decisionSchema.nullable(),
    self: z.string(),
  }),
});
