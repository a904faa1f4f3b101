import type { CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { pathAt } from './lines.ts';

interface Schema {
  type?: string | string[];
  description?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
  $ref?: string;
  $defs?: Record<string, Schema>;
}

/** Keys and values that the JSON Schema of connector files allows at a place. */
export const completeBy =
  (root: object) =>
  (context: CompletionContext): CompletionResult | null => {
    const text = context.state.doc.toString();
    const line = context.state.doc.lineAt(context.pos);
    const before = line.text.slice(0, context.pos - line.from);
    const schemas = pathAt(text, context.pos).reduce<Schema[]>(
      (at, key) => at.flatMap((schema) => childrenOf(root as Schema, schema, key)),
      [root],
    );
    const value = /^\s*(?:- )?([\w$-]+):\s+(\S*)$/.exec(before);
    if (value) {
      const options = schemas
        .flatMap((schema) => childrenOf(root as Schema, schema, value[1] ?? ''))
        .flatMap((schema) => allOf(root as Schema, schema))
        .flatMap((schema) => schema.enum ?? (schema.const === undefined ? [] : [schema.const]));
      if (options.length === 0) return null;
      return {
        from: context.pos - (value[2] ?? '').length,
        options: options.map((label) => ({ label: String(label) })),
      };
    }
    const word = /^\s*(?:- )?([\w$-]*)$/.exec(before);
    if (!word || (word[1] === '' && !context.explicit)) return null;
    const options = schemas
      .flatMap((schema) => allOf(root as Schema, schema))
      .flatMap(({ properties }) => Object.entries(properties ?? {}))
      .map(([label, { description }]) => ({
        label,
        apply: `${label}: `,
        type: 'property',
        ...(description ? { info: description } : {}),
      }));
    return { from: context.pos - (word[1] ?? '').length, options };
  };

/** A schema with those that it refers to, and its alternatives. */
function allOf(root: Schema, schema: Schema, depth = 0): Schema[] {
  if (depth > 6) return [];
  const name = schema.$ref?.split('/').at(-1);
  const referred = name === undefined ? undefined : root.$defs?.[name];
  const others = [
    ...(schema.anyOf ?? []),
    ...(schema.oneOf ?? []),
    ...(schema.allOf ?? []),
    ...(referred ? [referred] : []),
  ];
  return [schema, ...others.flatMap((other) => allOf(root, other, depth + 1))];
}

function childrenOf(root: Schema, schema: Schema, key: string): Schema[] {
  return allOf(root, schema).flatMap((each) => {
    const inList = each.items ? allOf(root, each.items) : [];
    return [each, ...inList].flatMap(({ properties, additionalProperties }) => {
      const own = properties?.[key];
      if (own) return [own];
      return typeof additionalProperties === 'object' ? [additionalProperties] : [];
    });
  });
}
