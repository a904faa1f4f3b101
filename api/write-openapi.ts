import { buildOpenApi } from './openapi.ts';
import packageJson from '../package.json' with { type: 'json' };

// `npm run generate:client` makes the types of the command line's client of it
process.stdout.write(`${JSON.stringify(buildOpenApi(packageJson.version), null, 2)}\n`);
