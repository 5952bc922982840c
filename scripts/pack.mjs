// Leaves the tarballs of the main package and of this machine's platform package in packed/.
import { copyFileSync, cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cache, must, mustNpm, readOptions, root, tool } from './steps.mjs';

readOptions(`
Usage: npm run pack

Builds, then leaves two tarballs in packed/: the main package, which names every platform package among
its optional dependencies, and the platform package of this machine.

Exit codes: 0 packed, 1 not packed, 2 wrong usage.`);

const stage = join(cache, 'pack');
const packed = join(root, 'packed');
for (const folder of [stage, packed]) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
}
// A file whose source is gone must not be shipped.
rmSync(join(root, 'dist'), { recursive: true, force: true });
await must(process.execPath, ['scripts/build.mjs', '--quiet']);

const manifest = readJson(join(root, 'package.json'));
const addon = readdirSync(join(root, 'npm')).find((name) => name.endsWith('.node'));
const platform = addon.slice(`${manifest.napi.binaryName}.`.length, -'.node'.length);

const platforms = join(stage, 'platforms');
await must(tool('napi'), ['create-npm-dirs', '--npm-dir', platforms], { quiet: true });
const names = readdirSync(platforms);
if (!names.includes(platform)) {
  console.error(
    `No package is declared for ${platform}: "napi.targets" in package.json has ${names.join(', ')}.`,
  );
  process.exit(1);
}
await packPlatform(join(platforms, platform));
await packMain(join(stage, 'main'));
for (const name of readdirSync(packed)) console.log(join('packed', name));

/** The addon, its notices, and the manifest that the napi CLI made. */
async function packPlatform(folder) {
  copyFileSync(join(root, 'npm', addon), join(folder, addon));
  for (const name of ['LICENSE', 'THIRD-PARTY-NOTICES.md'])
    copyFileSync(join(root, name), join(folder, name));
  const file = join(folder, 'package.json');
  const made = readJson(file);
  writeJson(file, { ...made, files: [...made.files, 'THIRD-PARTY-NOTICES.md'] });
  await mustNpm(['pack', '--pack-destination', packed], { cwd: folder, quiet: true });
}

/** The package as users get it: without scripts and development dependencies, with the platform packages. */
async function packMain(folder) {
  mkdirSync(join(folder, 'npm'), { recursive: true });
  cpSync(join(root, 'dist'), join(folder, 'dist'), { recursive: true });
  copyFileSync(join(root, 'npm', 'index.js'), join(folder, 'npm', 'index.js'));
  for (const name of ['README.md', 'CHANGELOG.md', 'LICENSE', 'THIRD-PARTY-NOTICES.md']) {
    copyFileSync(join(root, name), join(folder, name));
  }
  const { scripts, devDependencies, overrides, allowScripts, ...kept } = manifest;
  const optionalDependencies = Object.fromEntries(
    names.map((name) => [`${manifest.name}-${name}`, manifest.version]),
  );
  writeJson(join(folder, 'package.json'), { ...kept, optionalDependencies });
  await mustNpm(['pack', '--pack-destination', packed], { cwd: folder, quiet: true });
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function writeJson(file, value) {
  writeFileSync(file, `${JSON.stringify(value, undefined, 2)}\n`);
}
