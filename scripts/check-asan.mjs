// The core's tests and the addon under AddressSanitizer: nothing is read or written where it may not be.
import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { plants } from './asan/plants.mjs';
import { withPlanted } from './planted.mjs';
import { misuse, must, readCommand, root, run, since } from './steps.mjs';

const steps = ['core', 'fuzz', 'laws', 'planted'];
const {
  node: nodes,
  calls,
  ...chosen
} = readCommand(
  `
Usage: npm run check:asan [-- --only STEP,...] [--node PATH ...] [--calls N]

  core      the core's tests
  fuzz      npm run fuzz:border, on the addon
  laws      the laws, 100,000 random calls with workers that end, and many worker deaths, on the addon
  planted   each fault of scripts/asan/plants.mjs in a copy of crates, which must be found
  --node    the Nodes to run the addon on, this one by default
  --calls   calls of fuzz, 1,000,000 by default

Linux on x86-64 or arm64, with gcc's libasan and Rust. Exit codes: 0 nothing found, and every planted fault; 1 otherwise; 2 wrong usage.`,
  {
    only: { type: 'string', default: steps.join(',') },
    node: { type: 'string', multiple: true, default: [process.execPath] },
    calls: { type: 'string', default: '1000000' },
  },
);
const only = new Set(chosen.only.split(','));
const unknown = [...only].find((step) => !steps.includes(step));
if (unknown !== undefined) misuse(`Expected steps of ${steps.join(', ')}, received ${unknown}`);
const { host, libasan } = await tools();
const start = performance.now();
const rust = (folder) => ({
  // -Z flags are for nightly compilers; this one alone is asked for of the stable one.
  RUSTC_BOOTSTRAP: '1',
  RUSTFLAGS: '-Zsanitizer=address --cap-lints warn',
  CARGO_TARGET_DIR: folder,
  CARGO_PROFILE_RELEASE_LTO: 'off',
  CARGO_PROFILE_RELEASE_CODEGEN_UNITS: '16',
  CARGO_PROFILE_RELEASE_STRIP: 'none',
  CARGO_PROFILE_RELEASE_DEBUG: 'line-tables-only',
});
// Memory that cannot be had is answered as everywhere else; what Node itself leaves at its end is not ours.
const options = 'detect_leaks=0:allocator_may_return_null=1:exitcode=99';
const folder = join(root, 'target', 'asan');
const failed = [];

if (only.has('core')) judge('core', await coreTests(root, folder, ['--lib', '--tests']), false);
if (only.has('fuzz') || only.has('laws')) {
  const addon = await build(root, folder);
  for (const node of nodes) {
    if (only.has('fuzz')) judge(`fuzz ${node}`, await fuzz(node, addon, ['--calls', calls]), false);
    if (only.has('laws')) judge(`laws ${node}`, await laws(node, addon), false);
  }
}
if (only.has('planted')) for (const plant of plants) await seek(plant);
console.log(
  failed.length === 0
    ? `\nAs it must be (${since(start)}).`
    : `\nNot as it must be: ${failed.join('; ')} (${since(start)}).`,
);
process.exit(failed.length === 0 ? 0 : 1);

async function tools() {
  const version = await must('rustc', ['-vV'], { quiet: true });
  const libasan = (await must('gcc', ['-print-file-name=libasan.so'], { quiet: true })).trim();
  if (process.platform !== 'linux' || !existsSync(libasan)) misuse(`gcc has no libasan here (${libasan})`);
  return { host: /^host: (.*)$/m.exec(version)[1], libasan };
}

function coreTests(cwd, folder, what) {
  const args = ['test', '-p', 'millrace-core', '--locked', '--target', host, ...what];
  return run('cargo', args, { cwd, quiet: true, env: { ...rust(folder), ASAN_OPTIONS: options } });
}

function under(addon) {
  return { MILLRACE_BINARY: addon, LD_PRELOAD: libasan, ASAN_OPTIONS: options };
}

/** The addon of the workspace in `cwd`. */
async function build(cwd, folder) {
  const args = ['build', '-p', 'millrace-binding', '--release', '--locked', '--target', host];
  await must('cargo', args, { cwd, quiet: true, env: rust(folder) });
  const addon = join(folder, 'millrace.asan.node');
  copyFileSync(join(folder, host, 'release', 'libmillrace_binding.so'), addon);
  return addon;
}

function fuzz(node, addon, args) {
  return run(node, ['test/fuzz/border/run.mjs', ...args], { quiet: true, env: under(addon) });
}

function laws(node, addon) {
  const files = [
    'test/laws/laws.test.ts',
    'test/fuzz/fuzz.test.ts',
    'test/border/direct.test.ts',
    'test/threads/many-deaths.test.ts',
  ];
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--testTimeout=300000', ...files];
  return run(node, args, { quiet: true, env: under(addon) });
}

/** A fault in a copy of crates, which must be found. */
function seek({ what, by, ...plant }) {
  const built = join(root, 'target', 'asan-planted');
  return withPlanted(plant, async (copy) => {
    if (copy === undefined) return tell(`planted: ${what}`, `it does not fit ${plant.file} any more`, true);
    const found =
      by === 'core'
        ? await coreTests(copy, built, ['--lib', '--test', 'contract'])
        : await fuzz(nodes[0], await build(copy, built), ['--calls', '200000', '--seed', '1']);
    return judge(`planted: ${what}`, found, true);
  });
}

/** `mustFind`: whether AddressSanitizer has to have something to say. */
function judge(name, { code, output }, mustFind) {
  const report = /ERROR: AddressSanitizer: ([^\n]*)/.exec(output)?.[1];
  if (mustFind) {
    const found = code !== 0 && report !== undefined;
    return tell(name, found ? `found: ${report}` : `was not found\n${output.slice(-2000)}`, !found);
  }
  const clean = code === 0 && report === undefined;
  return tell(name, clean ? 'nothing found' : output.slice(-6000), !clean);
}

function tell(name, text, isWrong) {
  console.log(`${name}: ${text}`);
  if (isWrong) failed.push(name);
}
