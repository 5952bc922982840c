// How each binary that src/targets.ts lists is built, and the oldest system it is meant for.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { misuse, must, root } from '../steps.mjs';

const compiled = join(root, 'dist', 'targets.js');
if (age(compiled) < age(join(root, 'src', 'targets.ts'))) {
  await must(process.execPath, ['scripts/compile.mjs'], { quiet: true });
}
const { targets: listed, binaryOf, packageOf } = await import(pathToFileURL(compiled));
export { binaryOf, packageOf };

/** The oldest macOS that Rust's own standard library runs on, on Apple's processors. */
export const oldestMacos = '11.0';

const musl = { rustflags: ['-C target-feature=-crt-static'] };
const windows = { floor: 'Windows 10 (UCRT)' };
const macos = {
  floor: `macOS ${oldestMacos}`,
  // What the file calls itself: else it is the path at which it was built.
  rustflags: ['-C link-arg=-Wl,-install_name,@rpath/millrace.node'],
};

/** By name: the glibc it is linked against, or what its users' systems need at least. */
const recipes = {
  'linux-x64-gnu': { glibc: '2.17' },
  'linux-arm64-gnu': { glibc: '2.17' },
  'linux-arm-gnueabihf': { glibc: '2.28' },
  // Its code is long for what it does: with as much inlined as elsewhere it would be more than the megabyte.
  'linux-ppc64-gnu': { glibc: '2.19', rustflags: ['-C opt-level=2 -C llvm-args=-inline-threshold=100'] },
  'linux-x64-musl': musl,
  'linux-arm64-musl': musl,
  'win32-x64-msvc': windows,
  'win32-arm64-msvc': windows,
  'darwin-x64': macos,
  'darwin-arm64': macos,
};

export const targets = listed.map(withRecipe);

/** All names, for help texts. */
export const targetNames = targets.map(({ name }) => name).join(', ');

/** When a file was last written; a missing one is older than any. */
function age(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function withRecipe(target) {
  const recipe = recipes[target.name];
  if (recipe === undefined) throw new Error(`src/targets.ts lists ${target.name}, which nothing here builds`);
  return { ...target, ...recipe };
}

/** The targets that `--only NAME,...` names; all where it is not given. */
export function chooseTargets(only) {
  if (only === undefined) return targets;
  const names = only.split(',');
  const unknown = names.find((name) => targets.every((target) => target.name !== name));
  if (unknown !== undefined) misuse(`Expected --only with some of ${targetNames}, received "${unknown}"`);
  return targets.filter(({ name }) => names.includes(name));
}
