import { z } from 'zod';
import { connectorFileSchema } from './connector-file.ts';

/** The JSON Schema of a connector file, for editors; docs/reference/connector.schema.json holds it. */
export function connectorJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(connectorFileSchema, { io: 'input', unrepresentable: 'any' });
  return { ...schema, $id: 'urn:syncline:connector:v1', title: 'Syncline connector file' };
}
