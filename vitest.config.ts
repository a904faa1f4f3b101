import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', 'dist/**', '.syncline/**'],
    globalSetup: ['test/support/servers.ts'],
    pool: 'forks',
    // servers and stacks of their own need the rest of the machine
    maxWorkers: 2,
    testTimeout: 90_000,
    hookTimeout: 120_000,
    teardownTimeout: 60_000,
  },
});
