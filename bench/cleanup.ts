import { reasonOf } from '../local/stack-error.ts';

/** What has to be undone when the bench ends, however it ends; the last thing first. */
export class Cleanup {
  readonly #steps: (() => Promise<unknown>)[] = [];
  #running: Promise<void> | undefined;

  add(step: () => Promise<unknown>): void {
    this.#steps.push(step);
  }

  run(): Promise<void> {
    this.#running ??= this.#all();
    return this.#running;
  }

  async #all(): Promise<void> {
    for (let step = this.#steps.pop(); step; step = this.#steps.pop())
      await step().catch((error: unknown) => {
        process.stderr.write(`While cleaning up: ${reasonOf(error)}\n`);
      });
  }
}
