// Writes the ways of docs/hot-path.md: the files that a message passes, seen by coverage in JavaScript and looked up in Rust.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nativeSteps } from './hot-path/native.mjs';
import { must, readCommand, root, tool } from './steps.mjs';

const { check } = readCommand(
  `
Usage: npm run hot-path [-- --check]

Compiles the package, watches which of its functions run for one message, and writes that into docs/hot-path.md.
  --check   write nothing; fail when a message passes other files than the page says

Exit codes: 0 done, 1 the page is not true, 2 wrong usage.`,
  { check: { type: 'boolean' } },
);

const titles = {
  trySend: '`trySend`',
  ready: '`recv`, a message being there',
  waiting: '`recv`, waiting for one',
};
const page = join(root, 'docs', 'hot-path.md');
const [begin, end] = ['<!-- written by npm run hot-path -->', '<!-- end -->'];

// In the repository, for `#binding` to mean what it means in the package.
const folder = join(root, 'target', 'hot-path');
await must(tool('tsc'), ['-p', 'tsconfig.json', '--outDir', folder], { quiet: true });
const observed = JSON.parse(
  await must(process.execPath, ['scripts/hot-path/observe.cjs', folder], { quiet: true }),
);

const parts = Object.entries(titles).map(([way, title]) => {
  const files = Object.entries(observed[way]).map(([file, functions]) => ({
    file: `src/${file}`,
    functions: Object.keys(functions),
    lines: Object.values(functions).reduce((sum, lines) => sum + lines, 0),
  }));
  // A type says what is called; nothing of it runs.
  const border = { file: 'src/border/binding.ts', functions: ['the native functions by name'], lines: 1 };
  const steps = [...files, border, ...nativeSteps(way)];
  const lines = steps.reduce((sum, step) => sum + step.lines, 0);
  const rows = steps.map((step) => `| \`${step.file}\` | ${step.functions.join(', ')} | ${step.lines} |`);
  const head = `**${title}**: ${steps.length} files, ${lines} lines.\n\n| file | functions | lines |\n| --- | --- | --- |`;
  return `${head}\n${rows.join('\n')}`;
});
const before = readFileSync(page, 'utf8');
const [from, to] = [before.indexOf(begin) + begin.length, before.indexOf(end)];
const after = `${before.slice(0, from)}\n\n${parts.join('\n\n')}\n\n${before.slice(to)}`;
/** Lines come and go; which files they are in is what is to stay. */
const route = (text) =>
  [...text.matchAll(/^(?:\*\*.*?\*\*|\| `(\w+\/[^`]*)`)/gm)].map(([all]) => all).join('\n');
if (!check) writeFileSync(page, after);
else if (route(before) !== route(after)) {
  console.error('docs/hot-path.md names other files than a message passes: run npm run hot-path.');
  process.exit(1);
}
