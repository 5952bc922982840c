// What of this machine must not be in a binary: its folders, and the names of its registries.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../steps.mjs';

const cargoHome = process.env.CARGO_HOME ?? join(homedir(), '.cargo');
const registry = join(cargoHome, 'registry', 'src');

/** Flags that keep this machine's folders out of a binary's panic messages; the last one that fits is taken. */
export function withoutPaths() {
  const sources = root.replace(/[\\/]$/, '');
  const renamed = [
    [registry, ''],
    ...registries().map((name) => [join(registry, name), '']),
    ...stdSources().map((folder) => [folder, '/rustc']),
    [sources, '.'],
  ];
  return renamed.map(([from, to]) => `--remap-path-prefix=${from}=${to}`);
}

/** What of this machine a binary names, folder or registry; undefined where there is nothing. */
export function namedBy(bytes) {
  const folders = [homedir(), root, cargoHome, tmpdir(), ...stdSources()].map((each) =>
    each.replace(/\/*$/, '/'),
  );
  return [...folders.filter((each) => each !== '/'), ...registries()].find((each) => bytes.includes(each));
}

/** cargo keeps the sources of each registry in a folder that is named after it. */
function registries() {
  return existsSync(registry) ? readdirSync(registry) : [];
}

/** Where a compiler may have the sources of the standard library: rustup's component, and Debian's by both names. */
function stdSources() {
  const sysroot = execFileSync('rustc', ['--print', 'sysroot'], { cwd: root, encoding: 'utf8' }).trim();
  const versions = existsSync('/usr/src') ? readdirSync('/usr/src') : [];
  return [
    join(sysroot, 'lib', 'rustlib', 'src', 'rust'),
    '/usr/lib/rustlib/src/rust',
    ...versions.filter((name) => name.startsWith('rustc-')).map((name) => `/usr/src/${name}`),
  ];
}
