import { parentPort } from 'node:worker_threads';
import type { Config } from '../config.ts';
import { checkConnectorFile, type Surroundings } from '../domain/check-connector-file.ts';
import type { ConnectorFile } from '../domain/connector-file.ts';
import { mostFaults, type Fault } from '../domain/fault.ts';
import { checkShape, parseConnectorFile, type ParsedFile } from '../domain/parse-connector-file.ts';
import {
  changesGap,
  faultsOfConnections,
  isStructured,
  pollsCompletely,
  profileFaults,
  settingsOf,
} from '../connectors/registry.ts';

/** What the thread is asked: YAML as text or parsed JSON, and the entity types of all connectors. */
export interface FileToRead {
  body: unknown;
  secretFolders: readonly string[];
  outboundAllow: Config['outbound']['allow'];
  entityTypes: ReadonlyMap<string, EntityTypeElsewhere>;
}

type EntityTypeElsewhere = Surroundings['elsewhere'] extends ReadonlyMap<string, infer Type> ? Type : never;

export type ReadFile =
  | { ok: true; file: ConnectorFile }
  /** The first faults, and how many there are. */
  | { ok: false; code: 'body-unreadable' | 'invalid' | 'not-supported'; errors: Fault[]; total: number };

function read({ body, secretFolders, outboundAllow, entityTypes }: FileToRead): ReadFile {
  const parsed: ParsedFile = typeof body === 'string' ? parseConnectorFile(body) : checkShape(body);
  if (!parsed.ok) return faulty(parsed.code, parsed.errors);
  const { name } = parsed.file;
  const elsewhere = new Map([...entityTypes].filter(([, { connector }]) => connector !== name));
  const faults = checkConnectorFile(parsed.file, {
    settingsOf,
    structured: isStructured,
    pollGap: changesGap,
    pollsCompletely,
    connectionFaults: faultsOfConnections({ allow: outboundAllow, secretFolders }),
    profileFaults,
    secretFolders,
    elsewhere,
  });
  return faults.length > 0 ? faulty('invalid', faults) : parsed;
}

const faulty = (code: (ReadFile & { ok: false })['code'], errors: Fault[]): ReadFile => ({
  ok: false,
  code,
  errors: errors.slice(0, mostFaults),
  total: errors.length,
});

parentPort?.on('message', (file: FileToRead) => parentPort?.postMessage(read(file)));
parentPort?.postMessage('loaded');
