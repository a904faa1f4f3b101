import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasDebian } from './debian.ts';

export const hasOffice = await hasDebian('libreoffice-calc-nogui', 'python3-uno');

/** What a person does to cells of a sheet. */
export interface CellChange {
  at: string;
  /** A number format, as in English. */
  format?: string;
  /** Stays the text that it is. */
  text?: string;
  /** Is taken for a number, a date or a formula where it looks like one, as if typed in English. */
  typed?: string;
  merge?: true;
  /** Hides the rows. */
  hide?: true;
}

/** Opens a workbook in LibreOffice, changes cells and saves it. @returns what it saved */
export async function editWorkbook(file: string, sheet: string, changes: readonly CellChange[]): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'syncline-office-'));
  const to = join(folder, 'saved.xlsx');
  // the Python of the Debian package, whatever other there is
  const child = spawn('/usr/bin/python3', [join(import.meta.dirname, 'edit-workbook.py')]);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (said += text.toString()));
  child.stdin.end(JSON.stringify({ folder, file, to, changes: changes.map((each) => ({ sheet, ...each })) }));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`LibreOffice: ${said}`);
  const saved = await readFile(to);
  await rm(folder, { recursive: true, force: true });
  return saved;
}
