import { z } from 'zod';
import { connectionSchema, connectorFileSchema } from './connector-file.ts';

/** What the schema has to know of a package. */
export interface PackageSettings {
  name: string;
  /** JSON Schema 2020-12. */
  settings: Readonly<Record<string, unknown>>;
}

/**
 * The JSON Schema of a connector file, for editors; docs/reference/connector.schema.json holds it. The settings of a connection are
 * those of its package.
 */
export function connectorJsonSchema(packages: readonly PackageSettings[]): Record<string, unknown> {
  const schema = z.toJSONSchema(connectorFileSchema, {
    io: 'input',
    unrepresentable: 'any',
    override({ zodSchema, jsonSchema }) {
      if (zodSchema !== connectionSchema) return;
      Object.assign(jsonSchema.properties?.['package'] ?? {}, { enum: packages.map(({ name }) => name) });
      jsonSchema.allOf = packages.map(settingsOf);
    },
  });
  return { ...schema, $id: 'urn:syncline:connector:v1', title: 'Syncline connector file' };
}

function settingsOf({ name, settings: { $schema: _draft, ...settings } }: PackageSettings) {
  return {
    if: { properties: { package: { const: name } }, required: ['package'] },
    then: { properties: { settings }, ...('required' in settings ? { required: ['settings'] } : {}) },
  };
}
