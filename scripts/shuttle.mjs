// The loom models under shuttle: interleavings by chance, which reach deeper than all of them up to a bound.
import { join } from 'node:path';
import { rows } from './mutants/rows.mjs';
import { withPlanted } from './planted.mjs';
import { misuse, readCommand, root, run, since } from './steps.mjs';

const { iterations, planted } = readCommand(
  `
Usage: npm run test:shuttle [-- --iterations N] [--planted]

Runs the models of crates/core/tests/loom under shuttle: each with so many schedules, chosen by chance; what fails
prints the schedule, by which shuttle repeats it.
  --iterations   how many a model, 1000 by default
  --planted      takes something out of a copy of the core, which the models named in scripts/mutants must find

Exit codes: 0 nothing found, and every planted fault; 1 otherwise; 2 wrong usage.`,
  { iterations: { type: 'string', default: '1000' }, planted: { type: 'boolean' } },
);
if (!(Number.isInteger(Number(iterations)) && Number(iterations) > 0)) {
  misuse(`Expected a whole number of iterations, received ${iterations}`);
}
/** Of the rows of scripts/mutants, some that are not about orderings, of which shuttle knows one. */
const plants = ['the take in `Waiter::listen`', '"and nothing claimed it" in `Waiter::cancel`'];
const start = performance.now();
const failed = [];

if (planted) for (const what of plants) await seek(rows.find((row) => row.what === what));
else {
  const { code, output } = await models(root, 'shuttle', [], { quiet: false });
  if (code !== 0) failed.push(output.includes('test result') ? 'the models' : 'the build');
}
console.log(
  failed.length === 0
    ? `\nAs it must be (${since(start)}).`
    : `\nNot as it must be: ${failed.join('; ')} (${since(start)}).`,
);
process.exit(failed.length === 0 ? 0 : 1);

/** Runs the models of the workspace in `cwd`, or those of some names. */
function models(cwd, target, names, { quiet }) {
  const args = ['test', '-p', 'millrace-core', '--release', '--locked', '--test', 'loom', '--', ...names];
  return run('cargo', args, {
    cwd,
    quiet,
    env: {
      RUSTFLAGS: '--cfg loom --cfg shuttle --cap-lints warn',
      CARGO_TARGET_DIR: join(root, 'target', target),
      CARGO_PROFILE_RELEASE_LTO: 'off',
      CARGO_PROFILE_RELEASE_CODEGEN_UNITS: '16',
      SHUTTLE_ITERATIONS: iterations,
    },
  });
}

function seek({ what, models: names, edits: [{ file, from, to }] }) {
  return withPlanted({ file: `core/src/${file}`, edits: [[from, to]] }, async (copy) => {
    if (copy === undefined) return tell(what, 'does not fit the code any more', true);
    const began = performance.now();
    const { code, output } = await models(copy, 'shuttle-planted', names, { quiet: true });
    const found = code !== 0 && output.includes('test result: FAILED');
    return tell(what, found ? `found (${since(began)}, with the build)` : `was not found\n${output}`, !found);
  });
}

function tell(what, text, isWrong) {
  console.log(`${what}: ${text}`);
  if (isWrong) failed.push(what);
}
