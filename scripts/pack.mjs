// Leaves the tarballs of the main package and of this machine's platform package in packed/.
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cache, must, mustNpm, readCommand, root } from './steps.mjs';

readCommand(`
Usage: npm run pack

Builds, then leaves two tarballs in packed/: the platform package of this machine, and the main package,
which names that one among its optional dependencies (a release names all).

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

// Both read what has just been built.
const { stageMain, stagePlatform } = await import('./packages.mjs');
const { binaryOf, packageOf, targets } = await import('../dist/targets.js');
const built = targets.filter((target) => existsSync(join(root, 'npm', binaryOf(target))));
if (built.length === 0) {
  console.error(
    `No package is made for this machine: src/targets.ts has ${targets.map(({ name }) => name).join(', ')}.`,
  );
  process.exit(1);
}
for (const target of built) {
  const folder = join(stage, packageOf(target));
  stagePlatform(folder, target, join(root, 'npm', binaryOf(target)));
  await packInto(folder);
}
stageMain(join(stage, 'millrace'), built);
await packInto(join(stage, 'millrace'));
for (const name of readdirSync(packed)) console.log(join('packed', name));

function packInto(cwd) {
  return mustNpm(['pack', '--pack-destination', packed], { cwd, quiet: true });
}
