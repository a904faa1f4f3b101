import { readFile, realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import { z } from 'zod';
import { SyncError } from '../../domain/errors.ts';
import { readSecretReference } from '../../domain/secret-reference.ts';

/** Files of a private certificate authority and of a client's certificate, for the `tls` of settings. */
export const tlsFilesShape = {
  ca: z.string().min(1).optional().describe('PEM file of the authority that signed the certificate of the server'),
  cert: z.string().min(1).optional().describe("PEM file of the client's certificate"),
  key: z.string().min(1).optional().describe("PEM file of the client's key"),
};

export interface TlsFiles {
  ca?: string | undefined;
  cert?: string | undefined;
  key?: string | undefined;
}

/** What the files hold, as `tls.connect` and most clients take it. */
export interface TlsContents {
  ca?: string;
  cert?: string;
  key?: string;
}

const names = ['ca', 'cert', 'key'] as const;

/** Why the files cannot be used, before anything is read. @param path of the setting `tls` in the settings */
export function tlsFileFaults(
  tls: TlsFiles | undefined,
  secretFolders: readonly string[],
  path: PropertyKey[] = ['tls'],
): { path: PropertyKey[]; detail: string }[] {
  const outside = names.flatMap((name) => {
    const file = tls?.[name];
    return file === undefined || typeof readSecretReference(`file:${file}`, secretFolders) !== 'string'
      ? []
      : [
          {
            path: [...path, name],
            detail:
              'The file must be in a folder of SYNCLINE_SECRET_DIRS, and be given by its whole path. Move the file, or add its folder to SYNCLINE_SECRET_DIRS.',
          },
        ];
  });
  if ((tls?.cert === undefined) === (tls?.key === undefined)) return outside;
  return [...outside, { path, detail: 'A certificate of the client needs its key: give cert and key, or neither.' }];
}

/**
 * Reads the files of `tls`.
 * @throws SyncError `tls` if one is outside of the folders, or cannot be read
 */
export async function readTlsFiles(
  tls: TlsFiles | undefined,
  secretFolders: readonly string[],
  path: readonly string[] = ['tls'],
): Promise<TlsContents> {
  const [fault] = tlsFileFaults(tls, secretFolders, [...path]);
  if (fault) throw new SyncError('tls', `${fault.path.join('.')}: ${fault.detail}`);
  const contents: TlsContents = {};
  for (const name of names) {
    const file = tls?.[name];
    if (file !== undefined) contents[name] = await readInside(file, secretFolders, [...path, name].join('.'));
  }
  return contents;
}

async function readInside(file: string, folders: readonly string[], setting: string): Promise<string> {
  try {
    // mounted files are often links inside the folder; a link to a place outside is refused
    const real = await realpath(file);
    const roots = await Promise.all(folders.map((folder) => realpath(folder).catch(() => folder)));
    if (!roots.some((root) => real.startsWith(`${root}${sep}`)))
      throw new SyncError('tls', `${setting}: the file is a link to a place outside of SYNCLINE_SECRET_DIRS. Move it.`);
    return await readFile(real, 'utf8');
  } catch (cause) {
    if (cause instanceof SyncError) throw cause;
    throw new SyncError(
      'tls',
      `${setting}: the worker cannot read the file. Check that it is there and that the worker may read it.`,
      {},
      { cause },
    );
  }
}
