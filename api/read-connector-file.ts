import type { ConnectorFile } from '../domain/connector-file.ts';
import { own } from '../domain/chosen-names.ts';
import { directoryName, isDirectory } from '../domain/directory/directory-file.ts';
import { listEntityTypes, listLinkProperties } from '../repository/catalog.ts';
import type { Queryable } from '../repository/database.ts';
import { lifecyclesInUse } from '../repository/directory/rules.ts';
import type { FileToRead, ReadFile } from './connector-file-thread.ts';
import type { Dependencies } from './dependencies.ts';
import { Problem } from './problems.ts';
import { SideThread, SideThreadError, threadEntry } from './threads.ts';

/** A file of a thousand entity types takes a second; no real connector file takes longer than this. */
const patience = 5_000;

const thread = new SideThread<FileToRead, ReadFile>(threadEntry('connector-file-thread', import.meta.url), {
  milliseconds: patience,
  megabytes: 192,
  waiting: 16,
});

/**
 * Reads and checks a connector file in a thread of its own, because the time depends on the content of the file.
 * @param body YAML as text, or parsed JSON
 * @param under JSON Pointer of the file in the body
 * @throws Problem with the first hundred faults and their pointers
 */
export async function readConnectorFile(
  { db, config: { secretFolders, outbound, preview } }: Pick<Dependencies, 'db' | 'config'>,
  body: unknown,
  under = '',
): Promise<ConnectorFile> {
  const read = await inThread({
    body,
    secretFolders,
    outboundAllow: outbound.allow,
    entityTypes: await knownEntityTypes(db),
  });
  if (read.ok) {
    refusePreview(read.file, preview, under);
    return read.file;
  }
  const errors = read.errors.map(({ pointer, detail }) => ({ pointer: `${under}${pointer}`, detail }));
  const [first] = errors;
  const rest = read.total > 1 ? ` (and ${String(read.total - 1)} more)` : '';
  const where = first === undefined || first.pointer === '' ? '' : `${first.pointer}: `;
  throw new Problem(read.code, `The connector file cannot be used. ${where}${first?.detail ?? ''}${rest}`, { errors });
}

/** @throws Problem if the file needs what the installation has not turned on */
function refusePreview(file: ConnectorFile, preview: Dependencies['config']['preview'], under: string): void {
  const directory = isDirectory(file) ? '/kind' : file.mappings === undefined ? undefined : '/mappings';
  if (directory !== undefined && !preview.includes('directory'))
    throw isPreview(
      `${under}${directory}`,
      'The directory and its mappings are a preview in this version of Syncline. To try them, start the API with SYNCLINE_PREVIEW=directory.',
    );
  if (file.provisioning !== undefined && !preview.includes('provisioning'))
    throw isPreview(
      `${under}/provisioning`,
      'Provisioning is a preview in this version of Syncline. To try it, start the API with SYNCLINE_PREVIEW=directory,provisioning.',
    );
}

function isPreview(pointer: string, detail: string): Problem {
  return new Problem('not-supported', `The connector file cannot be used. ${pointer}: ${detail}`, {
    errors: [{ pointer, detail }],
  });
}

async function inThread(file: FileToRead): Promise<ReadFile> {
  try {
    return await thread.run(file);
  } catch (error) {
    if (!(error instanceof SideThreadError) || error.reason === 'failed') throw error;
    if (error.reason === 'busy')
      throw new Problem('too-many-requests', 'Many connector files are being read. Send yours again in ten seconds.', {
        headers: { 'retry-after': '10' },
      });
    throw new Problem(
      'invalid',
      error.reason === 'time'
        ? `The connector file cannot be read within ${String(patience / 1000)} seconds: make it smaller, or simpler.`
        : 'The connector file needs too much memory to be read: make it smaller, or simpler.',
    );
  }
}

async function knownEntityTypes(db: Queryable): Promise<FileToRead['entityTypes']> {
  const types = await listEntityTypes(db);
  const links = await listLinkProperties(db);
  const lifecycles = await lifecyclesInUse(db);
  return new Map(
    types.map((type) => [
      type.name,
      {
        connector: type.connectorName,
        key: type.keyProperties,
        properties: type.properties
          .filter((each) => !each.retired)
          .map(({ name, multiValued }) => ({ name, multiValued })),
        links: links
          .filter((each) => each.entityType === type.id && !each.retired)
          .map(({ name, multiValued }) => ({ name, multiValued })),
        ...(type.connectorName === directoryName ? { lifecycleStatus: own(lifecycles, type.name)?.status } : {}),
      },
    ]),
  );
}
