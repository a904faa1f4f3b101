import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'dist');

/**
 * The workflows as one file of code, `dist/workflows-<hash of the sources>.js`: built once for each state of the sources,
 * since a build takes seconds and a start should be fast.
 */
export async function workflowBundle(): Promise<{ codePath: string }> {
  const codePath = join(folder, `workflows-${await hashSources()}.js`);
  try {
    await readFile(codePath);
    return { codePath };
  } catch {
    const { code } = await bundleWorkflowCode({
      workflowsPath: join(root, 'workflows', 'index.ts'),
      logger: new DefaultLogger('WARN'),
    });
    await mkdir(folder, { recursive: true });
    const temporary = `${codePath}.${String(process.pid)}`;
    await writeFile(temporary, code);
    await rename(temporary, codePath);
    return { codePath };
  }
}

async function hashSources(): Promise<string> {
  const hash = createHash('sha256');
  hash.update(await readFile(join(root, 'package-lock.json')));
  for (const part of ['workflows', 'domain']) {
    for (const file of (await readdir(join(root, part), { recursive: true })).sort()) {
      if (!file.endsWith('.ts') || file.endsWith('.test.ts')) continue;
      hash.update(file).update(await readFile(join(root, part, file)));
    }
  }
  return hash.digest('hex').slice(0, 16);
}

// `npm run build` makes it ahead of time, for an image
if (process.argv[1] === import.meta.filename) await workflowBundle();
