import { Worker } from 'node:worker_threads';

/** Why a thread gave no answer. */
export class SideThreadError extends Error {
  override name = 'SideThreadError';
  readonly reason: 'time' | 'memory' | 'busy' | 'failed';

  constructor(reason: SideThreadError['reason'], options?: ErrorOptions) {
    super(`The thread gave no answer: ${reason}.`, options);
    this.reason = reason;
  }
}

/**
 * A thread for work of unknown length. Other requests continue meanwhile. The thread is ended if it takes too much time or
 * memory. It does one piece of work at a time, and stays for the next one.
 */
export class SideThread<Input, Output> {
  readonly #entry: URL;
  readonly #limits: { milliseconds: number; megabytes: number; waiting: number };
  #thread: Worker | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** @param entry a file `…-thread.ts` that answers each message with one */
  constructor(entry: URL, limits: { milliseconds: number; megabytes: number; waiting: number }) {
    this.#entry = entry;
    this.#limits = limits;
  }

  /** @throws SideThreadError */
  async run(input: Input): Promise<Output> {
    if (this.#waiting >= this.#limits.waiting) throw new SideThreadError('busy');
    this.#waiting++;
    const turn = this.#last.then(() => this.#answer(input));
    this.#last = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      this.#waiting--;
    }
  }

  async #answer(input: Input): Promise<Output> {
    const thread = (this.#thread ??= this.#start());
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<Output>((resolve, reject) => {
        timer = setTimeout(() => {
          reject(new SideThreadError('time'));
        }, this.#limits.milliseconds);
        thread.once('message', resolve);
        thread.once('error', (error: NodeJS.ErrnoException) => {
          const reason = error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : 'failed';
          reject(new SideThreadError(reason, { cause: error }));
        });
        thread.once('exit', () => {
          reject(new SideThreadError('failed'));
        });
        thread.postMessage(input);
      });
    } catch (error) {
      this.#thread = undefined;
      await thread.terminate();
      throw error;
    } finally {
      clearTimeout(timer);
      for (const event of ['message', 'error', 'exit']) thread.removeAllListeners(event);
      // a late error has no caller any more
      thread.on('error', () => undefined);
    }
  }

  #start(): Worker {
    const thread = new Worker(this.#entry, {
      resourceLimits: { maxOldGenerationSizeMb: this.#limits.megabytes, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 },
    });
    thread.unref();
    return thread;
  }
}

/**
 * The built file of a thread, `name` without its ending: it lies beside that of the process.
 * @param asker URL of the module that asks; a source finds it where it is built to
 */
export function threadEntry(name: string, asker: string): URL {
  return new URL(`${asker.endsWith('.ts') ? '../dist' : '.'}/${name}.mjs`, asker);
}
