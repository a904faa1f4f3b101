import { z } from 'zod';
import type { LifecycleFile } from './directory/lifecycle.ts';
import { mappingSchema } from './directory/mapping-schema.ts';
import { DurationError, formatDuration, parseDuration } from './duration.ts';
import { cel, name } from './file-texts.ts';
import { provisioningSchema } from './provisioning/profile-schema.ts';
import { reviewSchema } from './review/file-schema.ts';
import { linkWatchesSchema, watchesSchema, windowsSchema } from './thresholds/file-schema.ts';
import { limits } from './thresholds/limits-schema.ts';
import { linkThresholdNames, thresholdNames, rejectedThresholdNames } from './thresholds/names.ts';

/**
 * The shape of a connector file (model.md). What a shape cannot say (a key names a property, a link's target exists)
 * is checked by `checkConnectorFile`.
 */

const column = name('a column');

/** Sections of later versions, and sections in the wrong place: refused by name, never ignored. */
export const unsupportedSections = [
  'provisioning',
  'poll',
  'managed',
  'users',
  'events',
  'notifications',
  'fourEyes',
  'lifecycle',
  'protected',
  'zone',
] as const;

export const propertyTypes = ['string', 'integer', 'decimal', 'boolean', 'date', 'dateTime', 'binary'] as const;

export const propertySchema = z
  .strictObject({
    column: column.optional().describe('The column of the source table that the value comes from'),
    expression: cel.optional().describe('A CEL expression over `row` that gives the value'),
    type: z.enum(propertyTypes).default('string'),
    format: z.string().min(1).max(200).optional().describe('A UTS 35 date pattern, or a named format'),
    zone: z.string().min(1).max(64).optional().describe('IANA time zone of local times; the default is UTC'),
    decimalSeparator: z.enum(['.', ',']).optional(),
    multiValued: z.boolean().default(false),
    separator: z
      .string()
      .min(1)
      .max(10)
      .optional()
      .describe('Character or text between the values of a multi-valued cell'),
    pick: z
      .literal('first')
      .optional()
      .describe('A source cell with several values gives the first of them in sorted order, instead of an error'),
    caseInsensitive: z
      .boolean()
      .default(false)
      .describe('Values that differ only by case are the same key, and the same for links that match the property'),
    indexed: z.boolean().optional().describe('Lists that are filtered or sorted by the property read an index'),
    displayName: z.string().max(200).optional(),
  })
  .refine((p) => (p.column === undefined) !== (p.expression === undefined), 'give either column or expression');

export const navigationSchema = z
  .strictObject({
    to: z
      .union([name('an entity type'), z.array(name('an entity type')).min(1).max(20)])
      .describe(
        'The entity type that the links lead to, of this connector or another; a list where it may be one of several',
      ),
    column: column.optional().describe("The column of the entity type's own table that holds the target's key"),
    connection: name('a connection').optional(),
    table: z.string().min(1).max(500).optional().describe('A table of its own that holds the links'),
    sourceColumn: column.optional(),
    targetColumn: column.optional(),
    where: cel.optional(),
    by: name('a property')
      .optional()
      .describe('Another property of the target that the value matches, instead of its key'),
    multiValued: z.boolean().optional(),
    separator: z.string().min(1).max(10).optional(),
    thresholds: limits(linkThresholdNames).optional(),
    watch: linkWatchesSchema.optional(),
    displayName: z.string().max(200).optional(),
  })
  .superRefine((n, context) => {
    if ((n.column === undefined) === (n.table === undefined)) {
      context.addIssue({ code: 'custom', message: 'give either column, or table with sourceColumn and targetColumn' });
      return;
    }
    if (n.table !== undefined) {
      for (const field of ['sourceColumn', 'targetColumn'] as const)
        if (n[field] === undefined)
          context.addIssue({ code: 'custom', path: [field], message: `a link table needs ${field}` });
      if (n.multiValued === false)
        context.addIssue({ code: 'custom', path: ['multiValued'], message: 'links of a table are multi-valued' });
      if (n.separator !== undefined)
        context.addIssue({ code: 'custom', path: ['separator'], message: 'only links of a column can have separator' });
    } else {
      for (const field of ['sourceColumn', 'targetColumn', 'where', 'connection'] as const)
        if (n[field] !== undefined)
          context.addIssue({ code: 'custom', path: [field], message: `only links of a table can have ${field}` });
    }
  });

export const managedSchema = z
  .union(
    [
      z.strictObject({
        rule: cel.describe('CEL over `resource`, its properties: resources for which it is true are managed'),
      }),
      z.strictObject({ by: z.literal('hand').describe('A resource is managed if a person has chosen it') }),
    ],
    'managed is { rule: <CEL over resource> }, or { by: hand }; leave it out where all resources are managed',
  )
  .describe(
    'Which resources are managed. Every sync synchronises managed resources. Only syncs of everything synchronise others',
  );

