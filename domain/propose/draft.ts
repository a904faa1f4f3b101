import type { Table } from './discovered.ts';
import type { Key, propertiesOf } from './properties.ts';

/** A table with the names that its entity type has. */
export interface Draft {
  table: Table;
  name: string;
  key: Key;
  label: string | undefined;
  /** By column. */
  properties: ReturnType<typeof propertiesOf>;
}
