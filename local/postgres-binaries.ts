import { execFile } from 'node:child_process';
import { accessSync, constants, globSync, readFileSync, realpathSync, symlinkSync } from 'node:fs';
import { delimiter, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { codeOf, StackError } from './stack-error.ts';

const execute = promisify(execFile);

export const oldestMajor = 15;

export interface PostgresBinaries {
  /** Absolute folder with `initdb` and `postgres`. */
  folder: string;
  version: string;
  major: number;
}

/** Where distributions and installers put the binaries of each version; most keep them off the PATH. */
const versionedFolders = [
  '/usr/lib/postgresql/*/bin',
  '/usr/pgsql-*/bin',
  '/usr/libexec/postgresql*',
  '/opt/homebrew/opt/postgresql@*/bin',
  '/usr/local/opt/postgresql@*/bin',
  '/Applications/Postgres.app/Contents/Versions/*/bin',
];
