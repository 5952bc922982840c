// Gets what cross-building needs, where it is missing: zig as the linker, cargo-zigbuild, Rust's standard libraries.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { must, run } from '../steps.mjs';
import { building, home, tools } from './places.mjs';

/** Both come from PyPI, ready to run. */
const packages = ['ziglang==0.17.0', 'cargo-zigbuild==0.24.0'];
/** A Python environment of its own: zig lies in it, and so do the musl Nodes' wheels. */
export const python = join(tools, 'python');
/** napi's build script asks for a libnode.dll; an empty one will do, because nothing is imported from it. */
const libnode = join(home, 'libnode');

/** The environment in which `cargo zigbuild` finds its parts. */
export const toolEnvironment = {
  PATH: [join(python, 'bin'), process.env.PATH].join(delimiter),
  LIBNODE_PATH: libnode,
  CARGO_TARGET_DIR: building,
  CARGO_ZIGBUILD_CACHE_DIR: join(home, 'cache', 'zigbuild'),
  ZIG_GLOBAL_CACHE_DIR: join(home, 'cache', 'zig'),
};

/** Installs what is missing; each step says so, and is not repeated. */
export async function getTools(targets) {
  await getZig();
  await getStandardLibraries(targets);
  mkdirSync(libnode, { recursive: true });
  writeFileSync(join(libnode, 'libnode.dll'), '');
  writeFileSync(join(libnode, 'libnode.a'), '!<arch>\n');
}

async function getZig() {
  const ready = join(python, `.${packages.join('-')}`);
  if (existsSync(ready)) return;
  await getPython();
  console.log(`Getting ${packages.join(' and ')} (440 MB unpacked)`);
  await must(join(python, 'bin', 'pip'), ['install', '-q', ...packages], { quiet: true });
  writeFileSync(ready, '');
}

/** A Python environment, for what comes from PyPI. */
export async function getPython() {
  if (existsSync(join(python, 'bin', 'pip'))) return;
  const { code } = await run('python3', ['-m', 'venv', python], { quiet: true });
  if (code !== 0) {
    console.log('Getting python3-venv');
    await must('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'python3-venv'], {
      quiet: true,
    });
    await must('python3', ['-m', 'venv', '--clear', python], { quiet: true });
  }
}

/** rustup brings the standard library of every target. */
async function getStandardLibraries(targets) {
  const sysroot = (await must('rustc', ['--print', 'sysroot'], { quiet: true })).trim();
  const has = (triple) => existsSync(join(sysroot, 'lib', 'rustlib', triple));
  for (const { triple } of targets.filter((target) => !has(target.triple))) {
    console.log(`Getting Rust's standard library for ${triple}`);
    await must('rustup', ['target', 'add', triple], { quiet: true });
  }
}
