import type { Namer } from './names.ts';
import { renamed } from './names.ts';
import { repeatedScans, type Execution } from './plan.ts';
import { render } from './render.ts';
import { coreStatementOf, coreStatements } from './statements.ts';

/** What one step executed of one core statement: how often, how long in all, and the execution that took longest. */
interface Kept {
  times: number;
  total: number;
  longest: Execution;
}

/** The executions of the core statements, step by step. */
export class KeptPlans {
  readonly #steps = new Map<string, Map<string, Kept>>();
  /** Nodes that go through the same rows again and again, in words. */
  readonly repeated: string[] = [];

  add(step: string, executions: readonly Execution[], namer: Namer): void {
    for (const execution of executions) {
      const name = coreStatementOf(execution.sql);
      if (name === undefined) continue;
      const named = { ...execution, sql: namer(execution.sql), plan: renamed(execution.plan, namer) };
      for (const what of repeatedScans(named.plan)) this.repeated.push(`${step}: ${name}: ${what}`);
      const steps = this.#steps.get(name) ?? new Map<string, Kept>();
      this.#steps.set(name, steps);
      const kept = steps.get(step);
      if (!kept) steps.set(step, { times: 1, total: execution.duration, longest: named });
      else {
        kept.times++;
        kept.total += execution.duration;
        if (execution.duration > kept.longest.duration) kept.longest = named;
      }
    }
  }

  /** Core statements that were not executed: their text has changed, or a step is gone. */
  get missing(): string[] {
    return Object.keys(coreStatements).filter((name) => !this.#steps.has(name));
  }

  /**
   * The files, by statement: of each step the execution that took longest.
   * @param atLeast milliseconds; steps with nothing that long are told in a line
   */
  files(head: string, atLeast: number): Map<string, string> {
    const files = new Map<string, string>();
    for (const [name, steps] of this.#steps) {
      const parts = [...steps].map(([step, { times, total, longest }]) => {
        const title = `${step}: ${total.toFixed(1)} ms in ${String(times)}`;
        return longest.duration < atLeast ? title : `${title}\n\n${wrapped(longest.sql)}\n\n${render(longest.plan)}`;
      });
      files.set(name, `${name}\n${head}\n\n${parts.join('\n\n')}\n`);
    }
    return files;
  }
}

function wrapped(sql: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of sql.split(' ')) {
    if (line.length + word.length > 110) {
      lines.push(line);
      line = '';
    }
    line += line === '' ? word : ` ${word}`;
  }
  return [...lines, line].map((each) => `    ${each}`).join('\n');
}
