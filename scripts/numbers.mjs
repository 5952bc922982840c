// Writes src/border/numbers.ts: the numbers that cross the border, as crates/numbers has them.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { must, readCommand, root } from './steps.mjs';

const options = readCommand(
  `
Usage: npm run numbers [-- --check]

Writes src/border/numbers.ts from the tables of crates/numbers, which the addon uses.
  --check   write nothing; fail when the file is not what would be written

Exit codes: 0 done, 1 out of date, 2 wrong usage.`,
  { check: { type: 'boolean' } },
);

const file = join(root, 'src', 'border', 'numbers.ts');
const printed = await must('cargo', ['run', '--quiet', '--locked', '-p', 'millrace-numbers'], {
  quiet: true,
});
const text = await format(printed, { ...(await resolveConfig(file)), filepath: file });
const isWritten = existsSync(file) && readFileSync(file, 'utf8') === text;
if (!isWritten && options.check) {
  console.error('src/border/numbers.ts is not what crates/numbers says: run npm run numbers.');
  process.exit(1);
}
if (!isWritten) writeFileSync(file, text);
