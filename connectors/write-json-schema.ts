import { fileSchema } from './registry.ts';

// `npm run generate:schema` keeps docs/reference/connector.schema.json with it
process.stdout.write(`${JSON.stringify(fileSchema(), null, 2)}\n`);