export const entityTypeSchema = z.strictObject({
  name: z
    .string()
    .regex(
      /^[A-Za-z][A-Za-z0-9_]{0,62}$/,
      'the name of an entity type has letters, digits and _, at most 63, and begins with a letter',
    ),
  displayName: z.string().max(200).optional(),
  source: z.strictObject({
    connection: name('a connection'),
    table: z.string().min(1).max(500),
    where: cel.optional().describe('CEL over `row`: rows for which it is false are ignored'),
    identity: name('a property')
      .optional()
      .describe('The property that stays the same if a resource is renamed: a string with one value, from a column'),
  }),
  key: z
    .array(name('a property'))
    .min(1, 'an entity type needs a key')
    .max(10)
    .describe('The properties that tell the resources apart. A key has at most 2,600 bytes of UTF-8 in all'),
  label: name('a property').optional(),
  managed: managedSchema.optional(),
  users: z.boolean().optional().describe('Its resources are users: Sync users updates them, Sync inventory does not'),
  thresholds: limits([...thresholdNames, ...rejectedThresholdNames]).optional(),
  watch: watchesSchema.optional(),
  properties: z.record(name('a property'), propertySchema),
  navigationProperties: z.record(name('a navigation property'), navigationSchema).default({}),
});

const second = 1_000;
const day = 86_400_000;

/** A duration as text, between two lengths in milliseconds. */
const duration = (what: string, least: number, most: number) =>
  z.string(`${what} must be a duration as text, like 15m`).superRefine((text, context) => {
    try {
      const length = parseDuration(text);
      if (length < least || length > most)
        context.addIssue({
          code: 'custom',
          message: `${what} must be from ${formatDuration(least)} to ${formatDuration(most)}, not ${text}`,
        });
    } catch (error) {
      if (!(error instanceof DurationError)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
    }
  });

export const pollSchema = z.strictObject(
  {
    interval: duration('interval', second, 30 * day)
      .optional()
      .describe('Time from one incremental sync to the next, like 15m, 2m30s or PT15M'),
    failures: z
      .int('failures must be a whole number')
      .min(1, 'failures must be at least 1')
      .max(100, 'failures must be at most 100')
      .optional()
      .describe('Failures in a row that open the circuit breaker'),
    reset: duration('reset', second, 30 * day)
      .optional()
      .describe('How long an open breaker stops polls of the source'),
  },
  {
    error: (issue) =>
      issue.code === 'invalid_type' ? 'poll must be an object; poll: {} uses the defaults of the package' : undefined,
  },
);
const limitsSchema = z
  .strictObject({
    key: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'a key of limits has letters, digits, ., _ and -, at most 100')
      .optional()
      .describe(
        'Connections with the same key share these limits, also across connectors. Without a key each connection has its own',
      ),
    requestsPerSecond: z
      .number()
      .min(0.01, 'at least 0.01: one request in 100 seconds')
      .max(10_000)
      .optional()
      .describe(
        'Requests to the source, evenly spaced. Opening a table is one request, and so is each batch of its rows',
      ),
    concurrent: z
      .int()
      .min(1)
      .max(100)
      .optional()
      .describe('How many exports run at once. The others wait for their turn'),
  })
  .describe('Limits for the load on the source, over all workers');

export const connectionSchema = z.strictObject({
  name: name('a connection'),
  package: z.string().min(1),
  settings: z.record(z.string(), z.unknown()).default({}),
  secrets: z
    .record(
      z.string(),
      z
        .string()
        .regex(
          /^(env:[A-Za-z_][A-Za-z0-9_]*|file:\/.+)$/,
          'a secret is a reference: env:SYNCLINE_SECRET_… or file:/path, never a value',
        ),
    )
    .default({}),
  taskQueue: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,200}$/)
    .optional(),
  poll: pollSchema
    .optional()
    .describe('Asks the source for changes at an interval. Each setting has a default from the package'),
  limits: limitsSchema.optional(),
});

export const connectorFileSchema = z.strictObject({
  apiVersion: z.literal('syncline/v1', 'apiVersion must be syncline/v1'),
  kind: z.literal('Connector', 'kind must be Connector or Directory: other kinds are not supported by this version'),
  name: z
    .string()
    .regex(
      /^[a-z][a-z0-9-]{0,62}$/,
      'the name of a connector has small letters, digits and -, at most 63, and begins with a letter',
    ),
  displayName: z.string().max(200).optional(),
  active: z.boolean().default(true),
  thresholds: limits([...thresholdNames, ...rejectedThresholdNames]).default({}),
  windows: windowsSchema.optional(),
  review: reviewSchema.optional(),
  connections: z.array(connectionSchema).min(1, 'a connector needs a connection'),
  entityTypes: z
    .array(entityTypeSchema)
    .describe('An empty list retires all entity types of the connector. Retired entity types can be purged'),
  mappings: z
    .array(mappingSchema)
    .min(1, 'leave mappings out where nothing is mapped')
    .max(200)
    .optional()
    .describe('How resources of these entity types become resources of the directory'),
  provisioning: provisioningSchema
    .optional()
    .describe('Which resources of the directory have an account at the target of this connector'),
});

/**
 * A connector file, defaults filled in. That of the directory has the same form, see directory/directory-file.ts, and so has what keeps
 * the app profiles of a target, see provisioning/target-file.ts.
 */
export type ConnectorFile = Omit<z.infer<typeof connectorFileSchema>, 'kind'> & {
  kind: 'Connector' | 'Directory' | 'Provisioning';
  /** Of the directory, by entity type. */
  lifecycles?: Record<string, LifecycleFile>;
};
export type EntityTypeFile = ConnectorFile['entityTypes'][number];
export type PropertyFile = EntityTypeFile['properties'][string];
export type NavigationFile = EntityTypeFile['navigationProperties'][string];
export type ConnectionFile = ConnectorFile['connections'][number];

/** The entity types that the links of a navigation property lead to, in the order of the file. */
export const targetsOf = ({ to }: Pick<NavigationFile, 'to'>): readonly string[] =>
  typeof to === 'string' ? [to] : to;
