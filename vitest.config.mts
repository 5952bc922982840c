// How the JavaScript tests run: a process a file, one at a time, but for those that mostly wait for processes of their own.
import { availableParallelism } from 'node:os';

import { defineConfig } from 'vitest/config';

import { sameInCopyMode, SlowestFirst, together } from './test/schedule.mts';

/** At full length a test may take minutes of two cores. */
const isLong = process.env['MILLRACE_TEST_LONG'] === '1';
/** The run in the other memory mode, after one in this one: only what it could change (`scripts/check.mjs`). */
const isCopyRun = process.env['MILLRACE_TEST_COPY'] === '1';
const never = ['test/smoke/**', 'test/types/**', ...(isCopyRun ? sameInCopyMode : [])];

export default defineConfig({
  test: {
    // A process per file: millrace's registry is process-wide, and some tests end whole environments.
    pool: 'forks',
    // Only what hangs takes so long, on whatever machine.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    teardownTimeout: 60_000,
    // The built package is loaded by Node itself, as a user's would be.
    server: { deps: { external: [/\/dist\//] } },
    sequence: { sequencer: SlowestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'together',
          include: together,
          exclude: never,
          maxWorkers: isLong ? 1 : Math.min(2, availableParallelism()),
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'alone',
          include: ['test/**/*.test.ts'],
          exclude: [...never, ...together],
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
