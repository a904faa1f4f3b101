import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readTlsFiles, tlsFileFaults } from './tls-files.ts';

let folder: string;
let secrets: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'syncline-tls-'));
  secrets = join(folder, 'secrets');
  await mkdir(join(secrets, '..data'), { recursive: true });
  await writeFile(join(secrets, '..data', 'ca.pem'), 'authority');
  await writeFile(join(folder, 'outside.pem'), 'outside');
  await symlink(join('..data', 'ca.pem'), join(secrets, 'ca.pem'));
  await symlink(join(folder, 'outside.pem'), join(secrets, 'link.pem'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('reads files below the folders, also by links that stay inside', async () => {
  expect(await readTlsFiles({ ca: join(secrets, 'ca.pem') }, [secrets])).toEqual({ ca: 'authority' });
  expect(await readTlsFiles(undefined, [secrets])).toEqual({});
});

it('names the setting that leads outside, or to a file that cannot be read', async () => {
  for (const ca of ['ca.pem', '/etc/ssl/ca.pem', `${secrets}/../outside.pem`]) {
    expect(tlsFileFaults({ ca }, [secrets])).toMatchObject([{ path: ['tls', 'ca'] }]);
    await expect(readTlsFiles({ ca }, [secrets])).rejects.toMatchObject({ code: 'tls' });
  }
  await expect(readTlsFiles({ ca: join(secrets, 'link.pem') }, [secrets])).rejects.toThrow(/tls.ca: .*outside/);
  await expect(readTlsFiles({ ca: join(secrets, 'none.pem') }, [secrets])).rejects.toThrow(/tls.ca: .*cannot read/);
});

it('wants a key for a certificate', () => {
  expect(tlsFileFaults({ cert: join(secrets, 'ca.pem') }, [secrets])).toMatchObject([{ path: ['tls'] }]);
  expect(tlsFileFaults({ cert: join(secrets, 'a'), key: join(secrets, 'b') }, [secrets])).toEqual([]);
});
