import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import dockerignore from '@balena/dockerignore';

/** One instruction of a Dockerfile, with its variables replaced. */
export interface Instruction {
  name: string;
  rest: string;
}

const arg = (text: string, values: ReadonlyMap<string, string>) =>
  text.replace(/\$\{(\w+)\}/g, (_, name: string) => {
    const value = values.get(name);
    if (value === undefined) throw new Error(`${name} has no value`);
    return value;
  });

/** The instructions as Docker reads them: lines that go on, comments among them, `ARG`s with their defaults. */
export function readDockerfile(text: string): Instruction[] {
  const values = new Map<string, string>();
  return text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .join('\n')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, name = '', rest = ''] = /^([A-Z]+) +(.+)$/.exec(line) ?? [];
      if (name === 'ARG') values.set(rest.split('=')[0] ?? '', rest.split('=')[1] ?? '');
      return { name, rest: arg(rest, values) };
    });
}

/** What Docker sends of a folder to its engine, copied to another. @returns the paths */
export async function copyContext(root: string, to: string): Promise<string[]> {
  const ignored = dockerignore().add(await readFile(join(root, '.dockerignore'), 'utf8'));
  const wanted = ignored.createFilter();
  const paths: string[] = [];
  async function walk(folder: string): Promise<void> {
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
      const path = join(folder, entry.name);
      // what is installed or built lies beside the sources, and nothing of it is let in
      if (['node_modules', '.git', '.syncline', 'dist'].includes(path) && !wanted(path)) continue;
      if (entry.isDirectory()) await walk(path);
      else if (wanted(path)) paths.push(path);
    }
  }
  await walk('');
  for (const path of paths) {
    await mkdir(dirname(join(to, path)), { recursive: true });
    await cp(join(root, path), join(to, path));
  }
  return paths;
}

/**
 * Follows a Dockerfile where there is no engine: `/` is a folder, the base images are the Node that runs this, and commands
 * run in a shell as they stand, with the absolute paths of the image led below the folder.
 */
export class FolderImage {
  /** The root of the image's files. */
  readonly root: string;
  readonly #stages: string;
  readonly #context: string;
  readonly #bin: string;
  readonly environment: Record<string, string> = {};
  /** What the last stage says of itself: USER, CMD, HEALTHCHECK, EXPOSE. */
  readonly said = new Map<string, string>();
  workdir = '/';

  constructor(folder: string, context: string) {
    this.root = join(folder, 'root');
    this.#stages = join(folder, 'stages');
    this.#bin = join(folder, 'bin');
    this.#context = context;
  }

  async build(instructions: readonly Instruction[], env: NodeJS.ProcessEnv): Promise<void> {
    await mkdir(this.#stages, { recursive: true });
    await mkdir(this.#bin);
    // only root may give files away, and there is no user node here
    await writeFile(join(this.#bin, 'chown'), '#!/bin/sh\n');
    await chmod(join(this.#bin, 'chown'), 0o755);
    let stage: string | undefined;
    for (const { name, rest } of instructions) {
      if (name === 'ARG') continue;
      if (name === 'FROM') {
        if (stage !== undefined) await rename(this.root, join(this.#stages, stage));
        const [, base = '', as = ''] = /^(\S+) AS (\S+)$/.exec(rest) ?? [];
        await this.#begin(base);
        stage = as;
      } else if (name === 'WORKDIR') {
        this.workdir = rest;
        await mkdir(this.at(rest), { recursive: true });
      } else if (name === 'COPY') await this.#copy(rest);
      else if (name === 'RUN') await this.#run(rest, env);
      else if (name === 'ENV') this.environment[rest.split('=')[0] ?? ''] = rest.split('=')[1] ?? '';
      else if (['USER', 'EXPOSE', 'CMD', 'HEALTHCHECK'].includes(name)) this.said.set(name, rest);
      else throw new Error(`the instruction ${name} is not known here`);
    }
  }

  /** Where a path of the image lies. */
  at(path: string): string {
    return join(this.root, path.startsWith('/') ? path : join(this.workdir, path));
  }

  async #begin(base: string): Promise<void> {
    this.said.clear();
    const known = (await readdir(this.#stages)).includes(base);
    if (known) await copyLinked(join(this.#stages, base), this.root);
    else if (/^node:[\d.]+-[a-z-]+$/.test(base)) {
      await mkdir(this.root);
      this.workdir = '/';
    } else throw new Error(`there is no stage ${base}, and it is no image of Node`);
  }

  async #copy(rest: string): Promise<void> {
    const words = rest.split(/ +/);
    const from = words[0]?.startsWith('--from=') ? words.shift()?.slice('--from='.length) : undefined;
    const target = words.pop() ?? '';
    const source = from === undefined ? this.#context : join(this.#stages, from);
    for (const word of words) {
      const path = join(source, word);
      const whole = word === '.' || from !== undefined;
      if (whole) await copyLinked(path, this.at(target));
      else await cp(path, join(this.at(target), word), { recursive: true });
    }
  }

  async #run(command: string, env: NodeJS.ProcessEnv): Promise<void> {
    // paths of the image's own root, but not those within the working folder
    const here = command.replace(/(^|\s)\/(?=[a-z])/g, `$1${this.root}/`);
    await promisify(execFile)('/bin/sh', ['-ec', here], {
      cwd: this.at('.'),
      env: { ...env, PATH: [this.#bin, dirname(process.execPath), env['PATH'] ?? ''].join(delimiter) },
      maxBuffer: 1 << 26,
    });
  }

  async remove(): Promise<void> {
    await rm(dirname(this.root), { recursive: true, force: true });
  }
}

/** A folder of links to the files of another: packages are many. */
async function copyLinked(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  await promisify(execFile)('cp', ['-alf', `${from}/.`, to]);
}
