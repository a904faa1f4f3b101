import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acquireLock } from './lock.ts';
import { processIdentity } from './process-identity.ts';
import { StackError } from './stack-error.ts';

describe('the lock of a data folder', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'syncline-lock-'));
    file = join(folder, 'lock.json');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const held = (pid: number, identity: string) => {
    writeFileSync(file, JSON.stringify({ pid, identity, startedAt: '2026-01-01T00:00:00Z' }));
  };

  it('is there until it is released', () => {
    const lock = acquireLock(file);
    expect(lock.note).toBeUndefined();
    expect(() => acquireLock(file)).toThrow(StackError);
    lock.release();
    expect(existsSync(file)).toBe(false);
  });

  it('of a living process is refused, naming it', () => {
    held(process.ppid, processIdentity(process.ppid) ?? '');
    expect(() => acquireLock(file)).toThrow(`process ${String(process.ppid)}`);
  });

  it.each([
    ['a process that is gone', 2 ** 22 + 1, 'x'],
    ['another process under the same number', process.ppid, 'begun at another time'],
  ])('of %s is taken over', (_who, pid, identity) => {
    held(pid, identity);
    const lock = acquireLock(file);
    expect(lock.note).toContain('did not end cleanly');
    lock.release();
  });

  it('that is damaged is taken over', () => {
    writeFileSync(file, '{');
    acquireLock(file).release();
  });
});
