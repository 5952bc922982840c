// Builds the binaries of every platform on one Linux machine, from what it installs itself.
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { must, readCommand, since } from '../steps.mjs';
import { namedBy, withoutPaths } from './paths.mjs';
import { binaries } from './places.mjs';
import { compilersOf } from './fetching/rust.mjs';
import { digest, stamp } from './fetching/sources.mjs';
import { binaryOf, chooseTargets, oldestMacos, targetNames } from './targets.mjs';
import { getTools, toolEnvironment } from './fetching/tools.mjs';

const limit = 1536 * 1024;

const { only } = readCommand(
  `
Usage: npm run release:build [-- --only TARGET,...]

Builds the addon for every platform into .release/binaries/: stripped, without this machine's paths, at
most 1.5 MiB each. Installs what that needs and is missing: zig and cargo-zigbuild from PyPI into .release/,
Rust's standard libraries by rustup, and where rustup has none, Debian's compiler, which builds them. Needs
Linux, and for that last apt; can be run again at any time.
  --only   only these targets

Targets: ${targetNames}

Exit codes: 0 all built, 1 something was not, 2 wrong usage.`,
  { only: { type: 'string' } },
);
const chosen = chooseTargets(only);
if (process.platform !== 'linux') {
  console.error(`release:build runs on Linux only, and this is ${process.platform}.`);
  process.exit(1);
}

const start = performance.now();
const compilers = await compilersOf(chosen);
await getTools(compilers.get(chosen[0].triple).cargo);
mkdirSync(binaries, { recursive: true });
const width = Math.max(...chosen.map(({ name }) => name.length));
for (const [index, target] of chosen.entries()) {
  const began = performance.now();
  process.stdout.write(`${`[${index + 1}/${chosen.length}]`} ${target.name.padEnd(width)}  `);
  const size = await build(target);
  console.log(`${Math.round(size / 1024)} KiB  ${since(began)}`);
}
console.log(`\n${chosen.length} binaries in .release/binaries, in ${since(start)}.`);

/** Builds one binary, refuses it when it is too large or names a folder of this machine, and answers its size. */
async function build(target) {
  const { triple, glibc, rustflags = [] } = target;
  const sources = digest();
  const { cargo, args, env } = compilers.get(triple);
  await must(
    cargo,
    // prettier-ignore
    [
      'zigbuild', '-q', '--release', '--locked', '-j2', ...args,
      '-p', 'millrace-binding',
      '--target', glibc === undefined ? triple : `${triple}.${glibc}`,
    ],
    {
      quiet: true,
      env: {
        ...toolEnvironment,
        ...env,
        RUSTFLAGS: [...withoutPaths(), ...rustflags].join(' '),
        MACOSX_DEPLOYMENT_TARGET: oldestMacos,
      },
    },
  );
  const built = join(env.CARGO_TARGET_DIR, triple, 'release', libraryOf(target));
  const bytes = readFileSync(built);
  if (bytes.length > limit) refuse(`${bytes.length} bytes are more than the ${limit} that are allowed`);
  const named = namedBy(bytes);
  if (named !== undefined) refuse(`it names what is of this machine alone: ${named}`);
  copyFileSync(built, join(binaries, binaryOf(target)));
  stamp(target, sources);
  return bytes.length;
}

function libraryOf({ platform }) {
  if (platform === 'win32') return 'millrace_binding.dll';
  return platform === 'darwin' ? 'libmillrace_binding.dylib' : 'libmillrace_binding.so';
}

function refuse(why) {
  console.log(`FAILED\n${why}`);
  process.exit(1);
}
