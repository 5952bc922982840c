// The core's memory and laws under Miri, on the weak memory of aarch64: each seed is another order of threads and of what they see.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { plants } from './miri/plants.mjs';
import { withPlanted } from './planted.mjs';
import { misuse, readCommand, root, run, since } from './steps.mjs';

const steps = ['memory', 'laws', 'planted'];
const { seeds, ...chosen } = readCommand(
  `
Usage: npm run check:miri [-- --only STEP,...] [--seeds N]

  memory    the core's own tests: blocks, pools, slots, magazines, and the flavors that are our own
  laws      the laws of closing and draining, of a bounded channel
  planted   each fault of scripts/miri/plants.mjs in a copy of crates, which must be found
  --seeds   with how many seeds each is run, 2 by default

Strict provenance, and the target aarch64-unknown-linux-gnu whatever this machine is. Nightly Rust with Miri:
  rustup toolchain install nightly --profile minimal -c miri,rust-src

Exit codes: 0 nothing found, and every planted fault; 1 otherwise; 2 wrong usage, or there is no Miri.`,
  {
    only: { type: 'string', default: steps.join(',') },
    seeds: { type: 'string', default: '2' },
  },
);
const only = new Set(chosen.only.split(','));
const unknown = [...only].find((step) => !steps.includes(step));
if (unknown !== undefined) misuse(`Expected steps of ${steps.join(', ')}, received ${unknown}`);
if (!(Number.isInteger(Number(seeds)) && Number(seeds) > 0)) {
  misuse(`Expected a whole number of seeds, received ${seeds}`);
}
const { code: missing } = await run('cargo', ['+nightly', 'miri', '--version'], { quiet: true });
if (missing !== 0) {
  misuse('There is no Miri: rustup toolchain install nightly --profile minimal -c miri,rust-src');
}

/** What asks for more memory or more steps than Miri has, each by a part of its name; AddressSanitizer runs them. */
const tooLarge = [
  'every_length_has_a_class',
  'free_blocks_are_bounded_in_bytes',
  'slots_that_no_memory_holds',
  'a_room_that_no_memory_holds',
  'percentiles_are_those_of_the_waits',
];
/** Groups of the table of laws, of one flavor: what they need of others is the same code. */
const laws = ['bounded_2::every::closing', 'bounded_2::every::drained'];
const start = performance.now();
const failed = [];

if (only.has('memory')) judge('memory', await miri(root, 'miri', memoryTests()));
if (only.has('laws')) judge('laws', await miri(root, 'miri', ['--test', 'contract', '--', ...laws]));
if (only.has('planted')) for (const plant of plants) await seek(plant);
console.log(
  failed.length === 0
    ? `\nAs it must be (${since(start)}).`
    : `\nNot as it must be: ${failed.join('; ')} (${since(start)}).`,
);
process.exit(failed.length === 0 ? 0 : 1);

function memoryTests() {
  return ['--lib', '--', ...tooLarge.flatMap((name) => ['--skip', name])];
}

/** `leaks`: what is not freed is told; else it is not, since the janitor's thread has some when the process ends. */
function miri(cwd, folder, what, { leaks = false } = {}) {
  const args = ['+nightly', 'miri', 'test', '-p', 'millrace-core', '--locked'];
  const flags = [
    '-Zmiri-strict-provenance',
    // The clock is the machine's.
    '-Zmiri-disable-isolation',
    ...(leaks ? [] : ['-Zmiri-ignore-leaks']),
    `-Zmiri-many-seeds=0..${seeds}`,
  ];
  return run('cargo', [...args, '--target', 'aarch64-unknown-linux-gnu', ...what], {
    cwd,
    quiet: true,
    env: {
      MIRIFLAGS: flags.join(' '),
      RUSTFLAGS: '--cap-lints warn',
      CARGO_TARGET_DIR: join(root, 'target', folder),
    },
  });
}

/** A fault in a copy of crates, which must be found. */
function seek({ what, test, says, leaks, ...plant }) {
  return withPlanted(plant, async (copy) => {
    if (copy === undefined) return tell(`planted: ${what}`, `it does not fit ${plant.file} any more`, true);
    // What cargo has of the copy before names files that are gone, and is as new as this one's.
    const built = join(root, 'target/miri-planted/miri/aarch64-unknown-linux-gnu/debug');
    for (const kept of ['.fingerprint', 'deps', 'incremental']) forgetCore(join(built, kept));
    const { code, output } = await miri(copy, 'miri-planted', ['--lib', '--', test], { leaks });
    // Behind the name of the test, on its line.
    const report = [...output.matchAll(/error: ([^\n]*)/g)]
      .map(([, text]) => text)
      .find((text) => says.test(text));
    const found = code !== 0 && report !== undefined;
    return tell(
      `planted: ${what}`,
      found ? `found: ${report}` : `was not found\n${output.slice(-2000)}`,
      !found,
    );
  });
}

/** Removes what `folder` has of the core. */
function forgetCore(folder) {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    if (/^(lib)?millrace[-_]core/.test(name)) rmSync(join(folder, name), { recursive: true });
  }
}

function judge(name, { code, output }) {
  const ran = /test result: ok\. [1-9]/.test(output);
  return tell(name, code === 0 && ran ? 'nothing found' : output.slice(-6000), code !== 0 || !ran);
}

function tell(name, text, isWrong) {
  console.log(`${name}: ${text}`);
  if (isWrong) failed.push(name);
}
