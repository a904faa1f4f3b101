import { mkdirSync, mkdtempSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { restoreLinks, systemFolders } from './postgres-binaries.ts';

const root = mkdtempSync(join(tmpdir(), 'syncline-bin-'));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

function programs(folder: string, names = ['initdb', 'postgres']): string {
  mkdirSync(folder, { recursive: true });
  for (const name of names) writeFileSync(join(folder, name), '', { mode: 0o755 });
  return folder;
}

describe("Postgres' programs", () => {
  it('are taken from the PATH first, then from the newest versioned folder; half an installation is none', () => {
    const old = programs(join(root, 'lib', '9', 'bin'));
    const recent = programs(join(root, 'lib', '17', 'bin'));
    programs(join(root, 'lib', '18', 'bin'), ['postgres']);
    const onPath = programs(join(root, 'path'));
    expect(systemFolders(`/nowhere:${onPath}`, [join(root, 'lib', '*', 'bin')])).toEqual([onPath, recent, old]);
  });

  it('that came with npm get their links back', () => {
    const folder = join(root, 'package');
    mkdirSync(join(folder, 'native', 'lib'), { recursive: true });
    writeFileSync(join(folder, 'native', 'lib', 'libpq.so.5.18'), '');
    const links = [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }];
    writeFileSync(join(folder, 'native', 'pg-symlinks.json'), JSON.stringify(links));
    restoreLinks(folder);
    restoreLinks(folder);
    expect(readlinkSync(join(folder, 'native', 'lib', 'libpq.so.5'))).toBe('libpq.so.5.18');
  });
});
