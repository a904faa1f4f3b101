import * as z from 'zod/mini';

// the fast path of the schemas would be code made of text, which the policy of the page refuses
z.config({ jitless: true });

/** What may stand in the address of a page, a schema a page. What does not fit is left out: a link never breaks a page. */
const text = z.catch(z.optional(z.string()), undefined);
/** One text, or several: `?status=held&status=failed`. */
const texts = z.catch(z.optional(z.union([z.string(), z.array(z.string())])), undefined);
const number = z.catch(z.optional(z.coerce.number().check(z.int(), z.positive())), undefined);

/** Dialogs that may stand over every page. */
const dialogs = { syncStatus: text, start: text, tasks: text };

export const anySearch = z.object(dialogs);
export const syncsSearch = z.object({
  ...dialogs,
  connector: text,
  status: texts,
  mode: text,
  trigger: text,
  job: text,
  since: text,
});
export type SyncsSearch = z.output<typeof syncsSearch>;
export const compareSearch = z.object({ ...dialogs, first: text, second: text });
export type CompareSearch = z.output<typeof compareSearch>;
export const reviewSearch = z.object({ ...dialogs, draft: text, tab: text, group: text, hold: text, cause: text });
export const changesSearch = z.object({
  ...dialogs,
  entityType: text,
  type: text,
  kind: text,
  operation: text,
  op: text,
  property: text,
  key: text,
  keyPrefix: text,
  state: text,
  cause: text,
  group: text,
  hold: text,
});
export type ChangesSearch = z.output<typeof changesSearch>;
export const errorsSearch = z.object({
  ...dialogs,
  connector: text,
  entityType: text,
  property: text,
  code: text,
  effect: text,
  key: text,
});
export type ErrorsSearch = z.output<typeof errorsSearch>;
export const logSearch = z.object({ ...dialogs, task: text });
export const executionsSearch = z.object({ ...dialogs, job: text, status: text, since: text });
export type ExecutionsSearch = z.output<typeof executionsSearch>;
/** What else stands there are filters of properties, `filter[site]=Rome`. */
export const resourcesSearch = z.catchall(
  z.object({ ...dialogs, q: text, sort: text, managed: text, asOf: text }),
  texts,
);
export type ResourcesSearch = z.output<typeof resourcesSearch>;
export const resourceSearch = z.object({ ...dialogs, depth: z.catch(z.optional(z.literal('2')), undefined) });
export type ResourceSearch = z.output<typeof resourceSearch>;
export const searchSearch = z.object({ ...dialogs, q: text });
export const fileSearch = z.object({ ...dialogs, revision: number, against: number });
export const previewSearch = z.object({ ...dialogs, type: text, key: text });
export const refusalsSearch = z.object({ ...dialogs, connector: text });

/** Of what stands in an address, the filters that are set. */
export const chosen = <Name extends string>(
  search: Partial<Record<Name, string | undefined>>,
  names: readonly Name[],
): Partial<Record<Name, string>> =>
  Object.fromEntries(names.flatMap((name) => (search[name] === undefined ? [] : [[name, search[name]]]))) as Partial<
    Record<Name, string>
  >;

/** `?a=b&a=c` as `{a: ['b', 'c']}`: values are texts, as people write them. */
export function parseSearch(search: string): Record<string, string | string[]> {
  const found: Record<string, string | string[]> = {};
  for (const [name, value] of new URLSearchParams(search)) {
    const before = found[name];
    found[name] = before === undefined ? value : [before, value].flat();
  }
  return found;
}

export function writeSearch(search: Record<string, unknown>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(search))
    for (const each of Array.isArray(value) ? (value as unknown[]) : [value])
      if ((typeof each === 'string' && each !== '') || typeof each === 'number') parameters.append(name, `${each}`);
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}
