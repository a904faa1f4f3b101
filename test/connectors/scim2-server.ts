import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../local/ports.ts';
import { programOf } from '../support/python.ts';

export interface Resource {
  id: string;
  userName?: string;
  [name: string]: unknown;
}

/** A SCIM server of others (scim2-server of PyPI) on loopback, which gives the ids itself. */
export class Scim2Server {
  readonly origin: string;
  readonly #token: string;
  readonly #process: ChildProcess;

  private constructor(port: number, token: string) {
    this.origin = `http://127.0.0.1:${String(port)}`;
    this.#token = token;
    const args = ['--hostname', '127.0.0.1', '--port', String(port), '--bearer-token', token];
    this.#process = spawn(programOf('scim2-server'), args, { stdio: 'ignore' });
  }

  static async start(token: string): Promise<Scim2Server> {
    const server = new Scim2Server(await freePort(), token);
    for (let attempt = 0; attempt < 300; attempt++) {
      if (server.#process.exitCode !== null) break;
      const answer = await fetch(`${server.origin}/v2/ServiceProviderConfig`).catch(() => undefined);
      if (answer) return server;
      await sleep(100);
    }
    throw new Error('scim2-server does not answer');
  }

  async ask<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const answer = await fetch(`${this.origin}/v2/${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/scim+json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as Answer;
  }

  async list(endpoint: string): Promise<Resource[]> {
    return (await this.ask<{ Resources?: Resource[] }>('GET', `${endpoint}?count=1000`)).Resources ?? [];
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
  }
}
