import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { validateFile } from '../../cli/offline.ts';

const guides = join(import.meta.dirname, '..', '..', 'docs', 'guides');

/** The whole connector files of a guide. */
const filesOf = (guide: string) =>
  [...readFileSync(join(guides, guide), 'utf8').matchAll(/```yaml\n([\s\S]*?)```/g)]
    .map(([, text]) => text ?? '')
    .filter((text) => text.includes('apiVersion:'));

describe('connector files in guides', () => {
  const found = readdirSync(guides)
    .filter((name) => name.endsWith('.md'))
    .flatMap((guide) => filesOf(guide).map((text, i): [string, string] => [`${guide} ${String(i + 1)}`, text]));

  it('are there', () => {
    expect(found.length).toBeGreaterThan(1);
  });

  it.each(found)('%s can be used', (_, text) => {
    expect(validateFile(text).faults).toEqual([]);
  });
});
