// Runs the JavaScript tests on other versions of Node, which come from npm.
import { fetchNode } from './fetch.mjs';
import { misuse, must, readCommand, run } from './steps.mjs';
import { javascriptTests, tell } from './suites.mjs';

const { words } = readCommand(
  `
Usage: npm run test:node -- VERSION ... [-- FILTER ...]

Fetches each Node (22, 24.1.0, ...) from npm into a cache in node_modules, and runs the JavaScript tests
with it. Nothing is built again: the addon is the same for every Node.
  FILTER   only test files whose path contains it

Exit codes: 0 all passed, 1 something failed, 2 wrong usage.`,
  {},
  { takesWords: true },
);
// What stands behind the `--` are filters.
const cut = process.argv.indexOf('--');
const filters = cut < 0 ? [] : process.argv.slice(cut + 1);
const versions = words.slice(0, words.length - filters.length);
const odd = versions.find((version) => !/^\d+(\.\d+){0,2}$/.test(version));
if (versions.length === 0) misuse('Which versions of Node?');
if (odd !== undefined) misuse(`Expected a version such as 22 or 22.11.0, received ${odd}`);

await must(process.execPath, ['scripts/build.mjs', '--quiet']);
const results = [];
for (const version of versions) {
  const node = await fetchNode(version);
  const { output } = await run(node, ['--version'], { quiet: true });
  console.log(`\nJavaScript tests on Node ${output.trim()}`);
  results.push([output.trim(), await javascriptTests({ node, filters })]);
}
console.log();
for (const [version, result] of results) {
  console.log(`Node ${version.padEnd(10)} ${tell(result)}${result.ok ? '' : '   FAILED'}`);
}
process.exit(results.every(([, result]) => result.ok) ? 0 : 1);
