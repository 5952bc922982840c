// Builds the binaries of every platform on one Linux machine, from what it installs itself.
import { copyFileSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { answerHelp, misuse, must, since } from '../steps.mjs';
import { binaries, building, withoutPaths } from './places.mjs';
import { binaryOf, chooseTargets, oldestMacos, targetNames } from './targets.mjs';
import { getTools, toolEnvironment } from './tools.mjs';

const limit = 1024 * 1024;

answerHelp(`
Usage: npm run release:build [-- --only TARGET,...]

Builds the addon for every platform into .release/binaries/: stripped, without this machine's paths, at
most 1 MB each. Installs what that needs and is missing: zig and cargo-zigbuild from PyPI into .release/,
Rust's standard libraries by rustup. Needs Linux, Rust by rustup, Python 3; can be run again at any time.
  --only   only these targets

Targets: ${targetNames}

Exit codes: 0 all built, 1 something was not, 2 wrong usage.`);

const { chosen, rest } = chooseTargets(process.argv.slice(2));
if (rest.length > 0) misuse(`Unknown argument ${rest[0]}`);
if (process.platform !== 'linux') {
  console.error(`release:build runs on Linux only, and this is ${process.platform}.`);
  process.exit(1);
}

const start = performance.now();
await getTools(chosen);
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
  await must(
    'cargo',
    // prettier-ignore
    [
      'zigbuild', '-q', '--release', '--locked', '-j2',
      '-p', 'millrace-binding',
      '--target', glibc === undefined ? triple : `${triple}.${glibc}`,
    ],
    {
      quiet: true,
      env: {
        ...toolEnvironment,
        RUSTFLAGS: [...withoutPaths(), ...rustflags].join(' '),
        MACOSX_DEPLOYMENT_TARGET: oldestMacos,
      },
    },
  );
  const built = join(building, triple, 'release', libraryOf(target));
  const { size } = statSync(built);
  if (size > limit) refuse(`${size} bytes are more than the ${limit} that are allowed`);
  const bytes = readFileSync(built, 'latin1');
  const path = [process.env.HOME, process.cwd()].find(
    (each) => each && each !== '/' && bytes.includes(`${each}/`),
  );
  if (path !== undefined) refuse(`it names a folder of this machine: ${path}`);
  copyFileSync(built, join(binaries, binaryOf(target)));
  return size;
}

function libraryOf({ platform }) {
  if (platform === 'win32') return 'millrace_binding.dll';
  return platform === 'darwin' ? 'libmillrace_binding.dylib' : 'libmillrace_binding.so';
}

function refuse(why) {
  console.log(`FAILED\n${why}`);
  process.exit(1);
}
