// Builds, runs the Rust and the JavaScript tests, and ends with the counts of both.
import { answerHelp, misuse, must, since } from './steps.mjs';
import { javascriptTests, rustTests, tell } from './suites.mjs';

answerHelp(`
Usage: npm test [-- [--rust | --js] [FILTER ...]]

Builds everything, then runs the core's Rust tests and the JavaScript tests.
  --rust    only the Rust tests
  --js      only the JavaScript tests
  FILTER    only test files whose path contains it (implies --js)

Exit codes: 0 all passed, 1 something failed, 2 wrong usage.`);

const args = process.argv.slice(2);
const filters = args.filter((arg) => !arg.startsWith('-'));
const unknown = args.find((arg) => arg.startsWith('-') && arg !== '--rust' && arg !== '--js');
if (unknown !== undefined) misuse(`Unknown option ${unknown}`);
if (args.includes('--rust') && (args.includes('--js') || filters.length > 0)) {
  misuse('--rust goes with neither --js nor a filter');
}

const start = performance.now();
const wantsRust = !args.includes('--js') && filters.length === 0;
const wantsJs = !args.includes('--rust');
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
  results.push(['JavaScript', await javascriptTests({ filters })]);
}

console.log();
for (const [suite, result] of results) {
  console.log(`${suite.padEnd(11)} ${tell(result)}${result.ok ? '' : '   FAILED'}`);
}
console.log(`${'Time'.padEnd(11)} ${since(start)}`);
process.exit(results.every(([, result]) => result.ok) ? 0 : 1);
