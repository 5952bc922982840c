// Publishes what the release has packed: every platform package, then the main one, which names them.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { must, readOptions, root, run } from '../steps.mjs';
import { packed } from './places.mjs';

readOptions(`
Usage: node scripts/release/publish.mjs

Publishes the tarballs of .release/packed with provenance, the main package last. What the registry has
already is left alone, so that a release that was cut off can be run again. Works only in a job that GitHub
runs for the tag of this version.

Exit codes: 0 published, 1 not published, 2 wrong usage.`);

const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const { GITHUB_REF_TYPE: kind, GITHUB_REF_NAME: ref } = process.env;
if (kind !== 'tag' || ref !== `v${version}`) {
  console.error(
    `Version ${version} is published from the tag v${version}, and this is ${kind ?? 'no tag'} ${ref ?? ''}`,
  );
  process.exit(1);
}

const main = `${name}-${version}.tgz`;
const tarballs = readdirSync(packed).filter((file) => file.endsWith(`-${version}.tgz`));
if (!tarballs.includes(main)) {
  console.error(`.release/packed does not hold ${main}.`);
  process.exit(1);
}
for (const file of [...tarballs.filter((each) => each !== main), main]) {
  const spec = `${file.slice(0, -`-${version}.tgz`.length)}@${version}`;
  const known = await run('npm', ['view', spec, 'version'], { quiet: true });
  if (known.code === 0 && known.stdout.trim() === version) {
    console.log(`${spec} is published already`);
    continue;
  }
  await must('npm', ['publish', join(packed, file), '--provenance', '--access', 'public']);
}
