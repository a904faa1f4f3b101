import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildOpenApi } from '../../api/openapi.ts';
import { causeCodes, certificateCodes, holdCodes, problemCodes, rowCodes, syncErrorCodes } from '../../domain/codes.ts';
import { fileSchema } from '../../connectors/registry.ts';
import packageJson from '../../package.json' with { type: 'json' };

const root = join(import.meta.dirname, '..', '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

describe('the documents', () => {
  it.each([
    ['Row codes', rowCodes],
    ['Sync errors', syncErrorCodes],
    ['Holds', holdCodes],
    ['Certificates', certificateCodes],
    ['Causes', causeCodes],
    ['Problems', Object.keys(problemCodes)],
  ] as const)('list exactly the codes that there are: %s', (title, codes) => {
    const section =
      read('docs/reference/codes.md')
        .split(/^## /m)
        .find((each) => each.startsWith(`${title}\n`)) ?? '';
    const listed = [...section.matchAll(/^\| `([a-z-]+)`/gm)].map((match) => match[1]);
    expect(listed.sort()).toEqual([...codes].sort());
  });

  it('hold the JSON Schema of a connector file as it is (npm run generate:schema)', () => {
    expect(JSON.parse(read('docs/reference/connector.schema.json'))).toEqual(JSON.parse(JSON.stringify(fileSchema())));
  });

  it('hold the OpenAPI document as it is (npm run generate:client)', () => {
    expect(JSON.parse(read('docs/reference/openapi.json'))).toEqual(
      JSON.parse(JSON.stringify(buildOpenApi(packageJson.version))),
    );
  });

  const pages = [
    'README.md',
    'CONTRIBUTING.md',
    'CHANGELOG.md',
    ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => `docs/${name}`),
  ];
  it.each(pages)('%s leads nowhere that does not exist', (page) => {
    const links = [...read(page).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map((match) => match[1] ?? '');
    for (const link of links) expect(existsSync(join(root, dirname(page), link)), link).toBe(true);
  });

  it.each(pages)('%s names only commands that there are', (page) => {
    const scripts = [...read(page).matchAll(/npm run ([\w:-]+)/g)].map((match) => match[1] ?? '');
    for (const script of scripts) expect(Object.keys(packageJson.scripts)).toContain(script);
  });
});
