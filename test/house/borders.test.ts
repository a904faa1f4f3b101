import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const rules = (
  createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs')) as { forbidden: { name: string }[] }
).forbidden.map((rule) => rule.name);

/** Each breaks one rule: the file, what it imports, the rule. */
const breaches: [from: string, statement: string, rule: string][] = [
  ['domain/a.ts', `import '../repository/syncs.ts';`, 'border-domain'],
  ['domain/b.ts', `import 'pg';`, 'libraries-domain'],
  ['domain/c.ts', `import 'node:fs';`, 'domain-without-io'],
  ['workflows/a.ts', `import '../store/files.ts';`, 'border-workflows'],
  ['workflows/b.ts', `import 'zod';`, 'libraries-workflows'],
  ['workflows/c.ts', `import '@temporalio/common';`, 'workflows-common-in-names-and-messages'],
  ['workflows/d.ts', `import '../activities/apply.ts';`, 'workflows-types-of-activities'],
  ['workflows/e.ts', `import 'node:crypto';`, 'workflows-without-node'],
  ['activities/a.ts', `import '../workflows/names.ts';`, 'border-activities'],
  ['activities/b.ts', `import 'knex';`, 'libraries-activities'],
  ['connectors/csv/a.ts', `import '../../repository/syncs.ts';`, 'border-connectors'],
  ['connectors/csv/b.ts', `import '@temporalio/activity';`, 'connectors-without-our-stores'],
  ['connectors/sql/stores.ts', `import 'knex';`, 'sql-package-without-our-stores'],
  ['connectors/csv/c.ts', `import '../ldap/index.ts';`, 'packages-apart'],
  ['repository/a.ts', `import '../store/files.ts';`, 'border-repository'],
  ['repository/b.ts', `import 'express';`, 'libraries-repository'],
  ['store/a.ts', `import '../repository/syncs.ts';`, 'border-store'],
  ['store/b.ts', `import 'pg';`, 'store-without-database'],
  ['worker/a.ts', `import '../api/main.ts';`, 'border-worker'],
  ['api/a.ts', `import '../activities/apply.ts';`, 'border-api'],
  ['api/b.ts', `import '../connectors/csv/index.ts';`, 'api-describes-packages'],
  ['api/c.ts', `import '../workflows/sync.ts';`, 'api-types-of-workflows'],
  ['cli/a.ts', `import '../repository/syncs.ts';`, 'border-cli'],
  ['cli/d.ts', `import '../domain/model.ts';`, 'cli-offline-in-one-file'],
  ['cli/b.ts', `import '@temporalio/client';`, 'cli-without-servers'],
  ['local/a.ts', `import '../repository/syncs.ts';`, 'border-local'],
  ['deploy/a.ts', `import '../repository/syncs.ts';`, 'border-deploy'],
  ['domain/d.ts', `import './model.test.ts';`, 'no-tests-in-product'],
  ['worker/b.ts', `import { loadConfig } from '../config.ts'; loadConfig();`, 'configuration-at-the-entries'],
  ['worker/c.ts', `import { Client } from 'pg'; new Client();`, 'sql-in-repository'],
  ['store/c.ts', `import './d.ts';`, 'no-circles'],
  ['store/alone.ts', 'export {};', 'no-orphans'],
  ['store/e.ts', `import './nowhere.ts';`, 'resolvable'],
  ['store/f.ts', `import 'estraverse';`, 'listed-in-package-json'],
  ['store/g.ts', `import 'fast-check';`, 'no-dev-dependency-in-product'],
  ['cli/c.ts', `import createClient, { type Model } from 'fast-check';`, 'no-dev-dependency-in-product'],
  ['store/h.ts', `import 'punycode';`, 'no-deprecated-core'],
  ['web/a.ts', `import '../domain/model.ts';`, 'border-web'],
  ['web/pages/one/a.ts', `import '../two/page.ts';`, 'web-pages-apart'],
  ['web/parts/b.ts', `import '../pages/two/page.ts';`, 'web-parts-know-no-page'],
  ['web/parts/c.ts', `import { ask } from '../server/client.ts'; ask();`, 'web-parts-fetch-nothing'],
  ['web/model/d.ts', `import 'react';`, 'web-model-pure'],
  ['web/pages/two/e.ts', `import '../../editor/editor.ts';`, 'web-editor-lazy'],
  ['web/parts/change-row/f.ts', `import '@mantine/core';`, 'no-mantine-in-rows'],
];

