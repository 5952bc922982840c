// Builds, runs the Rust and the JavaScript tests, and ends with the counts of both.
import { misuse, must, readCommand, since } from './steps.mjs';
import { javascriptTests, longTests, rustTests, tell } from './suites.mjs';

const { rust, js, long, words } = readCommand(
  `
Usage: npm test [-- [--rust | --js | --long] [FILTER ...]]

Builds everything, then runs the core's Rust tests and the JavaScript tests.
  --rust    only the Rust tests
  --js      only the JavaScript tests
  --long    only the JavaScript tests that are shortened otherwise, at full length: half an hour
            (npm run test:long)
  FILTER    only test files whose path contains it (implies --js)

Exit codes: 0 all passed, 1 something failed, 2 wrong usage.`,
  { rust: { type: 'boolean' }, js: { type: 'boolean' }, long: { type: 'boolean' } },
  { takesWords: true },
);
if (rust && (js || long || words.length > 0)) {
  misuse('--rust goes with neither --js nor --long nor a filter');
}
const filters = long ? longTests(words) : words;
if (long && filters.length === 0) misuse(`No test of ${words.join(', ')} has a longer form`);

const start = performance.now();
const wantsRust = !js && filters.length === 0;
const wantsJs = !rust;
const env = long ? { MILLRACE_TEST_LONG: '1' } : {};
const results = [];
if (wantsJs) {
  console.log('Building');
  await must(process.execPath, ['scripts/build.mjs', '--quiet']);
}
if (wantsRust) {
  console.log('\nRust tests');
  results.push(['Rust', await rustTests()]);
}
if (wantsJs) {
  console.log('\nJavaScript tests');
  results.push(['JavaScript', await javascriptTests({ filters, env })]);
}

console.log();
for (const [suite, result] of results) {
  console.log(`${suite.padEnd(11)} ${tell(result)}${result.ok ? '' : '   FAILED'}`);
}
console.log(`${'Time'.padEnd(11)} ${since(start)}`);
process.exit(results.every(([, result]) => result.ok) ? 0 : 1);
