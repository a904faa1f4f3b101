import type { FileHandle } from 'node:fs/promises';
import { SyncError } from '../../domain/errors.ts';
import { openArchive, protectedFile, type Archive } from '../archive.ts';

/** Opens a file that has to be a workbook. @throws SyncError `unsupported-file` for other formats, whatever the file is called */
export async function openWorkbookFile(handle: FileHandle, file: string): Promise<Archive> {
  await refuseOthers(handle, file);
  const archive = await openArchive(handle, file);
  if (archive.has('mimetype') || archive.has('content.xml')) throw unsupported(file, 'an OpenDocument file');
  if (archive.has('xl/workbook.bin')) throw unsupported(file, 'a binary workbook (.xlsb)');
  return archive;
}

/** Other formats are told by their first bytes. */
async function refuseOthers(handle: FileHandle, file: string): Promise<void> {
  const head = Buffer.alloc(8);
  const { bytesRead } = await handle.read(head, 0, 8, 0);
  if (bytesRead === 0)
    throw new SyncError('empty-file', `${file} is empty. A failed export often leaves such a file.`, { table: file });
  if (head.equals(Buffer.from('d0cf11e0a1b11ae1', 'hex'))) {
    if (await contains(handle, Buffer.from('EncryptedPackage', 'utf16le'))) throw protectedFile(file);
    throw unsupported(file, 'a workbook of an old version (.xls)');
  }
  if (head.subarray(0, 4).toString('latin1') !== 'PK\u0003\u0004') throw unsupported(file, 'no workbook');
}

async function contains(handle: FileHandle, bytes: Buffer): Promise<boolean> {
  let rest = Buffer.alloc(0);
  for await (const chunk of handle.createReadStream({ autoClose: false, start: 0 }) as AsyncIterable<Buffer>) {
    const all = Buffer.concat([rest, chunk]);
    if (all.includes(bytes)) return true;
    rest = Buffer.from(all.subarray(-bytes.length));
  }
  return false;
}

const unsupported = (file: string, what: string) =>
  new SyncError('unsupported-file', `${file} is ${what}. Save it as a workbook (.xlsx).`, { table: file });
