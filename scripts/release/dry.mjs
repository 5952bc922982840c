// Rehearses a release without network: versions, tarballs, and which package npm chooses on each machine.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manifest, stageMain, stagePlatform } from '../packages.mjs';
import { cache, must, mustNpm, readCommand, root, since } from '../steps.mjs';
import { choiceFindings, offline } from './choice.mjs';
import { binaries, packed } from './places.mjs';
import { isCurrent } from './fetching/sources.mjs';
import { binaryOf, packageOf, targets } from './targets.mjs';
import { isHere, useFindings } from './use.mjs';
import { versionFindings } from './fetching/versions.mjs';

const { tag, 'allow-missing': allowMissing } = readCommand(
  `
Usage: npm run release:dry [-- --allow-missing] [--tag TAG]

Rehearses a release from what npm run release:build has left: compares the versions, packs the main package
and each platform's into .release/packed/, lists what is in them, and has npm install them into an empty
folder for every platform, with --offline: exactly one platform package has to fit. What it installs for
this machine is used there. Publishes nothing and needs no network.
  --allow-missing   binaries that were not built, or from other sources, are told, and no failure; for
                    this machine, what npm run build has made will do
  --tag             the tag that is released: has to be "v" and the version

Exit codes: 0 ready, 1 not ready, 2 wrong usage.`,
  { tag: { type: 'string' }, 'allow-missing': { type: 'boolean' } },
);
const start = performance.now();
const findings = versionFindings(tag);
console.log(`version ${manifest.version}: ${findings.length === 0 ? 'in step everywhere' : 'NOT in step'}`);

if (allowMissing) await must(process.execPath, ['scripts/build.mjs', '--quiet']);
const built = targets.filter((target) => existsSync(binaryAt(target)));
const missing = targets.filter((target) => !built.includes(target));
if (!allowMissing) {
  findings.push(...missing.map(({ name }) => `${name}: not built`));
  const old = built.filter((target) => !isCurrent(target));
  findings.push(...old.map(({ name }) => `${name}: built from other sources than are here`));
}

const stage = join(cache, 'release');
for (const folder of [stage, packed, join(root, 'dist')]) rmSync(folder, { recursive: true, force: true });
mkdirSync(packed, { recursive: true });
await must(process.execPath, ['scripts/compile.mjs'], { quiet: true });
const packages = [];
for (const target of built) packages.push(await packPlatform(target));
packages.push(await packMain());
// Where nothing above it has packages of its own.
const projects = mkdtempSync(join(tmpdir(), 'millrace-dry-'));
process.on('exit', () => rmSync(projects, { recursive: true, force: true }));
const options = await offline(projects, [...packages, ...(await dependencies())]);
console.log();
for (const target of targets) findings.push(...(await rehearse(target)));

for (const finding of findings) console.error(finding);
console.log(`\n${findings.length === 0 ? 'Ready' : 'Not ready'}, in ${since(start)}.`);
process.exit(findings.length === 0 ? 0 : 1);

/** Where a target's binary lies; a release takes those of release:build only. */
function binaryAt(target) {
  const folder = allowMissing && !isCurrent(target) ? join(root, 'npm') : binaries;
  return join(folder, binaryOf(target));
}

async function packPlatform(target) {
  const folder = join(stage, target.name);
  stagePlatform(folder, target, binaryAt(target));
  const made = await pack(folder, packed);
  const expected = ['LICENSE', 'THIRD-PARTY-NOTICES.md', binaryOf(target), 'package.json'];
  if (made.files.sort().join() !== expected.sort().join()) {
    findings.push(`${packageOf(target)} holds ${made.files.join(', ')}, expected ${expected.join(', ')}`);
  }
  return made;
}

async function packMain() {
  const folder = join(stage, 'main');
  stageMain(folder, targets);
  const made = await pack(folder, packed);
  const { optionalDependencies, scripts } = made.manifest;
  const wanted = targets.map((target) => `${packageOf(target)}@${manifest.version}`);
  const named = Object.entries(optionalDependencies).map((entry) => entry.join('@'));
  if (named.sort().join() !== wanted.sort().join()) {
    findings.push(`the main package names ${named.join(', ')}, expected ${wanted.join(', ')}`);
  }
  if (scripts !== undefined) findings.push('the main package has scripts');
  findings.push(
    ...made.files.filter((name) => name.endsWith('.node')).map((name) => `the main package holds ${name}`),
  );
  return made;
}

/** Packs a folder and tells what is in the tarball. */
async function pack(folder, destination) {
  const told = await mustNpm(['pack', '--json', '--pack-destination', destination], {
    cwd: folder,
    quiet: true,
  });
  const [{ filename, size, integrity, files }] = JSON.parse(told);
  const names = files.map(({ path }) => path);
  if (destination === packed) {
    const shown = names.length > 10 ? `${names.length} files` : names.join(', ');
    console.log(`${filename}  ${Math.ceil(size / 1024)} KiB: ${shown}`);
  }
  const file = join(destination, filename);
  const packedManifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return { manifest: packedManifest, file, integrity, files: names };
}

/** What the main package depends on besides, packed from node_modules as it lies there. */
async function dependencies() {
  const found = [];
  const left = Object.keys(manifest.dependencies ?? {});
  const folder = join(stage, 'dependencies');
  mkdirSync(folder, { recursive: true });
  for (const name of left) {
    const made = await pack(join(root, 'node_modules', name), folder);
    found.push(made);
    left.push(...Object.keys(made.manifest.dependencies ?? {}));
  }
  return found;
}

/** Has npm install what it chooses for a target, and uses it where that is this machine; what is wrong, in words. */
async function rehearse(target) {
  const { name } = target;
  const shown = name.padEnd(19);
  if (missing.includes(target)) {
    console.log(`${shown}  not built from these sources`);
    return [];
  }
  const project = join(projects, name);
  const wrong = await choiceFindings(target, binaryAt(target), project, options);
  if (wrong.length === 0 && isHere(target)) wrong.push(...(await useFindings(project)));
  const used = isHere(target) ? ', which works here' : '';
  console.log(`${shown}  ${wrong.length === 0 ? `npm installs ${packageOf(target)} alone${used}` : 'WRONG'}`);
  return wrong.map((finding) => `${name}: ${finding}`);
}
