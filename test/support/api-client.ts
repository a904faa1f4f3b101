import type { Sync } from '../../domain/sync.ts';
import { contractFile } from './built-contract.ts';
import type * as contract from './contract.ts';
import { patience } from './patience.ts';

const { checkAnswer } = (await import(contractFile)) as typeof contract;

/** Calls of a running API, as a client would make them. */
export abstract class ApiClient {
  /** Address of the API. */
  abstract readonly api: string;
  /** What the processes behind it have said, for messages of failures. */
  abstract readonly output: string;

  async call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; body: unknown; headers: Headers }> {
    const text = typeof body === 'string';
    const response = await fetch(`${this.api}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': text ? 'application/yaml' : 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: text ? body : JSON.stringify(body) }),
    });
    const answer = await response.text();
    const type = response.headers.get('content-type') ?? '';
    const parsed: unknown = type.includes('json') && answer !== '' ? JSON.parse(answer) : answer;
    checkAnswer(method, path, response.status, type, parsed);
    return { status: response.status, body: parsed, headers: response.headers };
  }

  /** The body of a call that must succeed. */
  async get<Body>(path: string): Promise<Body> {
    const { status, body } = await this.call('GET', path);
    if (status !== 200) throw new Error(`GET ${path}: ${String(status)} ${JSON.stringify(body)}`);
    return body as Body;
  }

  async put(file: unknown, name: string): Promise<void> {
    const { status, body } = await this.call('PUT', `/v1/connectors/${name}`, file);
    if (status >= 300) throw new Error(`PUT ${name}: ${String(status)} ${JSON.stringify(body)}`);
  }

  async startSync(connector: string, body: Record<string, unknown> = {}): Promise<Sync> {
    const answer = await this.call('POST', `/v1/connectors/${connector}/syncs`, { mode: 'complete', ...body });
    if (answer.status !== 202) throw new Error(`sync: ${String(answer.status)} ${JSON.stringify(answer.body)}`);
    return answer.body as Sync;
  }

  /** Starts a sync and waits until it is held or has ended. */
  async sync(connector: string, body: Record<string, unknown> = {}): Promise<Sync> {
    return this.settled((await this.startSync(connector, body)).id);
  }

  async settled(id: string, while_: readonly string[] = ['queued', 'running'], seconds = 120): Promise<Sync> {
    const until = Date.now() + seconds * 1000;
    const pause = patience();
    for (;;) {
      const sync = await this.get<Sync>(`/v1/syncs/${id}`).catch((error: unknown) => {
        if (Date.now() > until) throw error;
        return undefined;
      });
      if (sync && !while_.includes(sync.status)) return sync;
      if (Date.now() > until) throw new Error(`the sync is still ${sync?.status ?? 'out of reach'}:\n${this.output}`);
      await pause();
    }
  }

  async until(condition: () => Promise<boolean>, seconds = 60): Promise<void> {
    const until = Date.now() + seconds * 1000;
    const pause = patience();
    while (!(await condition())) {
      if (Date.now() > until) throw new Error(`it did not come to pass:\n${this.output}`);
      await pause();
    }
  }

  async decide(sync: Sync, action: 'resume' | 'reject'): Promise<Sync> {
    const answer = await this.call('POST', `/v1/syncs/${sync.id}/${action}`, {
      digest: sync.digest,
      reason: 'reviewed',
    });
    if (answer.status !== 200) throw new Error(`${action}: ${String(answer.status)} ${JSON.stringify(answer.body)}`);
    return this.settled(sync.id, ['running', 'held']);
  }

  /** Syncs, and resumes where it is held. */
  async syncAndResume(connector: string, body: Record<string, unknown> = {}): Promise<Sync> {
    return this.syncAndResumeStarted(await this.startSync(connector, body));
  }

  /** Waits for a sync that has been started, and resumes it where it is held. */
  async syncAndResumeStarted(started: Sync): Promise<Sync> {
    const sync = await this.settled(started.id);
    return sync.status === 'held' ? this.decide(sync, 'resume') : sync;
  }

  async *pages<Item>(path: string): AsyncGenerator<Item> {
    let cursor: string | null = null;
    do {
      const separator = path.includes('?') ? '&' : '?';
      const next: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page: { items: Item[]; nextCursor: string | null } = await this.get(`${path}${separator}limit=500${next}`);
      yield* page.items;
      cursor = page.nextCursor;
    } while (cursor !== null);
  }

  async all<Item>(path: string): Promise<Item[]> {
    const items: Item[] = [];
    for await (const item of this.pages<Item>(path)) items.push(item);
    return items;
  }
}

export const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
