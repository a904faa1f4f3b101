import { connectorJsonSchema } from './json-schema.ts';

// `npm run generate:schema` keeps docs/reference/connector.schema.json with it
process.stdout.write(`${JSON.stringify(connectorJsonSchema(), null, 2)}\n`);