/** What the plan allows, and no rule may report. */
const allowed: Record<string, string> = {
  'config.ts': 'export function loadConfig() {}',
  'domain/model.ts': `import 'zod'; import 'node:crypto'; export interface Model { a: string }`,
  'domain/model.test.ts': `import 'vitest'; import './model.ts'; import '../test/support/stack.ts';`,
  'workflows/names.ts': `import '@temporalio/common'; import '../domain/model.ts';`,
  'workflows/sync.ts': `import '@temporalio/workflow'; import type { Apply } from '../activities/apply.ts'; export type Sync = Apply;`,
  'activities/apply.ts': `import '@temporalio/activity'; import '../repository/syncs.ts'; import '../store/files.ts'; import '../connectors/registry.ts'; import '../domain/model.ts'; export type Apply = string;`,
  'connectors/registry.ts': `import '../domain/model.ts';`,
  'connectors/csv/index.ts': `import 'csv-parse'; import '../../domain/model.ts';`,
  'connectors/ldap/index.ts': `import '../../domain/model.ts';`,
  'repository/syncs.ts': `import 'knex'; import 'pg'; import '../domain/model.ts';`,
  'repository/migrate.ts': `import 'pg';`,
  'store/files.ts': `import 'node:fs'; import '../domain/model.ts';`,
  'worker/main.ts': `import '../config.ts'; import '../activities/apply.ts'; import '../connectors/csv/index.ts'; import '../workflows/names.ts';`,
  'api/main.ts': `import '../config.ts'; import 'express'; import '../connectors/csv/index.ts'; import '../workflows/names.ts'; import type { Sync } from '../workflows/sync.ts'; export type A = Sync;`,
  'cli/main.ts': `import 'commander'; import 'node:fs';`,
  'local/start.ts': `import '../repository/migrate.ts'; import '../worker/main.ts'; import '../config.ts';`,
  'deploy/migrate.ts': `import '../repository/migrate.ts'; import '../config.ts';`,
  'web/main.tsx': `import 'react'; import '@mantine/core'; import './pages/two/page.ts';`,
  'web/pages/two/page.ts': `import '../../parts/g.ts'; void import('../../editor/editor.ts');`,
  'web/parts/g.ts': `import type { Ask } from '../server/client.ts'; export type G = Ask;`,
  'web/server/client.ts': `import 'openapi-fetch'; export function ask() {} export type Ask = string;`,
  'web/editor/editor.ts': `import '@codemirror/state';`,
  'test/support/stack.ts': `import '../../api/main.ts'; import '../../repository/syncs.ts'; import 'vitest';`,
};

const otherHalfOfTheCircle: [from: string, statement: string] = ['store/d.ts', `import './c.ts';`];

interface Cruised {
  summary: { violations: { from: string; rule: { name: string } }[] };
}

describe('the borders', () => {
  let folder: string;
  let violations: Cruised['summary']['violations'];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'syncline-borders-'));
    for (const file of ['.dependency-cruiser.cjs', 'package.json', 'tsconfig.json'])
      await copyFile(join(root, file), join(folder, file));
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
    for (const [file, text] of [...breaches, ...Object.entries(allowed), otherHalfOfTheCircle]) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), text);
    }
    const depcruise = join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [depcruise, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', '.'],
      { cwd: folder, maxBuffer: 64 * 1024 * 1024 },
    );
    violations = (JSON.parse(stdout) as Cruised).summary.violations;
  }, 60_000);

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it.each(breaches)('%s with %s breaks the rule %s', (from, _statement, rule) => {
    expect(violations.filter((each) => each.from === from).map((each) => each.rule.name)).toContain(rule);
  });

  it('has a breach above for every rule', () => {
    expect(new Set(breaches.map(([, , rule]) => rule))).toEqual(new Set(rules));
  });

  it.each(Object.keys(allowed))('allows what %s imports', (file) => {
    expect(violations.filter((each) => each.from === file && each.rule.name !== 'no-orphans')).toEqual([]);
  });
});
