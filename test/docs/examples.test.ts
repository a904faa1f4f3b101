import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { validateFile } from '../../cli/offline.ts';
import { blocksOf, documents, type Block } from './commands.ts';

type Part = Record<string, unknown>;

const root = join(import.meta.dirname, '..', '..');
const examples = documents.flatMap(blocksOf).filter(({ language }) => language === 'yaml');

/** A part of a connector file with what the document leaves out, so that it is one. */
function complete({ text }: Block): string {
  const part = parse(text) as Part | Part[];
  const whole: Part = Array.isArray(part)
    ? { entityTypes: part }
    : 'settings' in part
      ? { connections: [{ name: 'files', package: 'csv', ...part }] }
      : part;
  if (whole['kind'] === 'Directory') return text;
  const connections = (whole['connections'] ?? [{}]) as Part[];
  return stringify({
    apiVersion: 'syncline/v1',
    kind: 'Connector',
    name: 'example',
    ...whole,
    connections: connections.map((each) => ({ name: 'files', package: 'csv', settings: { directory: 'x' }, ...each })),
    entityTypes: ((whole['entityTypes'] ?? []) as Part[]).map((type) => ({
      source: { connection: connections[0]?.['name'] ?? 'files', table: 'x.csv' },
      key: ['id'],
      ...type,
      properties: (type['properties'] as Part | undefined) ?? {
        id: { column: 'id' },
        name: { column: 'name' },
        kind: { column: 'kind' },
        owner: { column: 'owner' },
      },
    })),
  });
}

describe('the examples of the documents', () => {
  it.each(examples.map((block) => [`${block.document}, line ${String(block.line)}`, block] as const))(
    'of %s are connector files, or parts of them',
    (_where, block) => {
      if ('installations' in (parse(block.text) as object)) return;
      expect(validateFile(complete(block)).faults).toEqual([]);
    },
  );

  it('of the README is a whole connector file', () => {
    const [readme] = examples.filter(({ document }) => document === 'README.md');
    expect(validateFile(readme?.text ?? '')).toEqual({ faults: [], unchecked: [] });
  });
});

describe('the figures of the README', () => {
  const results = JSON.parse(readFileSync(join(root, 'bench', 'results', 'M.json'), 'utf8')) as {
    product: Record<string, { seconds: number; untilHeld?: number; workerMemory: number }[]>;
    floors: Record<string, unknown>;
  };
  const table = readFileSync(join(root, 'README.md'), 'utf8');
  const median = (values: number[]) => {
    const sorted = [...values].sort((a, b) => a - b);
    const middle = sorted.length / 2;
    return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle) - 1] ?? 0)) / 2;
  };
  const runs = (name: string) => results.product[name] ?? [];
  it.each([
    ['first sync, until it is held', median(runs('first').map(({ untilHeld }) => untilHeld ?? 0))],
    ['first sync, from its resume to its end', median(runs('first').map((run) => run.seconds - (run.untilHeld ?? 0)))],
    ['files equal to the last ones', median(runs('equal').map(({ seconds }) => seconds))],
    ['1 % of the rows changed', median(runs('changed').map(({ seconds }) => seconds))],
    ['1,000 changed memberships, incremental', median(runs('links').map(({ seconds }) => seconds))],
  ])('are those of the committed bench: %s', (what, seconds) => {
    const [, shown] = new RegExp(`^\\| ${what} +\\| +([\\d.]+) s`, 'm').exec(table) ?? [];
    expect(Number(shown)).toBeCloseTo(seconds, seconds < 2 ? 2 : 1);
  });

  it('are those of the committed bench: memory', () => {
    const [, shown] = /peaks at (\d+) MB/.exec(table) ?? [];
    const peak = Math.max(
      ...Object.values(results.product).flatMap((each) => each.map(({ workerMemory }) => workerMemory)),
    );
    expect(Number(shown)).toBe(Math.round(peak));
  });
});
