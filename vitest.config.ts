import { defineConfig } from 'vitest/config';

/** Answers come at once, but not on a machine that has other things to do as well. */
const patient = {
  testTimeout: 120_000,
  hookTimeout: 120_000,
  expect: { poll: { timeout: 60_000 } },
};

/** Docker and whole-server suites share one machine, so they run a file at a time. */
const sequential = { ...patient, fileParallelism: false };

export default defineConfig({
  test: {
    projects: [
      {
        test: { name: 'unit', include: ['src/**/*.test.ts', 'test/tidy.test.ts'], ...patient },
      },
      { test: { name: 'store', include: ['test/store/**/*.test.ts'], ...patient } },
      { test: { name: 'contract', include: ['test/contract/**/*.test.ts'], ...patient } },
      { test: { name: 'agent', include: ['test/agent/**/*.test.ts'], ...sequential } },
      { test: { name: 'integration', include: ['test/integration/**/*.test.ts'], ...sequential } },
    ],
  },
});
