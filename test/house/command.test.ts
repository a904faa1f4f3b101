import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };

const root = join(import.meta.dirname, '..', '..');
const folders = ['api', 'cli', 'deploy', 'docs', 'domain', 'examples', 'local', 'worker', 'workflows'];

/** Every text that a person reads, and every file that writes one. */
const texts = [
  ...['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', '.env.example', 'docker-compose.yml'],
  ...folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(md|ts|mjs|yaml|yml|sh)$/.test(name) && !name.endsWith('.test.ts'))
      .map((name) => join(folder, name)),
  ),
];

describe('the command', () => {
  it('has a package name that a registry gives to nobody else by chance, and is never published', () => {
    expect(packageJson.name).toMatch(/^@syncline\//);
    expect(packageJson.private).toBe(true);
  });

  it.each([
    ['by its path', (link: string) => [join(root, 'syncline'), link]],
    ['by a link in a folder of the PATH', (link: string) => [link, link]],
  ])('runs %s, from any folder', (_how, choose) => {
    const folder = mkdtempSync(join(tmpdir(), 'syncline-command-'));
    try {
      const link = join(folder, 'syncline');
      symlinkSync(join(root, 'syncline'), link);
      const [program = ''] = choose(link);
      const { stdout, status } = spawnSync(program, ['--help'], { cwd: folder, encoding: 'utf8' });
      expect(stdout).toContain('Usage: syncline');
      expect(status).toBe(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('is nowhere told to be run by npx, which downloads what others published under the name', () => {
    expect(texts.length).toBeGreaterThan(100);
    for (const path of texts)
      expect(readFileSync(join(root, path), 'utf8'), path).not.toMatch(/npx (-\S+ )*@?syncline/);
  });
});
