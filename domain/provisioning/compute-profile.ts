import { compileOverAssigned, withoutValues, type Expression } from '../expression.ts';
import type { LifecycleFile } from '../directory/lifecycle.ts';
import { characterFault } from '../storable.ts';
import type { ProfileAttribute, ProfileFile } from './profile-schema.ts';

/** What the rules of a profile type make of one resource of the directory. */
export interface ComputedProfile {
  /** `undecided`: a rule failed, or a value that is needed is missing. What is stored stays, and nothing is sent. */
  state: 'assigned' | 'unassigned' | 'undecided';
  /** Values by attribute; those without a value are left out. */
  values: Record<string, unknown>;
  /** Attributes that could not be computed: their values stay as they are. */
  failed: string[];
  faults: { code: 'expression' | 'required-missing'; attribute?: string; message: string }[];
}

/** @param attributes as they are stored: properties without a value are left out */
export type ProfileRule = (attributes: Readonly<Record<string, unknown>>) => ComputedProfile;

/**
 * Assignment and attributes of a profile type, compiled once. Who is not active is never assigned.
 * @param from the entity type of the directory
 */
export function compileProfile(
  profile: Pick<ProfileFile, 'kind' | 'assigned' | 'attributes'>,
  from: { properties: readonly { name: string; multiValued: boolean }[]; lifecycle?: LifecycleFile | undefined },
): ProfileRule {
  const empty = from.properties.map(({ name, multiValued }): [string, unknown] => [name, multiValued ? [] : null]);
  const assigned = compileOverAssigned(profile.assigned, profile.kind);
  const attributes = Object.entries(profile.attributes).map(([name, attribute]) => ({
    name,
    required: attribute.required,
    read: reader(attribute, profile.kind),
  }));
  return (stored) => {
    const subject = new Map([...empty, ...Object.entries(stored)]);
    const result: ComputedProfile = { state: 'assigned', values: {}, failed: [], faults: [] };
    const { lifecycle } = from;
    if (lifecycle && stored[lifecycle.status] === lifecycle.disabled) return { ...result, state: 'unassigned' };
    result.state = assignment(assigned, subject, result.faults);
    if (result.state !== 'assigned') return result;
    for (const { name, required, read } of attributes) {
      try {
        const value = sendable(read(stored, subject));
        if (value !== null) result.values[name] = value;
        else if (required) {
          result.state = 'undecided';
          result.faults.push({
            code: 'required-missing',
            attribute: name,
            message: `${name} is required and has no value`,
          });
        }
      } catch (error) {
        result.failed.push(name);
        if (required) result.state = 'undecided';
        result.faults.push({ code: 'expression', attribute: name, message: withoutValues(error) });
      }
    }
    return result;
  };
}

function assignment(
  rule: Expression,
  subject: ReadonlyMap<string, unknown>,
  faults: ComputedProfile['faults'],
): ComputedProfile['state'] {
  try {
    const verdict = rule.evaluate(subject);
    if (typeof verdict === 'boolean') return verdict ? 'assigned' : 'unassigned';
    faults.push({ code: 'expression', message: 'The assignment is neither true nor false for this resource' });
  } catch (error) {
    faults.push({ code: 'expression', message: `The assignment failed: ${withoutValues(error)}` });
  }
  return 'undecided';
}

type Read = (stored: Readonly<Record<string, unknown>>, subject: ReadonlyMap<string, unknown>) => unknown;

function reader({ property, expression, value }: ProfileAttribute, kind: ProfileFile['kind']): Read {
  if (property !== undefined) return (stored) => stored[property];
  if (expression !== undefined) {
    const compiled = compileOverAssigned(expression, kind);
    return (_stored, subject) => compiled.evaluate(subject);
  }
  return () => value;
}

/** @returns null for no value; a list is a sorted set @throws Error if no target can have the value */
function sendable(value: unknown): string | number | boolean | (string | number | boolean)[] | null {
  if (!Array.isArray(value)) return value === null || value === undefined || value === '' ? null : scalar(value);
  const list = value.filter((each) => each !== null && each !== undefined && each !== '').map(scalar);
  if (list.length === 0) return null;
  return [...new Set(list)].sort((a, b) => (String(a) < String(b) ? -1 : 1));
}

function scalar(value: unknown): string | number | boolean {
  const plain = typeof value === 'bigint' ? Number(value) : value;
  if (typeof plain === 'boolean') return plain;
  if (typeof plain === 'number' && Number.isFinite(plain)) return plain;
  if (typeof plain !== 'string') throw new Error('The value is no text, no number and neither true nor false');
  const fault = characterFault(plain);
  if (fault) throw new Error(`The value ${fault.message}`);
  return plain;
}
