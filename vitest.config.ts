import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', 'dist/**', '.syncline/**'],
    // built by the setup: JavaScript already
    server: { deps: { external: [/\/dist\/contract\.mjs$/] } },
    globalSetup: ['test/support/servers.ts'],
    pool: 'forks',
    // also on two cores: most files wait for timers, servers and schedules most of the time
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    testTimeout: 90_000,
    hookTimeout: 120_000,
    teardownTimeout: 60_000,
  },
});
