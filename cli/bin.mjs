#!/usr/bin/env node
// Runs the TypeScript of the command line as it stands, with nothing built beforehand.
import { register } from 'tsx/esm/api';

register();
const { main } = await import('./main.ts');
await main(process.argv);
