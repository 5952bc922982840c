// Builds everything that the package runs on: the native part, then TypeScript.
import { must, readCommand } from './steps.mjs';

const options = readCommand(
  `
Usage: npm run build [-- --quiet]

Prints the border's numbers for TypeScript, builds the native part into npm/ and TypeScript into dist/.
  --quiet   print nothing but errors

Exit codes: 0 built, 1 not built, 2 wrong usage.`,
  { quiet: { type: 'boolean' } },
);

// Shown even when quiet: it then prints only what somebody who waits wants to know.
await must(process.execPath, ['scripts/build-native.mjs', ...(options.quiet ? ['--quiet'] : [])]);
await must(process.execPath, ['scripts/numbers.mjs'], { quiet: options.quiet });
await must(process.execPath, ['scripts/compile.mjs'], { quiet: options.quiet });
