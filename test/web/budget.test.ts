import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { builtConsole } from '../../local/built-console.ts';

interface Chunk {
  file: string;
  imports?: string[];
  css?: string[];
  isDynamicEntry?: boolean;
}

const KB = 1000;

/** What a person has to load before the first page is there, and for each other page. */
describe('the size of the console', () => {
  let folder: string;
  let manifest: Record<string, Chunk>;
  beforeAll(async () => {
    folder = await builtConsole();
    manifest = JSON.parse(readFileSync(join(folder, '.vite', 'manifest.json'), 'utf8')) as Record<string, Chunk>;
  });

  const size = (file: string) => gzipSync(readFileSync(join(folder, file)), { level: 9 }).length;
  /** The files of a chunk and of all that it imports at once. */
  function filesOf(name: string, found = new Set<string>()): Set<string> {
    const chunk = manifest[name];
    if (!chunk || found.has(chunk.file)) return found;
    found.add(chunk.file);
    for (const css of chunk.css ?? []) found.add(css);
    for (const each of chunk.imports ?? []) filesOf(each, found);
    return found;
  }
  const sum = (files: Iterable<string>, end: string) =>
    [...files].filter((file) => file.endsWith(end)).reduce((total, file) => total + size(file), 0);

  it('is at most 230 KB of scripts and 30 KB of styles for the first page', () => {
    const first = filesOf('pages/overview/page.tsx', filesOf('index.html'));
    expect(sum(first, '.js')).toBeLessThan(230 * KB);
    expect(sum(first, '.css')).toBeLessThan(30 * KB);
  });

  it('is at most 40 KB more for any other page, and 180 KB for the editor', () => {
    const first = filesOf('pages/overview/page.tsx', filesOf('index.html'));
    const more: Record<string, number> = {};
    for (const [name, { isDynamicEntry }] of Object.entries(manifest)) {
      if (isDynamicEntry !== true) continue;
      const own = [...filesOf(name)].filter((file) => !first.has(file));
      const limit = name.startsWith('editor/') ? 180 : 40;
      const total = sum(own, '.js') + sum(own, '.css');
      if (total > limit * KB) more[name] = total;
    }
    expect(more).toEqual({});
    expect(Object.keys(manifest)).toContain('editor/yaml-editor.tsx');
  });
});
