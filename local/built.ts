import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { build, type BuildOptions, type Plugin } from 'esbuild';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');

type Process = 'api' | 'worker';

/** Where the built process is, or will be. */
export const entryOf = (name: Process, folder = dist) => join(folder, `${name}.mjs`);

/** TypeScript as one file of JavaScript. Packages stay where they are. */
export const oneFile = {
  bundle: true,
  packages: 'external',
  platform: 'node',
  target: 'node20',
  format: 'esm',
  keepNames: true,
  logLevel: 'error',
} as const satisfies BuildOptions;

/** What Node needs to run a built process, before its file: places in the log are those of the sources. */
export const builtFlags = ['--enable-source-maps'];

/**
 * A process as one file of JavaScript, made in a quarter of a second: a process that loads TypeScript itself keeps the
 * loader in its memory, 45 MB, and takes two seconds longer to start. Packages stay where they are.
 * @param folder where to put it, below the folder of the packages
 * @param edit the text that replaces a source file, by which tests plant bugs
 * @returns the absolute path of the file
 */
export async function builtEntry(
  name: Process,
  folder = dist,
  edit: (path: string, source: string) => string = (_path, source) => source,
): Promise<string> {
  const entry = entryOf(name, folder);
  const temporary = join(folder, `.${name}-${String(process.pid)}`);
  await mkdir(temporary, { recursive: true });
  const entries = { [name]: join(root, name, 'main.ts'), ...(await threadsOf(name)) };
  await build({
    entryPoints: entries,
    outdir: temporary,
    outExtension: { '.js': '.mjs' },
    ...oneFile,
    sourcemap: 'linked',
    plugins: [placesOfSources(edit)],
  });
  // the map first: a process that starts meanwhile gets a complete file, of this build or the last one
  for (const suffix of ['.mjs.map', '.mjs'])
    for (const each of Object.keys(entries).reverse())
      await rename(join(temporary, `${each}${suffix}`), join(folder, `${each}${suffix}`));
  await rm(temporary, { recursive: true, force: true });
  return entry;
}

/**
 * Files `…-thread.ts` of a process run in threads beside it, each built as a file beside that of the process. Threads of
 * packages run beside the worker.
 */
async function threadsOf(name: Process): Promise<Record<string, string>> {
  const folders = name === 'worker' ? [name, 'connectors'] : [name];
  const found: [string, string][] = [];
  for (const folder of folders)
    for (const file of await readdir(join(root, folder), { recursive: true }))
      if (file.endsWith('-thread.ts')) found.push([basename(file, '.ts'), join(root, folder, file)]);
  return Object.fromEntries(found);
}

/** `import.meta.dirname` stays the folder of the source, beside which lie migrations, package.json and the workflows. */
export const placesOfSources = (
  edit: (path: string, source: string) => string = (_path, source) => source,
): Plugin => ({
  name: 'places-of-sources',
  setup(esbuild) {
    esbuild.onLoad({ filter: /\.ts$/ }, async ({ path }) => ({
      loader: 'ts',
      contents: edit(path, await readFile(path, 'utf8'))
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)))
        .replaceAll('import.meta.filename', JSON.stringify(path)),
    }));
  },
});

// `npm run build` makes both ahead of time, for an image
if (process.argv[1] === import.meta.filename) for (const name of ['api', 'worker'] as const) await builtEntry(name);
