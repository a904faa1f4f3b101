import type { EntityTypeFile, PropertyFile } from '../connector-file.ts';
import { compileOverSource, withoutValues, type Expression } from '../expression.ts';
import { characterFault } from '../storable.ts';
import type { MappedAttribute, MappingFile } from './mapping-schema.ts';

/** What a mapping makes of one resource of its entity type. */
export interface MappedSource {
  /** `out`: the condition is false. `failed`: it cannot be told, so nothing is decided. */
  state: 'mapped' | 'out' | 'failed';
  /** Values by property of the directory; those without a value are left out. */
  values: Record<string, unknown>;
  /** Properties whose expression failed, or gave what the property cannot hold: their values stay as they are. */
  failed: string[];
  /** For each rule of `match` the values that it compares; null where one is missing or unclean: such a rule finds nothing. */
  matches: (string[] | null)[];
  faults: { property?: string; message: string }[];
}

/** @param attributes as they are stored: properties without a value are left out */
export type SourceMapper = (attributes: Readonly<Record<string, unknown>>) => MappedSource;

type Property = Pick<PropertyFile, 'type' | 'multiValued'>;

/** Values and rules of a mapping, compiled once. Links are not values: they are found where joins are stored. */
export function compileSourceMapping(
  mapping: MappingFile,
  from: EntityTypeFile,
  target: { properties: Readonly<Record<string, Property>> },
): SourceMapper {
  const empty = Object.entries(from.properties).map(([name, { multiValued }]): [string, unknown] => [
    name,
    multiValued ? [] : null,
  ]);
  const when = mapping.when === undefined ? undefined : compileOverSource(mapping.when);
  const values = Object.entries(mapping.attributes).flatMap(([name, attribute]) => {
    const property = Object.hasOwn(target.properties, name) ? target.properties[name] : undefined;
    return property ? [{ name, property, read: reader(attribute) }] : [];
  });
  const rules = mapping.match.map((rule) => Object.keys(rule));
  return (attributes) => {
    const result: MappedSource = {
      state: 'mapped',
      values: {},
      failed: [],
      matches: rules.map((names) => matchValues(names.map((name) => attributes[name]))),
      faults: [],
    };
    const subject = new Map([...empty, ...Object.entries(attributes)]);
    if (when) result.state = condition(when, subject, result.faults);
    if (result.state !== 'mapped') return result;
    for (const { name, property, read } of values) {
      try {
        const value = fitting(read(attributes, subject), property);
        if (value !== null) result.values[name] = value;
      } catch (error) {
        result.failed.push(name);
        result.faults.push({ property: name, message: withoutValues(error) });
      }
    }
    return result;
  };
}

function condition(
  when: Expression,
  subject: ReadonlyMap<string, unknown>,
  faults: MappedSource['faults'],
): MappedSource['state'] {
  try {
    const verdict = when.evaluate(subject);
    if (typeof verdict === 'boolean') return verdict ? 'mapped' : 'out';
    faults.push({ message: 'The condition is neither true nor false for this resource' });
  } catch (error) {
    faults.push({ message: `The condition failed: ${withoutValues(error)}` });
  }
  return 'failed';
}

type Read = (attributes: Readonly<Record<string, unknown>>, subject: ReadonlyMap<string, unknown>) => unknown;

function reader({ property, expression, value }: MappedAttribute): Read {
  if (property !== undefined) return (attributes) => attributes[property];
  if (expression !== undefined) {
    const compiled = compileOverSource(expression);
    return (_attributes, subject) => compiled.evaluate(subject);
  }
  return () => value;
}

/** @returns null for no value @throws Error if the property cannot hold the value */
function fitting(value: unknown, property: Property): unknown {
  const list = (Array.isArray(value) ? value : [value]).filter(
    (each) => each !== null && each !== undefined && each !== '',
  );
  if (list.length === 0) return null;
  const fit = list.map((each) => one(each, property.type));
  if (property.multiValued) return [...new Set(fit)].sort();
  if (fit.length > 1) throw new Error('The value is a list, and the property has one value');
  return fit[0];
}

function one(value: unknown, type: Property['type']): string | number | boolean {
  const plain = typeof value === 'bigint' ? Number(value) : value;
  if (type === 'boolean') {
    if (typeof plain === 'boolean') return plain;
  } else if (type === 'integer') {
    if (typeof plain === 'number' && Number.isSafeInteger(plain)) return plain;
  } else if (type === 'decimal') {
    if (typeof plain === 'number' && Number.isFinite(plain)) return plain;
  } else if (typeof plain === 'string') {
    const fault = characterFault(plain);
    if (fault) throw new Error(`The value ${fault.message}`);
    if (isOfType(plain, type)) return plain;
  }
  throw new Error(`The value is no ${type}`);
}

const isOfType = (text: string, type: Property['type']): boolean =>
  type === 'date'
    ? /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))
    : type === 'dateTime'
      ? /^\d{4}-\d{2}-\d{2}T/.test(text) && !Number.isNaN(Date.parse(text))
      : true;

/** A value with white space around it, or with control characters, finds nobody. */
function matchValues(values: unknown[]): string[] | null {
  const texts = values.map((value) =>
    typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '',
  );
  return texts.some((text) => text === '' || text.trim() !== text || /\p{Cc}/u.test(text)) ? null : texts;
}
