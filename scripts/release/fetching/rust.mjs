// Where a target's standard library comes from: rustup, or where that has none, Debian's compiler, which builds it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../steps.mjs';
import { mustInstallDebian } from './fetch.mjs';
import { building } from '../places.mjs';

/**
 * A compiler with the sources of its standard library, and the tool that strips for macOS. They lie beside
 * a rustup's, and touch nothing of it.
 */
const debian = ['rustc-web', 'cargo-web', 'rust-web-src', 'rust-web-llvm'];
/** A rustup that waits for an answer that does not come is ended. */
const patience = '300';

const installed = { cargo: 'cargo', args: [], env: { CARGO_TARGET_DIR: building } };
const debians = {
  cargo: '/usr/bin/cargo',
  args: ['-Zbuild-std=std,panic_unwind'],
  env: {
    RUSTC: '/usr/bin/rustc',
    CARGO: '/usr/bin/cargo',
    // Building std is for nightly compilers, or for those that are told to be like them.
    RUSTC_BOOTSTRAP: '1',
    CARGO_TARGET_DIR: `${building}-debian`,
  },
};

/** By triple: the `cargo` that builds for it, with which `args` and `env` besides. */
export async function compilersOf(targets) {
  const found = new Map();
  const { code, stdout } = await run('rustc', ['--print', 'sysroot'], { quiet: true });
  const has = (triple) => code === 0 && existsSync(join(stdout.trim(), 'lib', 'rustlib', triple));
  let isRefused = code !== 0;
  for (const { triple } of targets) {
    if (!has(triple) && !isRefused) isRefused = !(await addByRustup(triple));
    found.set(triple, has(triple) ? installed : debians);
  }
  if ([...found.values()].includes(debians)) {
    console.log("Not by rustup: Debian's compiler builds the standard library for those that lack it");
    await mustInstallDebian(...debian);
  }
  return found;
}

async function addByRustup(triple) {
  console.log(`Getting Rust's standard library for ${triple}`);
  const { code } = await run('timeout', [patience, 'rustup', 'target', 'add', triple], { quiet: true });
  return code === 0;
}
