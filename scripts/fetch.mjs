// Programs that scripts run and the project does not depend on: fetched from npm into the cache, once.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cache, mustNpm } from './steps.mjs';

/** The folder that has these packages (`name`, or `name@version`) in its `node_modules`. No script of theirs runs. */
export async function fetchPackages(...specs) {
  const folder = join(cache, 'fetched', specs.join('+').replaceAll('/', '-'));
  const done = join(folder, 'done');
  if (existsSync(done)) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  console.log(`Fetching ${specs.join(', ')}`);
  const quietly = ['--ignore-scripts', '--no-package-lock', '--no-audit', '--no-fund'];
  await mustNpm(['install', ...quietly, ...specs], { cwd: folder, quiet: true });
  writeFileSync(done, '');
  return folder;
}

/** The path of that Node's executable. The package `node` only picks one of these by an install script. */
export async function fetchNode(version) {
  const windows = process.platform === 'win32';
  const name = `node-${windows ? 'win' : process.platform}-${process.arch}`;
  const folder = await fetchPackages(`${name}@${version}`);
  return join(folder, 'node_modules', name, 'bin', windows ? 'node.exe' : 'node');
}
