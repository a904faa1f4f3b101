#!/usr/bin/env node
// Runs the TypeScript of the command line without a build.
import { register } from 'tsx/esm/api';

register();
const { main } = await import('./main.ts');
// a reader of the output (head, less) may stop reading
process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});
await main(process.argv);
