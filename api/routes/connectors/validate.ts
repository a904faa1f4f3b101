import { z } from 'zod';
import type { ConnectorFile } from '../../../domain/connector-file.ts';
import { defaultOf, thresholdNames } from '../../../domain/thresholds/names.ts';
import { entityTypesOf } from '../../../repository/catalog.ts';
import { findConnector, findRevision } from '../../../repository/connectors.ts';
import { countResources } from '../../../repository/stored.ts';
import type { Dependencies } from '../../dependencies.ts';
import { Problem } from '../../problems.ts';
import { readConnectorFile } from '../../read-connector-file.ts';
import { route } from '../../route.ts';
import { warnOfPolls } from '../../warn-of-polls.ts';

const faultSchema = z.object({ pointer: z.string().describe('JSON Pointer into the file'), detail: z.string() });

const validationSchema = z.object({
  valid: z.boolean(),
  errors: z.array(faultSchema).describe('At most the first hundred'),
  warnings: z.array(faultSchema),
  retires: z
    .array(z.object({ entityType: z.string(), resources: z.int() }))
    .describe('Entity types in use that the file no longer has, and how many resources are stored of them'),
  raises: z
    .array(z.object({ limit: z.string(), from: z.number(), to: z.number() }))
    .describe('Limits of the connector that the file raises above those in use'),
});

type Validation = z.output<typeof validationSchema>;

export const validateRoute = route({
  method: 'post',
  path: '/v1/connectors/validate',
  tag: 'connectors',
  summary: 'Check a connector file that is not saved, and say what its use would change',
  description: 'A file with faults is an answer of this route, not a problem of it.',
  body: z.unknown().describe('A connector file'),
  bodyTypes: ['application/yaml', 'application/json'],
  answers: { 200: { description: 'What is wrong with it, and what it would change', schema: validationSchema } },
  problems: [415, 429],
  async handle({ deps, body }) {
    const none: Validation = { valid: false, errors: [], warnings: [], retires: [], raises: [] };
    try {
      const file = await readConnectorFile(deps, body);
      const warnings = await warnOfPolls(deps.db, file);
      return { status: 200, body: { ...none, valid: true, warnings, ...(await consequencesOf(deps, file)) } };
    } catch (error) {
      if (!(error instanceof Problem) || error.code === 'too-many-requests') throw error;
      const { detail, errors } = error.toBody();
      return { status: 200, body: { ...none, errors: errors ?? [{ pointer: '', detail }] } };
    }
  },
});

/** Beside the revision in use; nothing for a connector that is new. */
async function consequencesOf(
  { db }: Dependencies,
  file: ConnectorFile,
): Promise<Pick<Validation, 'retires' | 'raises'>> {
  const connector = await findConnector(db, file.name);
  const used =
    connector?.activeRevision == null ? undefined : await findRevision(db, connector.id, connector.activeRevision);
  if (!connector || !used) return { retires: [], raises: [] };
  const kept = new Set(file.entityTypes.map(({ name }) => name));
  const retires = [];
  for (const type of await entityTypesOf(db, connector.id))
    if (!type.retired && !kept.has(type.name))
      retires.push({ entityType: type.name, resources: await countResources(db, type.id) });
  const raises = thresholdNames.flatMap((limit) => {
    const from = used.file.thresholds[limit] ?? defaultOf(limit);
    const to = file.thresholds[limit] ?? defaultOf(limit);
    return to > from ? [{ limit, from, to }] : [];
  });
  return { retires, raises };
}
