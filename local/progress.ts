import { performance } from 'node:perf_hooks';

/** Where lines go; a terminal also gets a line that is rewritten while steps run. */
export interface Output {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

interface Step {
  title: string;
  note: string;
  began: number;
  said: number;
}

const repeatAfter = 30_000;

/** Shows the progress: a line when a step ends, and the running steps meanwhile. */
export class Progress {
  readonly #out: Output;
  readonly #running = new Set<Step>();
  #timer: NodeJS.Timeout | undefined;
  #transient = false;

  constructor(out: Output) {
    this.#out = out;
  }

  say(line: string): void {
    this.#clear();
    this.#out.write(`${line}\n`);
    this.#draw();
  }

  /**
   * Runs a step; its line has the last note and the time it took.
   * @param work gets a function that sets the note: the current work, and at the end the result
   */
  async step<Result>(title: string, work: (note: (text: string) => void) => Promise<Result>): Promise<Result> {
    const step: Step = { title, note: '', began: performance.now(), said: 0 };
    this.#running.add(step);
    this.#timer ??= setInterval(() => {
      this.#tick();
    }, 1000);
    this.#draw();
    try {
      const result = await work((text) => {
        step.note = text;
        this.#draw();
      });
      this.#running.delete(step);
      this.say(`✓ ${describe(step)} (${elapsed(step)})`);
      return result;
    } catch (error) {
      this.#running.delete(step);
      this.say(`✗ ${title} (${elapsed(step)})`);
      throw error;
    } finally {
      if (this.#running.size === 0) {
        clearInterval(this.#timer);
        this.#timer = undefined;
      }
    }
  }

  #tick(): void {
    if (this.#out.isTTY) {
      this.#draw();
      return;
    }
    const now = performance.now();
    for (const step of this.#running) {
      if (step.said !== 0 && now - step.said < repeatAfter) continue;
      step.said = now;
      this.#out.write(`… ${describe(step)} (${elapsed(step)})\n`);
    }
  }

  #draw(): void {
    if (!this.#out.isTTY || this.#running.size === 0) return;
    this.#clear();
    const line = `… ${[...this.#running].map((step) => `${describe(step)} (${elapsed(step)})`).join(' · ')}`;
    const width = (this.#out.columns ?? 80) - 1;
    this.#out.write(line.length > width ? `${line.slice(0, width - 1)}…` : line);
    this.#transient = true;
  }

  #clear(): void {
    if (this.#transient) this.#out.write('\r\u001b[2K');
    this.#transient = false;
  }
}

const describe = (step: Step) => (step.note === '' ? step.title : `${step.title}: ${step.note}`);

/** `0.4 s`, `42 s`, `4 min 05 s`. */
function elapsed(step: Step): string {
  const seconds = (performance.now() - step.began) / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${seconds.toFixed(0)} s`;
  const whole = Math.floor(seconds);
  return `${String(Math.floor(whole / 60))} min ${String(whole % 60).padStart(2, '0')} s`;
}
