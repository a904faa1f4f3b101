import { Failure } from './failure.ts';
import type { components } from './generated/api.ts';

type Overrides = NonNullable<components['schemas']['SyncRequest']['overrides']>;

/**
 * `--limit maximumDeletedLines=500` or `--limit HR_Person.maximumDeletedLines=20`, with `--reason`.
 * @throws Failure if an option cannot be read, or one is given without the other
 */
export function overridesOf(limits: readonly string[] | undefined, reason: string | undefined): Overrides | undefined {
  if (limits === undefined && reason === undefined) return undefined;
  if (limits === undefined) throw usage('--reason tells why limits are overridden: add --limit.');
  if (reason === undefined) throw usage('Say why the limit is overridden: add --reason "…".');
  const thresholds: Record<string, number> = {};
  const entityTypes: Record<string, Record<string, number>> = {};
  for (const text of limits) {
    const [, type, name, value] = /^(?:(\w+)\.)?(\w+)=(\d+(?:\.\d+)?)$/.exec(text) ?? [];
    if (name === undefined)
      throw usage(`${text} is not a limit. Write it like maximumDeletedLines=500, or Type.maximumDeletedLines=20.`);
    if (type === undefined) thresholds[name] = Number(value);
    else entityTypes[type] = { ...entityTypes[type], [name]: Number(value) };
  }
  const own = Object.keys(entityTypes).length > 0 ? { entityTypes } : {};
  return { thresholds: { ...thresholds, ...own }, reason };
}

const usage = (message: string) => new Failure('usage', message, [], 2);
