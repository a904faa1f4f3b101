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

/** How long a thread may load its code: on a busy machine that takes longer than its work. */
const loading = 60_000;

/**
 * A thread for work of unknown length. Other requests continue meanwhile. The thread is ended if it takes too much time or
 * memory. It does one piece of work at a time, and stays for the next one. The time counts from when its code is loaded.
 */
export class SideThread<Input, Output> {
  readonly #entry: URL;
  readonly #limits: { milliseconds: number; megabytes: number; waiting: number };
  #thread: { worker: Worker; loaded: boolean } | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** @param entry a file `…-thread.ts` that sends one message when it is loaded, then answers each message with one */
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
    try {
      if (!thread.loaded) await nextMessage(thread.worker, loading, 'failed');
      thread.loaded = true;
      const answer = nextMessage<Output>(thread.worker, this.#limits.milliseconds, 'time');
      thread.worker.postMessage(input);
      return await answer;
    } catch (error) {
      this.#thread = undefined;
      await thread.worker.terminate();
      throw error;
    }
  }

  #start(): { worker: Worker; loaded: boolean } {
    const worker = new Worker(this.#entry, {
      resourceLimits: { maxOldGenerationSizeMb: this.#limits.megabytes, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 },
    });
    worker.unref();
    return { worker, loaded: false };
  }
}

/** @throws SideThreadError, with `late` as its reason if no message comes in time */
async function nextMessage<Message>(
  worker: Worker,
  milliseconds: number,
  late: SideThreadError['reason'],
): Promise<Message> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<Message>((resolve, reject) => {
      timer = setTimeout(() => {
        reject(new SideThreadError(late));
      }, milliseconds);
      worker.once('message', resolve);
      worker.once('error', (error: NodeJS.ErrnoException) => {
        const reason = error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : 'failed';
        reject(new SideThreadError(reason, { cause: error }));
      });
      worker.once('exit', () => {
        reject(new SideThreadError('failed'));
      });
    });
  } finally {
    clearTimeout(timer);
    for (const event of ['message', 'error', 'exit']) worker.removeAllListeners(event);
    // a late error has no caller any more
    worker.on('error', () => undefined);
  }
}

/**
 * The built file of a thread, `name` without its ending: it is beside the built file of the process.
 * @param asker URL of the module that asks; for a source file, the built file is in `dist`
 */
export function threadEntry(name: string, asker: string): URL {
  return new URL(`${asker.endsWith('.ts') ? '../dist' : '.'}/${name}.mjs`, asker);
}
