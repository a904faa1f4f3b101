import type { ConnectorFile } from '../domain/connector-file.ts';
import { rows, type Database, type Queryable } from './database.ts';

/** So many files of a database are remembered: parsing them again for each list of connectors would be most of its work. */
const mostRemembered = 300;
/** Bytes of the text. A larger file is read each time. */
const largestRemembered = 64 * 1024;

/** By connector, revision and time: a revision never changes, and one that a restored database makes again has another time. */
const remembered = new WeakMap<Database, Map<string, ConnectorFile>>();

interface RevisionInUse {
  id: number;
  revision: number;
  madeAt: string;
}

/** The files in use of connectors, by id. The same file is the same object as long as it is remembered. */
export async function filesInUse(db: Queryable, connectors: readonly number[]): Promise<Map<number, ConnectorFile>> {
  const inUse = await rows<RevisionInUse>(
    db,
    `select c.id, r.revision, r.created_at as "madeAt"
     from syncline.connector c join syncline.connector_revision r on r.connector = c.id and r.revision = c.active_revision
     where c.id = any(?)`,
    [[...connectors]],
  );
  const memory = memoryOf(db);
  const files = new Map<number, ConnectorFile>();
  const unknown: RevisionInUse[] = [];
  for (const each of inUse) {
    const file = memory.get(nameOf(each));
    if (file) files.set(each.id, file);
    else unknown.push(each);
  }
  if (unknown.length === 0) return files;
  const read = await rows<{ id: number; file: ConnectorFile; bytes: number }>(
    db,
    `select r.connector as id, r.file, octet_length(r.file::text) as bytes from syncline.connector_revision r
       join unnest(?::int[], ?::int[]) as u (connector, revision) on u.connector = r.connector and u.revision = r.revision`,
    [unknown.map(({ id }) => id), unknown.map(({ revision }) => revision)],
  );
  for (const { id, file, bytes } of read) {
    files.set(id, file);
    const of = unknown.find((each) => each.id === id);
    if (of && bytes <= largestRemembered) remember(memory, nameOf(of), file);
  }
  return files;
}

const nameOf = ({ id, revision, madeAt }: RevisionInUse) => `${String(id)} ${String(revision)} ${madeAt}`;

function memoryOf(db: Queryable): Map<string, ConnectorFile> {
  const found = remembered.get(db) ?? new Map<string, ConnectorFile>();
  remembered.set(db, found);
  return found;
}

/** The oldest makes room: a map keeps the order in which its entries came. */
function remember(memory: Map<string, ConnectorFile>, name: string, file: ConnectorFile): void {
  const [oldest] = memory.keys();
  if (memory.size >= mostRemembered && oldest !== undefined) memory.delete(oldest);
  memory.set(name, file);
}
