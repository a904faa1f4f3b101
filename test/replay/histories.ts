import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };

/** Recorded histories, `<version>_<way>.json`. */
export const historiesFolder = join(import.meta.dirname, 'histories');
const releasedFile = join(import.meta.dirname, 'released.json');

type Released = Record<string, Record<string, string>>;

/** Versions that people run, each with the SHA-256 of its histories: these files never change again. */
export const releasedHistories = (): Released => JSON.parse(readFileSync(releasedFile, 'utf8')) as Released;

/** The SHA-256 of every history of a version. */
export function hashesOf(version: string): Record<string, string> {
  const names = readdirSync(historiesFolder).filter((name) => name.startsWith(`${version}_`));
  return Object.fromEntries(
    names.sort().map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(historiesFolder, name)))
        .digest('hex'),
    ]),
  );
}

/** @throws where the version is released: what its syncs wrote into Temporal cannot be recorded again, only forged */
export function refuseReleased(version: string, released = releasedHistories()): void {
  if (released[version])
    throw new Error(
      `${version} is released, and its histories stay what they are. Give package.json the number of the next version, then record.`,
    );
}

// `npm run release:histories` lists those of this version, once it is released
if (process.argv[1] === import.meta.filename) {
  const released = releasedHistories();
  refuseReleased(packageJson.version, released);
  const hashes = hashesOf(packageJson.version);
  if (Object.keys(hashes).length === 0) throw new Error(`${packageJson.version} has no histories: record them first`);
  writeFileSync(releasedFile, `${JSON.stringify({ ...released, [packageJson.version]: hashes }, null, 2)}\n`);
}
