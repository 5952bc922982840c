// Shows that the hunt finds what it is there for: faults of the core in a copy of crates, each of which must be found.
import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { withPlanted } from './planted.mjs';
import { must, readCommand, root, run, since } from './steps.mjs';

readCommand(`
Usage: npm run hunt:planted

Plants each fault of this script's list in a copy of crates, builds the addon, and lets npm run hunt look for it, two
minutes at most.

Exit codes: 0 each was found, 1 one was not (or does not fit the code any more), 2 wrong usage.`);

const plants = [
  {
    what: 'a send that waits is not told that there is room',
    file: 'core/src/channel/mod.rs',
    edits: [['if self.flags.senders_wait.load(Ordering::Relaxed) > 0 {', 'if false {']],
    says: /there is room|somebody else sends/,
  },
  {
    what: 'a receive that waits is not told of a message that comes',
    file: 'core/src/channel/mod.rs',
    edits: [['if self.flags.receivers_wait.load(Ordering::Relaxed) > 0 {', 'if false {']],
    says: /messages are queued/,
  },
  {
    what: 'a receive that waits is not told of the close',
    file: 'core/src/channel/settle.rs',
    edits: [['            self.finish_receives(inner, wakes);\n', '']],
    says: /no sender is left|all ends of it are gone|nobody else has an end/,
  },
  {
    what: 'a thread that waits does not look whether it is being stopped',
    file: 'core/src/wait/blocking.rs',
    edits: [['if !(patience.pulse)() {', 'if false {']],
    says: /is not ended by terminate/,
  },
];

await must(process.execPath, ['scripts/build.mjs', '--quiet']);
const start = performance.now();
const target = join(root, 'target', 'hunt-planted');
let missed = 0;
for (const plant of plants) await withPlanted(plant, (copy) => seek(plant, copy));
console.log(
  missed === 0 ? `\nEach was found (${since(start)}).` : `\n${missed} were not found (${since(start)}).`,
);
process.exit(missed === 0 ? 0 : 1);

async function seek({ what, file, says }, copy) {
  if (copy === undefined) return tell(what, `does not fit ${file} any more`, false);
  const addon = await build(copy);
  const began = performance.now();
  const { code, output } = await run(
    process.execPath,
    ['test/hunt/run.mjs', '--seconds', '120', '--seed', '1'],
    {
      quiet: true,
      env: { MILLRACE_BINARY: addon },
    },
  );
  const isFound = code === 1 && says.test(output);
  return tell(what, isFound ? `found in ${since(began)}: ${says.exec(output)[0]}` : output, isFound);
}

async function build(cwd) {
  await must('cargo', ['build', '-p', 'millrace-binding', '--release', '--locked'], {
    cwd,
    quiet: true,
    env: {
      CARGO_TARGET_DIR: target,
      CARGO_PROFILE_RELEASE_LTO: 'off',
      CARGO_PROFILE_RELEASE_CODEGEN_UNITS: '16',
      RUSTFLAGS: '--cap-lints warn',
    },
  });
  const name = ['libmillrace_binding.so', 'libmillrace_binding.dylib', 'millrace_binding.dll']
    .map((name) => join(target, 'release', name))
    .find((path) => existsSync(path));
  const addon = join(target, 'millrace.node');
  copyFileSync(name, addon);
  return addon;
}

function tell(what, text, isFound) {
  console.log(`${what}: ${text}`);
  if (!isFound) missed += 1;
}
