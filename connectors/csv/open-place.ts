import { filesBelow, findFolder } from '../file-roots.ts';
import type { Outbound } from '../outbound/index.ts';
import type { Connection } from '../package.ts';
import { openLocal } from './local-file.ts';
import type { Place } from './place.ts';
import { s3Place } from './s3/place.ts';
import type { CsvSettings } from './settings.ts';
import { connectSftp } from './sftp/connect.ts';
import { sftpPlace } from './sftp/place.ts';
import { stampsOf } from './stamp.ts';

/** What places are found with. */
export interface Surroundings {
  fileRoots: readonly string[];
  outbound: Outbound;
}

/** Opens the place of a connection. It has to be closed. */
export async function openPlace(
  { fileRoots, outbound }: Surroundings,
  { settings, secrets }: Connection<CsvSettings>,
  signal?: AbortSignal,
): Promise<Place> {
  const { location, directory = '' } = settings;
  if (location?.s3) return s3Place(outbound, location.s3, secrets, signal);
  const { sftp } = location ?? {};
  if (sftp) return sftpPlace(() => connectSftp(outbound, sftp, secrets, signal), directory, signal);
  return localPlace(fileRoots, directory);
}

/** The folder of a connection below the file roots. */
async function localPlace(fileRoots: readonly string[], directory: string): Promise<Place> {
  const folder = await findFolder(fileRoots, directory);
  return {
    list: (endings = ['']) => filesBelow(folder, endings),
    open: (name) => openLocal(fileRoots, folder, name),
    identities: (names, signal) => stampsOf(folder, names, signal),
    close: () => Promise.resolve(),
  };
}
