// Publishes what the release has packed: every platform package, then the main one, which names them.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { misuse, must, readCommand, root, run } from '../steps.mjs';
import { packed } from './places.mjs';

const { words } = readCommand(
  `
Usage: node scripts/release/publish.mjs [FOLDER]

Publishes the tarballs of .release/packed, or of that folder, with provenance: each package that the main
one names, then the main one. What the registry has already is left alone, so that a release that was cut
off can be run again. Works only in a job that GitHub runs for the tag of this version.

Exit codes: 0 published, 1 not published, 2 wrong usage.`,
  {},
  { takesWords: true },
);
const [folder = packed, ...rest] = words;
if (rest.length > 0) misuse(`Expected a folder, received ${words.join(' ')}`);

const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const { GITHUB_REF_TYPE: kind, GITHUB_REF_NAME: ref } = process.env;
if (kind !== 'tag' || ref !== `v${version}`) {
  refuse(
    `Version ${version} is published from the tag v${version}, and this is ${kind ?? 'no tag'} ${ref ?? ''}`,
  );
}

const main = `${name}-${version}.tgz`;
const { stdout, code } = await run('tar', ['-xzOf', join(folder, main), 'package/package.json'], {
  quiet: true,
});
if (code !== 0) refuse(`${folder} does not hold ${main}.`);
const { optionalDependencies = {} } = JSON.parse(stdout);
const platforms = Object.keys(optionalDependencies).map((each) => `${each}-${version}.tgz`);
if (platforms.length === 0) refuse(`${main} names no platform's package.`);
// Else the main package would name one that nobody can install.
const missing = platforms.filter((file) => !existsSync(join(folder, file)));
if (missing.length > 0) refuse(`${folder} does not hold ${missing.join(', ')}, which ${main} names.`);

for (const file of [...platforms, main]) {
  const spec = `${file.slice(0, -`-${version}.tgz`.length)}@${version}`;
  const known = await run('npm', ['view', spec, 'version'], { quiet: true });
  if (known.code === 0 && known.stdout.trim() === version) {
    console.log(`${spec} is published already`);
    continue;
  }
  console.log(`Publishing ${spec}`);
  await must('npm', ['publish', join(folder, file), '--provenance', '--access', 'public']);
}

function refuse(why) {
  console.error(why);
  process.exit(1);
}
