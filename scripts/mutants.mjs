// Shows that the loom models see what they are there for: takes things out of a copy of the core, one at a time,
// and demands that the models named for each fail.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rows } from './mutants/rows.mjs';
import { misuse, readCommand, root, run, since } from './steps.mjs';

const { list, words } = readCommand(
  `
Usage: npm run test:mutants [-- --list | ROW ...]

Takes each row's ordering or second look out of a copy of crates/core, and runs the loom models that must fail then,
before all of them the same models over the copy as it is. Takes about a quarter of an hour in all.
  --list   says what the rows are, and runs none
  ROW      only these rows, by their numbers: 7, or 10-15

Exit codes: 0 every model failed where it must, 1 one did not (or its row does not fit the code any more), 2 wrong
usage.`,
  { list: { type: 'boolean' } },
  { takesWords: true },
);
if (list) {
  if (words.length > 0) misuse(`Expected nothing beside --list, received ${words.join(' ')}`);
  for (const [index, { what, models }] of rows.entries()) {
    console.log(`${String(index + 1).padStart(2)}  ${what}\n      ${models.join('\n      ')}`);
  }
  process.exit(0);
}
const chosen = words.length === 0 ? [...rows.keys()] : words.flatMap(numbersOf);

/** Most that one model may take, in milliseconds; one that goes round in circles has failed. */
const limit = 120_000;
const env = {
  RUSTFLAGS: '--cfg loom --cap-lints warn',
  CARGO_TARGET_DIR: join(root, 'target', 'mutants'),
  CARGO_PROFILE_RELEASE_LTO: 'off',
  CARGO_PROFILE_RELEASE_CODEGEN_UNITS: '16',
  LOOM_MAX_PREEMPTIONS: '2',
};
const folder = mkdtempSync(join(tmpdir(), 'millrace-mutants-'));
const sources = join(root, 'crates', 'core');
const start = performance.now();
let survivors = 0;
try {
  layOut();
  await tryOne('as it is', [...new Set(chosen.flatMap((index) => rows[index].models))], { mustFail: false });
  for (const index of survivors > 0 ? [] : chosen) {
    const { what, models, edits } = rows[index];
    const name = `${String(index + 1).padStart(2)}  ${what}`;
    const misfit = apply(edits);
    if (misfit === undefined) await tryOne(name, models, { mustFail: true });
    else tell(name, [`does not fit the code any more: ${misfit}`]);
    restore(edits);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(
  survivors === 0
    ? `\nEvery model fails where it must (${since(start)}).`
    : `\n${survivors} of ${chosen.length} rows are not as they must be (${since(start)}).`,
);
process.exit(survivors === 0 ? 0 : 1);

/** The indices of `7` or `10-15`. */
function numbersOf(argument) {
  const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(argument) ?? [];
  if (
    first === undefined ||
    Number(first) < 1 ||
    Number(last) > rows.length ||
    Number(first) > Number(last)
  ) {
    misuse(`Expected rows from 1 to ${rows.length}, received ${argument}`);
  }
  return Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) => Number(first) - 1 + index);
}

/** A workspace of the core alone. */
function layOut() {
  const manifest = readFileSync(join(root, 'Cargo.toml'), 'utf8');
  writeFileSync(join(folder, 'Cargo.toml'), manifest.replace(/^members = .*$/m, 'members = ["crates/core"]'));
  cpSync(join(root, 'Cargo.lock'), join(folder, 'Cargo.lock'));
  mkdirSync(join(folder, 'crates'));
  cpSync(sources, join(folder, 'crates', 'core'), { recursive: true });
}

/** A file of the copy. */
function copyOf(file) {
  return join(folder, 'crates', 'core', 'src', file);
}

/** Takes something out. The answer: what does not stand there exactly once, if anything. */
function apply(edits) {
  for (const { file, from, to } of edits) {
    const text = readFileSync(copyOf(file), 'utf8');
    if (text.split(from).length !== 2) return `${file} must have once: ${from}`;
    writeFileSync(
      copyOf(file),
      text.replace(from, () => to),
    );
  }
  return undefined;
}

function restore(edits) {
  for (const { file } of edits) {
    writeFileSync(copyOf(file), readFileSync(join(sources, 'src', file)));
  }
}

/** Builds the copy, runs the models, and tells which are not as they must be. */
async function tryOne(name, models, { mustFail }) {
  const program = await build();
  if (program.path === undefined) return tell(name, ['does not compile', program.output]);
  const wrong = [];
  for (const model of models) {
    const { passed, found, output } = runModel(program.path, model);
    if (!found) wrong.push(`${model}: there is no such model`);
    else if (mustFail && passed) wrong.push(`${model}: did not fail`);
    else if (!mustFail && !passed) wrong.push(`${model}: failed\n${output}`);
  }
  tell(name, wrong, models.length);
}

function tell(name, wrong, models) {
  if (wrong.length > 0) survivors += 1;
  const state = wrong.length > 0 ? 'WRONG' : `ok, ${models} models`;
  console.log([`${name}  ${state}  (${since(start)})`, ...wrong].join('\n      '));
}

async function build() {
  const { code, output, stdout } = await run(
    'cargo',
    ['test', '--release', '--test', 'loom', '--no-run', '--message-format=json'],
    { quiet: true, env, cwd: folder },
  );
  const messages = stdout.split('\n').filter((line) => line.startsWith('{'));
  const built = messages
    .map((line) => JSON.parse(line))
    .find(({ target, executable }) => target?.name === 'loom' && executable);
  return code === 0 ? { path: built?.executable, output } : { output };
}

/** One model in a process of its own: some end theirs, and some would go round in circles. */
function runModel(path, model) {
  const { status, stdout, stderr } = spawnSync(path, [model], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
    timeout: limit,
    maxBuffer: 2 ** 28,
  });
  return { passed: status === 0, found: stdout.includes('running 1 test\n'), output: stdout + stderr };
}
