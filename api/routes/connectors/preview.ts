import { z } from 'zod';
import { randomUUID } from 'node:crypto';
import { isStructured } from '../../../connectors/registry.ts';
import { findSubject, preview, subjectOf } from '../../preview.ts';
import { targetTypes } from '../../../repository/catalog.ts';
import { invalid } from '../../problems.ts';
import { readConnectorFile } from '../../read-connector-file.ts';
import { requireConnector, requireFile } from '../../require-connector.ts';
import { route } from '../../route.ts';
import { keySchema } from '../../schemas/words.ts';

const previewSchema = z.object({
  entityType: z.string(),
  cells: z.record(z.string(), z.string()),
  expressions: z.array(
    z.object({
      property: z.string(),
      expression: z.string(),
      value: z.unknown().optional(),
      error: z.string().optional(),
    }),
  ),
  outcome: z.enum(['row', 'filtered', 'rejected']),
  errors: z.array(
    z.object({
      code: z.string(),
      column: z.string().optional(),
      property: z.string().optional(),
      message: z.string(),
    }),
  ),
  resource: z
    .object({
      key: keySchema,
      attributes: z.record(z.string(), z.unknown()),
      references: z.record(z.string(), z.unknown()),
      managed: z.boolean().describe('By the rule. With managed: by hand, as stored, else as a person chose'),
    })
    .nullable(),
  changes: z.array(z.object({ operation: z.enum(['insert', 'update']), before: z.unknown(), after: z.unknown() })),
});

export const previewRoute = route({
  method: 'post',
  path: '/v1/connectors/{name}/preview',
  tag: 'connectors',
  summary: 'One record through the mapping; writes nothing',
  description:
    'Give the cells of a row, or a key whose row is in the newest export. With `connector`, an unsaved file is used.',
  params: { name: z.string() },
  body: z.strictObject({
    entityType: z.string(),
    row: z.record(z.string(), z.string('cells are strings')).optional(),
    key: keySchema.optional(),
    connector: z.unknown().optional().describe('A connector file that is not saved'),
  }),
  answers: { 200: { description: 'The result for the record', schema: previewSchema } },
  problems: [404, 409, 422],
  async handle({ deps, params, body }) {
    if ((body.row === undefined) === (body.key === undefined)) throw invalid('', 'Give either row or key.');
    const connector = await requireConnector(deps.db, params.name);
    const file =
      body.connector === undefined
        ? await requireFile(deps.db, connector, connector.activeRevision ?? connector.newestRevision)
        : await readConnectorFile(deps, body.connector, '/connector');
    const type = file.entityTypes.find((each) => each.name === body.entityType);
    if (!type) throw invalid('/entityType', `The file has no entity type ${body.entityType}.`);
    const targets = await targetTypes(deps.db);
    const structured = file.connections.map((each) => each.package).filter(isStructured);
    const asked = { request: randomUUID(), file, targets, entityType: type.name, structured };
    const subject = body.row ? subjectOf(body.row) : await findSubject(deps, connector, asked, type, body.key ?? []);
    return { status: 200, body: await preview(deps, asked, type, subject) };
  },
});
