import type { ConnectorFile } from '../domain/connector-file.ts';
import { checkConnectorFile } from '../domain/check-connector-file.ts';
import type { Fault } from '../domain/fault.ts';
import { checkShape, parseConnectorFile, type ParsedFile } from '../domain/parse-connector-file.ts';
import { pollGap, settingsOf } from '../connectors/registry.ts';
import { listEntityTypes } from '../repository/catalog.ts';
import type { Queryable } from '../repository/database.ts';
import type { Dependencies } from './dependencies.ts';
import { Problem } from './problems.ts';

/**
 * Reads and checks a connector file.
 * @param body YAML as text, or parsed JSON
 * @param under JSON Pointer of the file in the body
 * @throws Problem with every fault and its pointer
 */
export async function readConnectorFile(
  { db, config }: Pick<Dependencies, 'db' | 'config'>,
  body: unknown,
  under = '',
): Promise<ConnectorFile> {
  const parsed: ParsedFile = typeof body === 'string' ? parseConnectorFile(body) : checkShape(body);
  if (!parsed.ok) throw faulty(parsed.code, parsed.errors, under);
  const faults = checkConnectorFile(parsed.file, {
    settingsOf,
    pollGap,
    secretFolders: config.secretFolders,
    elsewhere: await entityTypesElsewhere(db, parsed.file.name),
  });
  if (faults.length > 0) throw faulty('invalid', faults, under);
  return parsed.file;
}

function faulty(code: 'body-unreadable' | 'invalid' | 'not-supported', faults: Fault[], under: string): Problem {
  const errors = faults.map(({ pointer, detail }) => ({ pointer: `${under}${pointer}`, detail }));
  const [first] = errors;
  const rest = errors.length > 1 ? ` (and ${String(errors.length - 1)} more)` : '';
  const where = first === undefined || first.pointer === '' ? '' : `${first.pointer}: `;
  return new Problem(code, `The connector file cannot be used. ${where}${first?.detail ?? ''}${rest}`, { errors });
}

async function entityTypesElsewhere(db: Queryable, connector: string) {
  const types = (await listEntityTypes(db)).filter((type) => type.connectorName !== connector);
  return new Map(
    types.map((type) => [
      type.name,
      {
        connector: type.connectorName,
        key: type.keyProperties,
        properties: type.properties.filter((each) => !each.retired),
      },
    ]),
  );
}
