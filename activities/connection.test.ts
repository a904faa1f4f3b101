import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createCsvPackage } from '../connectors/csv/index.ts';
import { connectionSchema } from '../domain/connector-file.ts';
import { openConnection } from './connection.ts';

const folder = mkdtempSync(join(tmpdir(), 'syncline-secrets-'));
const secrets = join(folder, 'secrets');
mkdirSync(join(secrets, '..data'), { recursive: true });
writeFileSync(join(secrets, '..data', 'hr'), 'of the folder\n');
writeFileSync(join(folder, 'outside'), 'of somebody else');
symlinkSync(join('..data', 'hr'), join(secrets, 'hr'));
symlinkSync(join(folder, 'outside'), join(secrets, 'leads-out'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const adapter = createCsvPackage({ fileRoots: [] });
const open = async (reference: string) => {
  const connection = connectionSchema.parse({
    name: 'files',
    package: 'csv',
    settings: { directory: 'hr' },
    secrets: { password: reference },
  });
  return (await openConnection({ packages: { get: () => adapter }, secretFolders: [secrets] }, connection)).connection
    .secrets;
};

describe('the secrets of a connection', () => {
  it('are read from the variables and the folders that are meant for them, mounted as links or not', async () => {
    process.env['SYNCLINE_SECRET_OF_A_TEST'] = 'of the variable';
    expect(await open('env:SYNCLINE_SECRET_OF_A_TEST')).toEqual({ password: 'of the variable' });
    expect(await open(`file:${secrets}/hr`)).toEqual({ password: 'of the folder' });
  });

  it.each([
    [
      'another variable, named by a file that was saved before the rule',
      'env:PATH',
      /must begin with SYNCLINE_SECRET_/,
    ],
    ['a file elsewhere', `file:${folder}/outside`, /in a folder of SYNCLINE_SECRET_DIRS/],
    [
      'a link that leads out',
      `file:${secrets}/leads-out`,
      /link to a place outside the folders of SYNCLINE_SECRET_DIRS/,
    ],
    ['a file that is not there', `file:${secrets}/nowhere`, /The worker cannot read the file/],
    ['a variable that is not set', 'env:SYNCLINE_SECRET_NOT_SET', /SYNCLINE_SECRET_NOT_SET is not set for the worker/],
  ])('are not read from %s', async (_what, reference, reason) => {
    await expect(open(reference)).rejects.toMatchObject({
      code: 'credentials',
      message: expect.stringMatching(reason) as string,
    });
  });
});
