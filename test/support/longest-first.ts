import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Files that take longest, the longest first; most of that time they wait. One that began at the end would keep the whole
 * run waiting for it alone.
 */
const longest = [
  'test/stories/jobs.test.ts',
  'test/stories/priority.test.ts',
  'test/faults/kill.test.ts',
  'test/faults/review.test.ts',
  'test/faults/zombie.test.ts',
  'test/stories/narrow.test.ts',
  'test/stories/limits.test.ts',
  'test/cli/cli.test.ts',
  'test/stories/plans.test.ts',
  'test/stories/many-connectors.test.ts',
  'test/stories/bad-input.test.ts',
  'test/soak/catalog.test.ts',
  'test/stories/clean-up.test.ts',
  'test/stories/serial-order.test.ts',
  'test/stories/polls.test.ts',
  'repository/overtaken.test.ts',
  'test/local/start.test.ts',
  'test/replay/record.test.ts',
  'test/stories/sync-status.test.ts',
  'test/stories/cost.test.ts',
  'test/faults/planted.test.ts',
  'repository/diff-managed.test.ts',
];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const at = longest.indexOf(relative(this.ctx.config.root, moduleId));
      return at < 0 ? longest.length : at;
    };
    // stable: the others keep the order that Vitest gives them
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}
