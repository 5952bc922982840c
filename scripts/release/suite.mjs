// The suite that a binary is run through: the packed smoke and the laws, with nothing but Node around them.
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'rolldown';
import { stageMain, stagePlatform } from '../packages.mjs';
import { must, root, tool } from '../steps.mjs';
import { binaries, home } from './places.mjs';
import { binaryOf, packageOf, targets } from './targets.mjs';

/** Everything but the binary; a run has its own, so that several can go on at once. */
export const staged = join(home, `suite-${process.pid}`);
process.on('exit', () => rmSync(staged, { recursive: true, force: true }));
const smokes = join(root, 'test', 'smoke', 'packed');
const laws = join(root, 'test', 'laws');

/** What is run one after the other: arguments for Node, with `suite/` for the suite's folder. */
export const smokePrograms = readdirSync(smokes).map((name) => [`suite/${name}`]);
export const lawPrograms = readdirSync(laws)
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => ['suite/run.mjs', `suite/laws/${name.replace(/ts$/, 'js')}`]);

/** Compiles the package and the laws as they stand, and lays them side by side; there is no binary yet. */
export async function stageSuite() {
  rmSync(staged, { recursive: true, force: true });
  for (const name of readdirSync(smokes)) copyInto(staged, join(smokes, name), name);
  // A project of its own: inside this repository, `millrace` would be what is built here.
  writeFileSync(join(staged, 'package.json'), '{ "private": true }\n');
  const compiled = join(staged, 'laws');
  await must(
    tool('tsc'),
    // prettier-ignore
    [
      '--ignoreConfig', '--noCheck',
      '--target', 'es2022', '--module', 'esnext', '--moduleResolution', 'bundler',
      '--rootDir', laws, '--outDir', compiled,
      ...readdirSync(laws).filter((name) => name.endsWith('.ts')).map((name) => join(laws, name)),
    ],
    { quiet: true },
  );
  // Node wants the whole name of a file; vitest does not.
  for (const name of readdirSync(compiled)) {
    const file = join(compiled, name);
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/ from '(\.\/[\w-]+)';/g, " from '$1.js';"));
  }
  cpSync(join(laws, 'fixtures'), join(compiled, 'fixtures'), { recursive: true });
  writeFileSync(join(compiled, 'package.json'), '{ "type": "module" }\n');

  const plain = join(root, 'test', 'smoke', 'laws');
  copyInto(staged, join(plain, 'run.mjs'), 'run.mjs');
  const vitest = join(staged, 'node_modules', 'vitest');
  copyInto(vitest, join(plain, 'vitest.mjs'), 'vitest.mjs');
  await build({
    input: join(plain, 'matchers.mjs'),
    platform: 'node',
    output: { file: join(vitest, 'matchers.mjs'), format: 'esm' },
  });
  writeFileSync(join(vitest, 'package.json'), '{ "name": "vitest", "exports": "./vitest.mjs" }\n');
  const main = join(staged, 'node_modules', 'millrace');
  stageMain(main, targets);
  // Not what happens to lie in dist/.
  rmSync(join(main, 'dist'), { recursive: true });
  await must(process.execPath, ['scripts/compile.mjs', join(main, 'dist')], { quiet: true });
}

/** Every file of the staged suite that is run, in an order that is always the same. */
export function programs() {
  const all = readdirSync(staged, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  return all
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => /\.[cm]?js$/.test(path))
    .sort();
}

/** Puts the suite into an empty folder, with a target's package installed as npm would. */
export function placeSuite(target, folder) {
  rmSync(folder, { recursive: true, force: true });
  cpSync(staged, folder, { recursive: true });
  stagePlatform(join(folder, 'node_modules', packageOf(target)), target, join(binaries, binaryOf(target)));
}

function copyInto(folder, file, name) {
  mkdirSync(folder, { recursive: true });
  copyFileSync(file, join(folder, name));
}
