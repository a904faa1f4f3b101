import { stringify } from 'csv-stringify/sync';
import type { RowError } from '../domain/sync.ts';
import { WholeFile } from './files.ts';

const errorColumns = [
  'entityType',
  'table',
  'line',
  'column',
  'property',
  'key',
  'code',
  'message',
  'effect',
  'position',
];

/** The rows and links that a sync has rejected, as CSV. */
export class ErrorFile {
  readonly #file: WholeFile;

  private constructor(file: WholeFile) {
    this.#file = file;
  }

  static async create(path: string): Promise<ErrorFile> {
    const file = new ErrorFile(await WholeFile.create(path));
    await file.#file.write(stringify([errorColumns]));
    return file;
  }

  async write(errors: readonly RowError[]): Promise<void> {
    await this.#file.write(
      stringify(
        errors.map((error) => [
          error.entityType,
          error.table,
          error.line,
          error.column,
          error.property,
          error.key?.join(',') ?? '',
          error.code,
          error.message,
          error.effect,
          error.position,
        ]),
        { escape_formulas: true },
      ),
    );
  }

  async close(): Promise<void> {
    await this.#file.finish();
  }
}
