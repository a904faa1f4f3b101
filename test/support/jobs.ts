import type { components } from '../../cli/generated/api.ts';
import { wide } from './connector.ts';
import type { ApiClient } from './api-client.ts';
import { sleep } from './api-client.ts';

export type Job = components['schemas']['Job'];
export type Execution = components['schemas']['Execution'];

/** Jobs over the API, as a person or a script handles them. */
export class Jobs {
  readonly #client: ApiClient;
  constructor(client: ApiClient) {
    this.#client = client;
  }

  /** Makes or replaces a job; by itself it runs at no time that a test would see. */
  async put(name: string, body: Record<string, unknown>): Promise<Job> {
    const answer = await this.#client.call('PUT', `/v1/jobs/${name}`, {
      mode: 'complete',
      cron: '0 0 1 1 *',
      ...body,
    });
    if (answer.status >= 300) throw new Error(`PUT job ${name}: ${JSON.stringify(answer.body)}`);
    return answer.body as Job;
  }

  async start(name: string): Promise<Execution> {
    const answer = await this.#client.call('POST', `/v1/jobs/${name}/run`);
    if (answer.status !== 202) throw new Error(`run ${name}: ${JSON.stringify(answer.body)}`);
    const execution = answer.body as Execution;
    if (answer.headers.get('location') !== `/v1/executions/${execution.id}`) throw new Error('it has no Location');
    return execution;
  }

  get(id: string): Promise<Execution> {
    return this.#client.get(`/v1/executions/${id}`);
  }

  of(name: string): Promise<Execution[]> {
    return this.#client.all(`/v1/jobs/${name}/executions`);
  }

  async ended(id: string, seconds = 120): Promise<Execution> {
    const until = Date.now() + seconds * 1000;
    for (;;) {
      const execution = await this.get(id).catch(() => undefined);
      if (execution && execution.endedAt !== null) return execution;
      if (Date.now() > until)
        throw new Error(`the execution has not ended: ${JSON.stringify(execution)}\n${this.#client.output}`);
      await sleep(100);
    }
  }

  /** Runs it by hand until it has ended. */
  async run(name: string, seconds = 120): Promise<Execution> {
    return this.ended((await this.start(name)).id, seconds);
  }

  /** The first execution that its schedule started, once it has ended. */
  async scheduled(name: string, seconds = 150): Promise<Execution> {
    let found: Execution | undefined;
    await this.#client.until(async () => {
      found = (await this.of(name)).find(({ trigger, endedAt }) => trigger === 'scheduled' && endedAt !== null);
      return found !== undefined;
    }, seconds);
    return found as Execution;
  }
}

const typeOf = (connector: string) => `${connector.replaceAll('-', '_')}_Type`;

/** One entity type whose rows lead, by the column `to`, to those of another connector. */
export function linked(name: string, to?: string) {
  return {
    apiVersion: 'syncline/v1',
    kind: 'Connector',
    name,
    thresholds: wide,
    connections: [{ name: 'files', package: 'csv', settings: { directory: name } }],
    entityTypes: [
      {
        name: typeOf(name),
        source: { connection: 'files', table: 'people.csv' },
        key: ['id'],
        properties: { id: { column: 'id' } },
        ...(to === undefined ? {} : { navigationProperties: { to: { to: typeOf(to), column: 'to' } } }),
      },
    ],
  };
}
