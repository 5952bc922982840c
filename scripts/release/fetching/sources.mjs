// Whether a binary was built from the Rust sources as they are now: release:build leaves their digest beside it.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../steps.mjs';
import { binaries } from '../places.mjs';
import { binaryOf } from '../targets.mjs';

/** All that a binary is made of, but for the crates that Cargo.lock names. */
const crates = ['core', 'binding'].map((name) => join('crates', name));

/** Says of a target's binary which sources it was built from: what `digest` was before it was begun. */
export function stamp(target, sources) {
  writeFileSync(stampOf(target), sources);
}

/** Whether the target's binary is there and fits the sources. */
export function isCurrent(target) {
  const files = [join(binaries, binaryOf(target)), stampOf(target)];
  return files.every((file) => existsSync(file)) && readFileSync(files[1], 'utf8') === digest();
}

function stampOf(target) {
  return join(binaries, `${binaryOf(target)}.sources`);
}

export function digest() {
  const hash = createHash('sha256');
  const inside = crates.flatMap((crate) =>
    ['Cargo.toml', 'build.rs', 'src'].flatMap((name) => filesOf(join(crate, name))),
  );
  for (const file of ['Cargo.toml', 'Cargo.lock', ...inside]) {
    hash.update(file).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}

/** The file, or what is in the folder, in an order that is always the same. */
function filesOf(path) {
  const found = statSync(join(root, path), { throwIfNoEntry: false });
  if (found === undefined) return [];
  if (found.isFile()) return [path];
  return readdirSync(join(root, path), { recursive: true })
    .filter((name) => name.endsWith('.rs'))
    .sort()
    .map((name) => join(path, name));
}
