import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const folder = join(import.meta.dirname, '..', '..', 'docs', 'reference');
const rows = [
  ...readFileSync(join(folder, 'bad-input.md'), 'utf8').matchAll(/^\| (.+?) +\| .+?\| \[.+?\]\((.+?)\): (.+?) +\|$/gm),
].map(([, input, file, test]): [string, string, string] => [input ?? '', file ?? '', test ?? '']);

describe('the page of bad input names for each row a test that is there', () => {
  it('has rows', () => {
    expect(rows.length).toBeGreaterThan(30);
  });

  it.each(rows)('%s', (_, file, test) => {
    expect(readFileSync(join(folder, file), 'utf8')).toContain(test);
  });
});
