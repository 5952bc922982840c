// The two test suites, each run with its progress shown and its counts taken.
import { mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cache, root, run, tool } from './steps.mjs';

/** What a suite answers: whether it passed, and how many tests did what. */
const outcome = (ok, passed, failed, skipped) => ({ ok, passed, failed, skipped });

/** The Rust tests of the core and the binding, doc tests included. */
export async function rustTests({ quiet = false } = {}) {
  const { code, output } = await run(
    'cargo',
    ['test', '-p', 'millrace-core', '-p', 'millrace-binding', '--locked'],
    { quiet },
  );
  const sum = [0, 0, 0];
  for (const line of output.matchAll(/^test result: .* (\d+) passed; (\d+) failed; (\d+) ignored/gm)) {
    for (const place of sum.keys()) sum[place] += Number(line[place + 1]);
  }
  return { ...outcome(code === 0, ...sum), output };
}

/** The JavaScript tests; `node` is the Node to run them on, `filters` what vitest is given besides, `env` is added to the environment. */
export async function javascriptTests({
  quiet = false,
  node = process.execPath,
  filters = [],
  env = {},
} = {}) {
  const report = join(cache, 'vitest.json');
  mkdirSync(cache, { recursive: true });
  rmSync(report, { force: true });
  const { code, output } = await run(
    node,
    [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...filters,
    ],
    { quiet, env },
  );
  let counts = [0, 0, 0];
  try {
    const told = JSON.parse(readFileSync(report, 'utf8'));
    counts = [told.numPassedTests, told.numFailedTests, told.numPendingTests + told.numTodoTests];
  } catch (error) {
    // No report: vitest has said why, and its exit code stands.
    if (error.code !== 'ENOENT') throw error;
  }
  return { ...outcome(code === 0, ...counts), output };
}

/** The test files, of those named or of all, that are shortened unless `test/full-length.ts` says otherwise. */
export function longTests(named) {
  return readdirSync(join(root, 'test'), { recursive: true })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `test/${name.replaceAll('\\', '/')}`)
    .filter((path) => named.length === 0 || named.some((text) => path.includes(text)))
    .filter((path) => readFileSync(join(root, path), 'utf8').includes("/full-length'"));
}

/** The smoke test under Jest's default configuration. */
export async function jestSmoke({ quiet = false } = {}) {
  const { code, output } = await run(tool('jest'), ['--rootDir', 'test/smoke/jest'], { quiet });
  const count = (word) => Number(new RegExp(`^Tests:.* (\\d+) ${word}`, 'm').exec(output)?.[1] ?? 0);
  return { ...outcome(code === 0, count('passed'), count('failed'), count('skipped')), output };
}

/** A suite's counts in one line. */
export function tell({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
