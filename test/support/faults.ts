import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { MarkedPoint } from '../../domain/marked-points.ts';
import { sleep } from './api-client.ts';

const visitor = pathToFileURL(join(import.meta.dirname, 'stop-at-marked-points.mjs')).href;

/** Marked points at which the processes of a stack stand still, so that a fault hits them exactly there. */
export class Faults {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(): Promise<Faults> {
    return new Faults(await mkdtemp(join(tmpdir(), 'syncline-faults-')));
  }

  /** What a process needs in its environment to stop at points. */
  get environment(): NodeJS.ProcessEnv {
    const before = process.env['NODE_OPTIONS'] ?? '';
    return { FAULT_FOLDER: this.folder, NODE_OPTIONS: `${before} --import ${visitor}`.trim() };
  }

  /** The next process that comes to the point waits there, once; what else it does goes on. */
  async arm(point: MarkedPoint): Promise<void> {
    for (const name of await readdir(this.folder))
      if (name.startsWith(`${fileOf(point)}.`)) await rm(join(this.folder, name));
    await writeFile(join(this.folder, `${fileOf(point)}.armed`), '');
  }

  /**
   * Waits until a process stands at the point: a fault that never happens fails its test.
   * @returns the number of the process
   */
  async reached(point: MarkedPoint, seconds = 60): Promise<number> {
    const until = Date.now() + seconds * 1000;
    const prefix = `${fileOf(point)}.reached-by-`;
    for (;;) {
      const found = (await readdir(this.folder)).find((name) => name.startsWith(prefix));
      if (found !== undefined) return Number(found.slice(prefix.length));
      if (Date.now() > until) throw new Error(`no process came to ${point}: the fault did not happen`);
      await sleep(10);
    }
  }

  /** Lets the process that stands at the point go on, if it still lives. */
  async release(point: MarkedPoint): Promise<void> {
    if (!existsSync(this.folder)) return;
    await writeFile(join(this.folder, `${fileOf(point)}.released`), '');
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

const fileOf = (point: MarkedPoint) => point.replace('/', '.');
