import { setTimeout as sleep } from 'node:timers/promises';
import type { Sync } from '../domain/sync.ts';

/** Calls of the product, as a user's program would make them. */
export class Api {
  readonly address: string;

  constructor(address: string) {
    this.address = address;
  }

  async call<Body>(method: string, path: string, body?: unknown): Promise<Body> {
    const answer = await fetch(`${this.address}${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} was answered with ${String(answer.status)}: ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as Body;
  }

  putConnector(file: { name: string }): Promise<unknown> {
    return this.call('PUT', `/v1/connectors/${file.name}`, file);
  }

  startSync(connector: string, mode: Sync['mode']): Promise<Sync> {
    return this.call('POST', `/v1/connectors/${connector}/syncs`, { mode });
  }

  resume({ id, digest }: Sync): Promise<Sync> {
    return this.call('POST', `/v1/syncs/${id}/resume`, { digest, reason: 'the bench' });
  }

  /** Numbers of resources and links that are stored. */
  async counts(entityType: string): Promise<{ resources: number; links: Record<string, number> }> {
    const { counts } = await this.call<{ counts: { resources: number; links: Record<string, number> } }>(
      'GET',
      `/v1/entity-types/${entityType}`,
    );
    return counts;
  }

  /**
   * Waits until a sync is held or has ended. Asks often at first and then less so: never later than 2 % of the time that
   * has passed, and never so often that asking is what is measured.
   */
  async settled(id: string, awaited: readonly string[] = ['queued', 'running']): Promise<Sync> {
    const began = performance.now();
    for (;;) {
      const sync = await this.call<Sync>('GET', `/v1/syncs/${id}`);
      if (!awaited.includes(sync.status)) return sync;
      await sleep(Math.min(250, Math.max(5, (performance.now() - began) / 50)));
    }
  }
}
