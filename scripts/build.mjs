// Builds everything that the package runs on: the native part, then TypeScript.
import { must, readOptions } from './steps.mjs';

const options = readOptions(
  `
Usage: npm run build [-- --quiet]

Prints the border's numbers for TypeScript, builds the native part into npm/ and TypeScript into dist/.
  --quiet   print nothing but errors

Exit codes: 0 built, 1 not built, 2 wrong usage.`,
  '--quiet',
);

// Shown even when quiet: it then prints only what somebody who waits wants to know.
await must(process.execPath, ['scripts/build-native.mjs', ...options]);
await must(process.execPath, ['scripts/numbers.mjs'], { quiet: options.has('--quiet') });
await must(process.execPath, ['scripts/compile.mjs'], { quiet: options.has('--quiet') });
