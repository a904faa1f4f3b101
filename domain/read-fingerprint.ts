import { createHash } from 'node:crypto';
import type { ConnectorFile } from './connector-file.ts';

/**
 * What decides what a read of a table gives: the settings of its connection, and what the connector file maps of the table.
 * A checkpoint counts only for the same fingerprint: rows that an earlier mapping left out do not come again as changes.
 */
export function readFingerprint(file: ConnectorFile, connection: string, table: string): string {
  const configured = file.connections.find(({ name }) => name === connection);
  const reads = (of: string, from: string | undefined) => of === connection && from === table;
  const types = file.entityTypes.flatMap(({ name, source, key, properties, navigationProperties }) => {
    const own = reads(source.connection, source.table);
    const links = Object.entries(navigationProperties)
      .filter(([, { connection: of, table: from }]) =>
        from === undefined ? own : reads(of ?? source.connection, from),
      )
      .map(([property, { column, sourceColumn, targetColumn, where }]) => [
        property,
        { column, sourceColumn, targetColumn, where },
      ]);
    const columns = Object.entries(properties).map(([property, { column, expression }]) => [
      property,
      column,
      expression,
    ]);
    return own || links.length > 0
      ? [
          [
            name,
            own ? [source.where, key, columns, ...(source.identity === undefined ? [] : [source.identity])] : [],
            links,
          ],
        ]
      : [];
  });
  const read = [configured?.package, configured?.settings, table, types];
  return createHash('sha256').update(JSON.stringify(read)).digest('hex');
}
