import { z } from 'zod';
import { cel, name } from '../file-texts.ts';
import { windowsSchema } from '../thresholds/file-schema.ts';
import { limits } from '../thresholds/limits-schema.ts';
import { rejectedThresholdNames, thresholdNames } from '../thresholds/names.ts';

/** The section `provisioning` of a connector file: which resources of the directory have an account at its target, and with what. */

const forms = ['property', 'expression', 'value'] as const;

export const profileAttributeSchema = z
  .strictObject({
    property: name('a property').optional().describe('The property of the directory whose value it takes'),
    expression: cel.optional().describe('A CEL expression over `user` or `group` that gives the value'),
    value: z
      .union([z.string(), z.number(), z.boolean(), z.array(z.string()).max(100)])
      .optional()
      .describe('The same value for all profiles'),
    required: z.boolean().default(false).describe('Without a value nothing is sent, and nothing is taken away'),
    onCreate: z.boolean().default(false).describe('Sent with the create alone'),
  })
  .refine(
    (attribute) => forms.filter((form) => attribute[form] !== undefined).length === 1,
    `give one of ${forms.join(', ')}`,
  );

const allowed = (what: string, by: boolean) =>
  z.boolean().default(by).describe(`Whether orders may ${what}; without it such profiles are left as they are`);

export const profileSchema = z.strictObject({
  name: z
    .string()
    .regex(
      /^[A-Za-z][A-Za-z0-9_]{0,62}$/,
      'the name of a profile has letters, digits and _, at most 63, and begins with a letter',
    )
    .describe('The app profile type. Its profiles are listed like the resources of an entity type'),
  displayName: z.string().max(200).optional(),
  from: name('an entity type').describe('An entity type of the directory'),
  kind: z.enum(['user', 'group']),
  assigned: cel.describe('CEL over `user` or `group`: those for which it is true have an account'),
  match: z
    .array(z.record(name('an attribute'), name('an attribute')))
    .min(1, 'match names the attribute by which an account is found')
    .max(5)
    .describe('Rules, tried in turn. Each pairs attributes of the profile with attributes of the target'),
  adopt: z
    .literal('never', 'adopt must be never: accounts that are there already are not adopted by this preview')
    .describe('What happens with an account that the target has already: nothing, the order fails'),
  actions: z
    .strictObject({
      create: allowed('create', true),
      update: allowed('update', true),
      enable: allowed('enable', true),
      disable: allowed('disable', true),
      delete: allowed('delete', false),
      members: allowed('change members', true),
    })
    .prefault({}),
  attributes: z.record(name('an attribute'), profileAttributeSchema),
  members: z
    .strictObject({
      link: name('a navigation property').describe(
        'The navigation property of the directory that leads to the members',
      ),
      profiles: z.array(name('a profile')).length(1, 'members have one profile type in this preview'),
      foreign: z.literal('keep', 'foreign must be keep: members that are not ours are never removed').default('keep'),
    })
    .optional(),
  deprovision: z
    .strictObject({
      action: z.enum(['disable', 'delete', 'none']).default('disable'),
    })
    .optional()
    .describe(
      'What becomes of the account of who is no longer assigned; disable unless it says otherwise, none for groups',
    ),
  thresholds: limits([...thresholdNames, ...rejectedThresholdNames]).optional(),
});

export const provisioningSchema = z.strictObject({
  enabled: z.boolean().default(true).describe('Without it nothing is computed and nothing is sent'),
  connection: name('a connection').describe('The connection of this file that leads to the target'),
  profiles: z.array(profileSchema).min(1, 'provisioning needs a profile').max(20),
  thresholds: limits([...thresholdNames, ...rejectedThresholdNames]).default({}),
  windows: windowsSchema.optional(),
});

export type ProvisioningFile = z.infer<typeof provisioningSchema>;
export type ProfileFile = z.infer<typeof profileSchema>;
export type ProfileAttribute = z.infer<typeof profileAttributeSchema>;

export const deprovisionOf = ({ kind, deprovision }: ProfileFile): 'disable' | 'delete' | 'none' =>
  deprovision?.action ?? (kind === 'user' ? 'disable' : 'none');
