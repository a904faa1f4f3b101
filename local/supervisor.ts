import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { Backoff } from './backoff.ts';
import { endingOrder, recordChildren, type Child, type ServiceName } from './leftovers.ts';
import { tailOf } from './log-file.ts';
import { processIdentity } from './process-identity.ts';
import { describeExit, type RunningProcess } from './process.ts';
import { reasonOf, StackError } from './stack-error.ts';

/** A process to keep alive. */
export interface Service {
  name: ServiceName;
  logFile: string;
  /** Starts it, at first and again: with the same ports and data. */
  start(context: { spawned: (pid: number) => void; signal: AbortSignal }): Promise<RunningProcess>;
}

const deathsAtStart = 10;

/** Keeps services alive until stop() is called. */
export class Supervisor {
  readonly #childrenFile: string;
  readonly #say: (line: string) => void;
  readonly #stopping = new AbortController();
  readonly #running = new Map<ServiceName, RunningProcess>();
  readonly #children = new Map<ServiceName, Child>();
  readonly #keepers: Promise<void>[] = [];
  #settled = false;
  #fail: (error: Error) => void = () => undefined;
  /** Rejects when, before settle(), a service dies again and again. */
  readonly failed: Promise<never>;

  constructor(childrenFile: string, say: (line: string) => void) {
    this.#childrenFile = childrenFile;
    this.#say = say;
    this.failed = new Promise((_resolve, reject) => {
      this.#fail = reject;
    });
    this.failed.catch(() => undefined);
  }

  /**
   * Starts a service and keeps it alive from then on.
   * @throws what its first start throws
   */
  async start<Running extends RunningProcess>(
    service: Omit<Service, 'start'> & { start(context: Parameters<Service['start']>[0]): Promise<Running> },
  ): Promise<Running> {
    const running = await service.start(this.#context(service));
    this.#running.set(service.name, running);
    this.#keepers.push(this.#keep(service, running));
    return running;
  }

  /** From now on a service is started again each time it ends. */
  settle(): void {
    this.#settled = true;
  }

  /** Ends everything in order. */
  async stop(): Promise<void> {
    this.#stopping.abort(new StackError('stopped'));
    for (const names of endingOrder) {
      await Promise.all(names.map(async (name) => this.#running.get(name)?.stop()));
    }
    await Promise.all(this.#keepers);
  }

  /** Ends everything at once. */
  kill(): void {
    this.#stopping.abort(new StackError('stopped'));
    for (const running of this.#running.values()) running.kill();
  }

  #context({ name }: Service): Parameters<Service['start']>[0] {
    return {
      signal: this.#stopping.signal,
      spawned: (pid) => {
        this.#children.set(name, { name, pid, identity: processIdentity(pid) ?? '' });
        this.#record();
      },
    };
  }

  #record(): void {
    recordChildren(this.#childrenFile, [...this.#children.values()]);
  }

  async #keep(service: Service, first: RunningProcess): Promise<void> {
    const { name, logFile } = service;
    const backoff = new Backoff();
    let running: RunningProcess | undefined = first;
    let since = performance.now();
    let ending = '';
    while (!this.#stopping.signal.aborted) {
      if (running) {
        ending = `${name} ended (${describeExit(await running.exited)})`;
        this.#running.delete(name);
        this.#children.delete(name);
        this.#record();
        if (this.#isStopping()) return;
      }
      const pause = backoff.died(performance.now() - since);
      if (!this.#settled && backoff.deaths >= deathsAtStart) {
        this.#fail(
          new StackError(
            `${ending}, ${String(backoff.deaths)} times in a row. Its log, ${logFile}, ends with:\n${tailOf(logFile)}`,
          ),
        );
        return;
      }
      this.#say(`${ending}; starting it again${pause < 1_000 ? '' : ` in ${(pause / 1000).toFixed(1)} s`}.`);
      try {
        await sleep(pause, undefined, { signal: this.#stopping.signal });
        since = performance.now();
        running = await service.start(this.#context(service));
        this.#running.set(name, running);
        // one that came up while everything was being stopped
        if (this.#isStopping()) await running.stop();
      } catch (error) {
        running = undefined;
        ending = `${name} did not start: ${reasonOf(error)}`;
      }
    }
  }

  #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }
}
