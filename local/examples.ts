import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import { z } from 'zod';

const fileSchema = z.object({ name: z.string() });
const syncSchema = z.object({ id: z.string(), status: z.string(), workflowId: z.string() });
const problemSchema = z.object({ detail: z.string() });

export interface LoadedExample {
  connector: string;
  /** Its first complete sync: held, as first syncs are. */
  sync: z.output<typeof syncSchema>;
}

/**
 * Loads the connectors of examples that the API does not know yet, and starts their first complete sync. A connector that is
 * there already is left as it is.
 * @param names of folders, each with one connector file
 * @param wait seconds for a sync to get held, or to end
 */
export async function loadExamples(
  api: string,
  folder: string,
  names: readonly string[],
  signal: AbortSignal,
  wait = 120,
): Promise<LoadedExample[]> {
  const loaded: LoadedExample[] = [];
  for (const name of names) {
    const place = join(folder, name);
    const file = existsSync(place) ? readdirSync(place).find((each) => each.endsWith('.yaml')) : undefined;
    if (file === undefined) throw new Error(`there is no example ${name} (SYNCLINE_EXAMPLES)`);
    const text = readFileSync(join(place, file), 'utf8');
    const { name: connector } = fileSchema.parse(parse(text));
    const known = await fetch(`${api}/v1/connectors/${connector}`, { signal });
    if (known.status !== 404) continue;
    await send('PUT', `${api}/v1/connectors/${connector}`, 'application/yaml', text, signal);
    const started = await send(
      'POST',
      `${api}/v1/connectors/${connector}/syncs`,
      'application/json',
      JSON.stringify({ mode: 'complete' }),
      signal,
    );
    loaded.push({ connector, sync: await settled(api, syncSchema.parse(started), signal, wait) });
  }
  return loaded;
}

/** The newest held sync of each connector, to be shown again after a restart. */
export async function heldSyncs(api: string, signal: AbortSignal): Promise<LoadedExample[]> {
  const answer = await fetch(`${api}/v1/syncs?status=held&limit=20`, { signal });
  const { items } = z
    .object({ items: z.array(syncSchema.extend({ connector: z.string() })) })
    .parse(await answer.json());
  return items.map(({ connector, ...sync }) => ({ connector, sync }));
}

async function settled(api: string, started: LoadedExample['sync'], signal: AbortSignal, seconds: number) {
  const until = Date.now() + seconds * 1000;
  let sync = started;
  while (['queued', 'running'].includes(sync.status) && Date.now() < until) {
    await sleep(200, undefined, { signal });
    const answer = await fetch(`${api}/v1/syncs/${sync.id}`, { signal });
    sync = syncSchema.parse(await answer.json());
  }
  return sync;
}

async function send(method: string, url: string, type: string, body: string, signal: AbortSignal): Promise<unknown> {
  const answer = await fetch(url, { method, headers: { 'content-type': type }, body, signal });
  const said: unknown = await answer.json();
  if (answer.ok) return said;
  const problem = problemSchema.safeParse(said);
  throw new Error(problem.success ? problem.data.detail : `${method} was answered with ${String(answer.status)}`);
}
