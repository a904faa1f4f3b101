import type { Table } from '../generate.ts';
import type { PythonEnvironment } from '../python-environment.ts';
import type { Program } from '../run-program.ts';

/** Where a peer works: its packages, an empty database of its own and a folder for whatever it keeps. */
export interface PeerSite {
  environment: PythonEnvironment;
  databaseUrl: string;
  scratch: string;
}

/** Another way to bring the files into Postgres. */
export interface Peer {
  name: string;
  /** With its version. */
  title: string;
  /** How it is used. */
  use: string;
  /** What pip installs. */
  requirements: readonly string[];
  /** A program that loads the files of a folder, at first or again. */
  load(site: PeerSite, folder: string): Promise<Program>;
  /** The table that the rows of a file end up in. */
  destination(table: Table): string;
}

export const keysOf: Record<Table, string[]> = {
  users: ['employee_id'],
  'org-units': ['unit_id'],
  groups: ['group_id'],
  memberships: ['group_id', 'employee_id'],
};

export const destinationIn = (schema: string) => (table: Table) => `${schema}.${table.replace('-', '_')}`;
