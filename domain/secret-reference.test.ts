import { describe, expect, it } from 'vitest';
import { readSecretReference } from './secret-reference.ts';

const folders = ['/run/secrets', '/data/secrets'];

describe('a reference to a secret', () => {
  it.each([
    ['env:SYNCLINE_SECRET_HR', { variable: 'SYNCLINE_SECRET_HR' }],
    ['file:/run/secrets/hr', { file: '/run/secrets/hr' }],
    ['file:/data/secrets/hr/password', { file: '/data/secrets/hr/password' }],
  ])('%s is allowed', (reference, found) => {
    expect(readSecretReference(reference, folders)).toEqual(found);
  });

  it.each([
    'env:PGPASSWORD',
    'env:SYNCLINE_DATABASE_URL',
    'env:SYNCLINE_TEMPORAL_API_KEY',
    'env:SYNCLINE_SECRET_',
    'env:SYNCLINE_SECRET_DIRS',
    'env:syncline_secret_hr',
    'file:/etc/passwd',
    'file:/proc/self/environ',
    'file:/run/secrets',
    'file:/run/secrets/',
    'file:/run/secretsother/hr',
    'file:/run/secrets/../../etc/passwd',
    'file:/run/secrets/./hr',
    'file:/run//secrets/hr',
    'file:/run/secrets/a\0b',
  ])('%j is refused, and not repeated', (reference) => {
    const reason = readSecretReference(reference, folders);
    expect(reason).toMatch(/SYNCLINE_SECRET_/);
    expect(reason).not.toContain(reference);
  });

  it('to a file is refused where no folder is listed', () => {
    expect(readSecretReference('file:/run/secrets/hr', [])).toMatch(/SYNCLINE_SECRET_DIRS/);
  });
});
