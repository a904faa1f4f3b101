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
