import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cliVersion } from './temporal-cli.ts';
import { archiveOf, downloadCli } from './temporal-download.ts';

const folder = mkdtempSync(join(tmpdir(), 'syncline-download-'));
const script = '#!/bin/sh\necho a CLI\n';
const name = archiveOf(cliVersion, process.platform, process.arch);

describe('the download of the Temporal CLI', () => {
  let server: Server;
  let from: string;
  let archive: Buffer;
  beforeAll(async () => {
    writeFileSync(join(folder, 'temporal'), script, { mode: 0o755 });
    execFileSync('tar', ['-czf', join(folder, 'archive.tar.gz'), '-C', folder, 'temporal']);
    archive = readFileSync(join(folder, 'archive.tar.gz'));
    server = createServer((request, response) => {
      if (request.url === `/v${cliVersion}/${name}`) response.end(archive);
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    from = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  });
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  const download = (cacheDir: string, digests?: Record<string, string>) =>
    downloadCli(
      { version: cliVersion, cacheDir: join(folder, cacheDir), note: () => undefined },
      { from, digests: digests ?? { [name]: createHash('sha256').update(archive).digest('hex') } },
    );

  it('takes the archive that was published', async () => {
    const path = await download('good');
    expect(readFileSync(path, 'utf8')).toBe(script);
    expect(readdirSync(join(folder, 'good'))).toEqual(['temporal']);
  });

  it('refuses another one before anything of it is unpacked', async () => {
    await expect(download('other', { [name]: '0'.repeat(64) })).rejects.toThrow('the archive is not the published one');
    expect(readdirSync(join(folder, 'other'))).toEqual([]);
  });

  it('asks for nothing whose digest is not known', async () => {
    await expect(download('unknown', {})).rejects.toThrow(`does not know the SHA-256 of ${name}`);
    expect(existsSync(join(folder, 'unknown'))).toBe(false);
  });

  it('knows the digest of each platform for the version that is used', () => {
    const source = readFileSync(join(import.meta.dirname, 'temporal-download.ts'), 'utf8');
    for (const platform of ['linux', 'darwin'])
      for (const arch of ['x64', 'arm64'])
        expect(source).toMatch(new RegExp(`'${archiveOf(cliVersion, platform, arch)}': '[0-9a-f]{64}'`));
  });
});
