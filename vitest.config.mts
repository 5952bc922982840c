// How the JavaScript tests run: one file at a time, because each of them starts workers of its own.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/smoke/**', 'test/types/**'],
    // A process per file: millrace's registry is process-wide, and some tests end whole environments.
    pool: 'forks',
    fileParallelism: false,
    // Only what hangs takes so long, on whatever machine.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    teardownTimeout: 10_000,
    // The built package is loaded by Node itself, as a user's would be.
    server: { deps: { external: [/\/dist\//] } },
  },
});
