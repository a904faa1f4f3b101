import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { exportRequestSchema, type ExportRequest } from './export-request.ts';
import { storing, WholeFile } from './files.ts';
import { safeName } from './safe-name.ts';

/** A read by a worker without a database: where its files are. Temporal carries this and nothing more. */
export interface FarReference {
  connector: string;
  syncId: string;
  connection: string;
  /** Folders of its attempts begin with it. */
  attempt: string;
}

/** What a read has told, in its order: lines of the log, deltas that were read again, that it waits and that it goes on. */
const entry = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('line'), level: z.enum(['info', 'warn']), message: z.string() }),
  z.strictObject({
    kind: z.literal('looks'),
    table: z.string(),
    looks: z.array(z.strictObject({ name: z.string(), sha256: z.string(), stamp: z.string(), proven: z.boolean() })),
  }),
  z.strictObject({ kind: z.literal('busy') }),
  z.strictObject({ kind: z.literal('goes-on') }),
]);
const progressSchema = z.strictObject({
  rows: z.number().int(),
  /** How many requests it has made or wants to make, over all attempts. */
  asked: z.number().int(),
  entries: z.array(entry),
});
const leaseSchema = z.strictObject({ granted: z.number().int() });
const inspectionSchema = z.strictObject({
  kind: z.enum(['test', 'schema']),
  connection: exportRequestSchema.shape.connection,
});
const findingSchema = z.looseObject({ connection: z.string() });

export type FarEntry = z.infer<typeof entry>;
export type FarProgress = z.infer<typeof progressSchema>;
export type InspectionRequest = z.infer<typeof inspectionSchema>;
export type Finding = z.infer<typeof findingSchema>;

/**
 * The files by which workers with and without a database work together: `request-<attempt>.json` and `lease-<attempt>.json` beside
 * the attempts of a sync, `progress.json` in each of them, and a folder for each inspection.
 */
export class Exchange {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  writeRequest(of: FarReference, request: ExportRequest): Promise<void> {
    return write(this.#beside(of, 'request'), request);
  }

  /** @returns `unreadable` if a worker of another version wrote it, which says what this one does not know */
  async readRequest(of: FarReference): Promise<ExportRequest | 'unreadable' | undefined> {
    const path = this.#beside(of, 'request');
    return (await read(path, exportRequestSchema)) ?? ((await read(path, z.unknown())) ? 'unreadable' : undefined);
  }

  writeLease(of: FarReference, granted: number): Promise<void> {
    return write(this.#beside(of, 'lease'), { granted });
  }

  /** How many requests the read may make so far, over all attempts. */
  async readLease(of: FarReference): Promise<number> {
    return (await read(this.#beside(of, 'lease'), leaseSchema))?.granted ?? 0;
  }

  writeProgress(of: FarReference, folder: string, progress: FarProgress): Promise<void> {
    return write(join(this.#syncFolder(of), safeName(folder), 'progress.json'), progress);
  }

  /** What the attempts of a read have told, the oldest first. */
  async readProgress(of: FarReference): Promise<{ folder: string; attempt: number; progress: FarProgress }[]> {
    const begin = `${safeName(of.attempt)}-`;
    const folders = (await readdir(this.#syncFolder(of)).catch(() => [])).filter((name) => name.startsWith(begin));
    const found = [];
    for (const folder of folders) {
      const progress = await read(join(this.#syncFolder(of), folder, 'progress.json'), progressSchema);
      if (progress) found.push({ folder, attempt: attemptOf(of, folder), progress });
    }
    return found.sort((a, b) => a.attempt - b.attempt);
  }

  writeInspection(id: string, request: InspectionRequest): Promise<void> {
    return write(this.#inspection(id, 'request', request.connection.name), request);
  }

  readInspection(id: string, connection: string): Promise<InspectionRequest | undefined> {
    return read(this.#inspection(id, 'request', connection), inspectionSchema);
  }

  writeFinding(id: string, finding: Finding): Promise<void> {
    return write(this.#inspection(id, 'found', finding.connection), finding);
  }

  readFinding(id: string, connection: string): Promise<Finding | undefined> {
    return read(this.#inspection(id, 'found', connection), findingSchema);
  }

  removeInspection(id: string): Promise<void> {
    return storing(() => rm(join(this.#folder, inspections, safeName(id)), { recursive: true, force: true }));
  }

  #syncFolder({ connector, syncId }: FarReference): string {
    return join(this.#folder, safeName(connector), safeName(syncId));
  }

  #beside(of: FarReference, what: string): string {
    return join(this.#syncFolder(of), `${what}-${safeName(of.attempt)}.json`);
  }

  #inspection(id: string, what: string, connection: string): string {
    return join(this.#folder, inspections, safeName(id), `${what}-${safeName(connection)}.json`);
  }
}

/** No connector has this name: names of connectors begin with a letter. */
const inspections = '_inspections';

/** The number of an attempt, which its folder has in its name. */
export const attemptOf = ({ attempt }: Pick<FarReference, 'attempt'>, folder: string): number =>
  Number(folder.slice(safeName(attempt).length + 1).split('-')[0]);

async function write(path: string, value: unknown): Promise<void> {
  await storing(() => mkdir(dirname(path), { recursive: true, mode: 0o700 }));
  const file = await WholeFile.create(path);
  await file.write(JSON.stringify(value));
  await file.finish();
}

/** @returns undefined if it is not there, or not what it should be */
async function read<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.infer<Schema> | undefined> {
  try {
    return schema.safeParse(JSON.parse(await readFile(path, 'utf8'))).data;
  } catch {
    return undefined;
  }
}
