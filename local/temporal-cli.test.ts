import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { StackError } from './stack-error.ts';
import { cliCacheDir, cliPlaces, cliVersion, obtainTemporalCli, serverIsOld } from './temporal-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'syncline-cli-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the Temporal CLI', () => {
  it('is looked for on the PATH, then in the cache; where one is configured, nowhere else', () => {
    const search = { configured: undefined, cacheDir: '/cache', path: '/a:relative:/b' };
    expect(cliPlaces(search).map((place) => place.path)).toEqual(['/a/temporal', '/b/temporal', '/cache/temporal']);
    expect(cliPlaces({ ...search, configured: '/c/temporal' }).map((place) => place.path)).toEqual(['/c/temporal']);
    expect(cliCacheDir({ XDG_CACHE_HOME: '/x' })).toBe(`/x/syncline/temporal-cli-${cliVersion}`);
  });

  it('is too old where its server knows no priorities', () => {
    expect(serverIsOld('1.5.1 (Server 1.29.1, UI 2.42.1)')).toBe(false);
    expect(serverIsOld('1.3.0 (Server 1.27.1, UI 2.34.0)')).toBe(true);
    expect(serverIsOld('1.0.0')).toBe(false);
  });

  it.each([
    ['#!/bin/sh\necho hello\n', 'is not a Temporal CLI'],
    ['#!/bin/sh\necho "temporal version 1.0.0 (Server 1.24.0, UI 2.0)"\n', 'is too old'],
    ['#!/bin/sh\nexit 3\n', 'does not run'],
  ])('that is configured and cannot be used is refused with the reason', async (script, reason) => {
    const configured = join(folder, `cli-${String(script.length)}`);
    writeFileSync(configured, script, { mode: 0o755 });
    const found = obtainTemporalCli({ configured, cacheDir: folder, path: '' }, () => undefined);
    await expect(found).rejects.toThrow(StackError);
    await expect(found).rejects.toThrow(reason);
  });
});
