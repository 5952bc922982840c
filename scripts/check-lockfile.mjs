// Checks what a stranger's `npm ci` would meet: no host of ours in the lock files, no install scripts; and that no file that
// is committed names the host of a package registry.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCommand, root } from './steps.mjs';

readCommand(`
Usage: node scripts/check-lockfile.mjs

Checks that package-lock.json names no registry host, that Cargo.lock names only crates.io, that the
package has no install script and no binding.gyp, that every dependency's install script is refused, and
that no committed file has an address of a package registry's.

Exit codes: 0 nothing found, 1 something found, 2 wrong usage.`);

const read = (name) => readFileSync(join(root, name), 'utf8');
const manifest = JSON.parse(read('package.json'));
const lock = JSON.parse(read('package-lock.json'));
const findings = [];

for (const [path, entry] of Object.entries(lock.packages)) {
  if (entry.resolved?.includes('://')) findings.push(`package-lock.json: ${path} is resolved to a host`);
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  if (entry.hasInstallScript && manifest.allowScripts?.[name] !== false) {
    findings.push(`package-lock.json: ${name} has an install script that allowScripts does not refuse`);
  }
}
const crates = 'registry+https://github.com/rust-lang/crates.io-index';
for (const [, source] of read('Cargo.lock').matchAll(/^source = "(.*)"$/gm)) {
  if (source !== crates) findings.push(`Cargo.lock: a crate comes from ${source}`);
}
for (const name of ['preinstall', 'install', 'postinstall', 'prepare', 'prepublish']) {
  if (manifest.scripts[name] !== undefined) findings.push(`package.json: has a script named ${name}`);
}
if (existsSync(join(root, 'binding.gyp'))) findings.push('binding.gyp: npm would build it');

/** Which registry is used is the business of each machine's own clients. */
const registries =
  /\/\/(?!docs\.)[^\s/"'`)]*\b(?:npmjs|yarnpkg|jsr|pypi|pythonhosted|crates|debian|ubuntu)\.(?:org|com|io)\b/;
for (const name of execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).trim().split('\n')) {
  const found = existsSync(join(root, name)) ? registries.exec(read(name)) : null;
  if (found !== null) findings.push(`${name}: names the host of a registry, ${found[0]}`);
}

for (const finding of findings) console.error(finding);
process.exit(findings.length === 0 ? 0 : 1);
