import { z } from 'zod';
import { cel, name } from '../file-texts.ts';

/** The section `mappings` of a connector file: how resources of its entity types become resources of the directory. */

const forms = ['property', 'expression', 'value', 'link', 'referencedBy'] as const;

export const mappedAttributeSchema = z
  .strictObject({
    property: name('a property').optional().describe('The property of the source whose value it takes'),
    expression: cel.optional().describe('A CEL expression over `source` that gives the value'),
    value: z
      .union([z.string(), z.number(), z.boolean()])
      .optional()
      .describe('The same value for all that the mapping maps'),
    link: name('a navigation property')
      .optional()
      .describe('A navigation property of the source: the links lead to what its targets are joined to'),
    referencedBy: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9_]{0,62}\..+$/, 'referencedBy is <Entity type>.<navigation property>')
      .optional()
      .describe('A navigation property that leads to the source: the links lead to what its sources are joined to'),
  })
  .refine(
    (attribute) => forms.filter((form) => attribute[form] !== undefined).length === 1,
    `give one of ${forms.join(', ')}`,
  );

export const mappingSchema = z.strictObject({
  from: name('an entity type').describe('An entity type of this connector'),
  to: name('an entity type').describe('An entity type of the directory'),
  when: cel.optional().describe('CEL over `source`: only resources for which it is true are mapped'),
  match: z
    .array(z.record(name('a property'), name('a property')))
    .max(10)
    .default([])
    .describe('Rules, tried in turn. Each pairs properties of the source with properties of the directory'),
  create: z
    .boolean()
    .default(false)
    .describe('What matches nothing makes a new resource of the directory. Without it, mappings only match'),
  priority: z
    .int('priority must be a whole number')
    .min(0)
    .max(1_000_000)
    .describe('The lower one wins, attribute by attribute, where it has a value'),
  lifecycle: z
    .boolean()
    .optional()
    .describe(
      'true: what it maps anchors what it is joined to. When the last anchor of a resource ends, the resource is disabled. Needed where the entity type of the directory has a lifecycle',
    ),
  attributes: z.record(name('a property'), mappedAttributeSchema).default({}),
});

export type MappingFile = z.infer<typeof mappingSchema>;
export type MappedAttribute = z.infer<typeof mappedAttributeSchema>;
