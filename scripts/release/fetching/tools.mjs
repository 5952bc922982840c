// Gets what cross-building needs, where it is missing: zig as the linker, cargo-zigbuild, and the crates.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from '../../steps.mjs';
import { mustFetch, mustInstallDebian } from './fetch.mjs';
import { home, tools } from '../places.mjs';

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
  CARGO_ZIGBUILD_CACHE_DIR: join(home, 'cache', 'zigbuild'),
  ZIG_GLOBAL_CACHE_DIR: join(home, 'cache', 'zig'),
};

/** Installs what is missing, each step once, and says so; `cargo` is the one that fetches the crates. */
export async function getTools(cargo) {
  await getZig();
  await mustFetch(cargo, ['fetch', '--locked', '-q']);
  mkdirSync(libnode, { recursive: true });
  writeFileSync(join(libnode, 'libnode.dll'), '');
  writeFileSync(join(libnode, 'libnode.a'), '!<arch>\n');
}

async function getZig() {
  const ready = join(python, `.${packages.join('-')}`);
  if (existsSync(ready)) return;
  await getPython();
  console.log(`Getting ${packages.join(' and ')} (440 MB unpacked)`);
  await mustFetch(join(python, 'bin', 'python3'), ['-m', 'pip', 'install', '-q', ...packages]);
  writeFileSync(ready, '');
}

/** A Python environment, for what comes from PyPI. */
export async function getPython() {
  if (existsSync(join(python, 'bin', 'pip'))) return;
  const make = () => run('python3', ['-m', 'venv', '--clear', python], { quiet: true });
  if ((await make()).code === 0) return;
  await mustInstallDebian('python3-venv');
  const { code, output } = await make();
  if (code === 0) return;
  process.stderr.write(output);
  process.exit(1);
}
