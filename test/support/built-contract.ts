import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { oneFile, placesOfSources } from '../../local/built.ts';

const root = join(import.meta.dirname, '..', '..');
/** Below the folder of the packages, which stay where they are. */
const folder = join(root, 'dist');

export const contractFile = join(folder, 'contract.mjs');

/**
 * Makes the check of answers one file of JavaScript. It leads to every route, and so to most of the product: a test file that
 * loads all that as TypeScript takes 7 s longer to begin.
 */
export async function buildContract(): Promise<void> {
  const temporary = join(folder, `.contract-${String(process.pid)}.mjs`);
  await mkdir(folder, { recursive: true });
  await build({
    entryPoints: [join(import.meta.dirname, 'contract.ts')],
    outfile: temporary,
    ...oneFile,
    plugins: [placesOfSources()],
  });
  await rename(temporary, contractFile);
}
