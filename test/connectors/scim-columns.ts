import { shownOf } from '../support/cells-of-json.ts';
import type { Subject } from './suite.ts';

/** An attribute as a service describes it at `Schemas`. */
export interface Attribute {
  name: string;
  type: string;
  multiValued: boolean;
  required: boolean;
}

const types: Record<string, string> = { complex: 'object', reference: 'string', integer: 'number', decimal: 'number' };

/** The columns of a table, from what the server itself says of its attributes. */
export function declaredColumns(attributes: readonly Attribute[], extensions: readonly string[]): Subject['columns'] {
  const column = (name: string, type: string, nullable = true) => ({ name, type, multiValued: false, nullable });
  const columns = [
    column('id', 'string', false),
    column('externalId', 'string'),
    ...attributes.map(({ name, type, multiValued, required }) => ({
      name,
      type: types[type] ?? type,
      multiValued,
      nullable: !required,
    })),
    ...extensions.map((name) => column(name, 'object')),
    column('meta', 'object'),
  ];
  // some services name the common attributes among those of the schema, too
  return columns.filter(({ name }, i) => columns.findIndex((each) => each.name === name) === i) as Subject['columns'];
}

/** Resources as the suite compares them. */
export const shownBy = (columns: Subject['columns'], resources: readonly object[]) =>
  resources.map((each) =>
    shownOf(
      each,
      columns.map(({ name }) => name),
    ),
  );

/** Of a service whose keys are user names: ids are given by the server, so the suite cannot choose one. */
export const byUserName = {
  table: 'Users',
  tables: ['Users', 'Groups'],
  key: ['userName'],
  storedKey: 'user3',
  freshKey: 'user99',
  tellsChanges: false,
  // an answer to a filter proves nothing
  targeted: { proves: false, unproven: [] },
  incomplete: [
    {
      what: 'an incremental service does not tell what was deleted',
      make: () => undefined,
      code: 'no-tombstones',
      read: { mode: 'incremental', since: { value: '2020-01-01T00:00:00.000Z', name: 'long ago' } },
    },
  ],
} satisfies Partial<Subject>;
