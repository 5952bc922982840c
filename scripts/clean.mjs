// Removes what commands have made.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { cache, readCommand, root } from './steps.mjs';

const options = readCommand(
  `
Usage: npm run clean [-- --all]

Removes dist/, npm/, packed/ and the scripts' cache.
  --all   target/ and .release/ too, so that cargo starts from nothing

Exit codes: 0 removed, 2 wrong usage.`,
  { all: { type: 'boolean' } },
);

const made = ['dist', 'npm', 'packed', '.site', ...(options.all ? ['target', '.release'] : [])];
for (const folder of [...made.map((name) => join(root, name)), cache]) {
  rmSync(folder, { recursive: true, force: true });
}
