// What is published, laid out in a folder each: the main package, and a platform's with its binary.
import { copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { binaryOf, packageOf } from './release/targets.mjs';
import { root } from './steps.mjs';

/** package.json as it stands in the repository. */
export const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const notices = ['LICENSE', 'THIRD-PARTY-NOTICES.md'];

/** The package of one target: nothing but the binary, which npm installs where it fits. */
export function stagePlatform(folder, target, binary) {
  const { version, license, author, engines } = manifest;
  const main = binaryOf(target);
  lay(folder, notices, {
    name: packageOf(target),
    version,
    description: `The native part of millrace for ${target.name}.`,
    license,
    author,
    ...repository(),
    main,
    files: [main, 'THIRD-PARTY-NOTICES.md'],
    engines,
    os: [target.platform],
    cpu: [target.arch],
    ...(target.libc === undefined ? {} : { libc: [target.libc] }),
  });
  copyFileSync(binary, join(folder, main));
}

/** The package as users get it: without scripts and development dependencies, with the targets' packages. */
export function stageMain(folder, targets) {
  const { scripts, devDependencies, overrides, allowScripts, napi, ...kept } = manifest;
  const optionalDependencies = Object.fromEntries(
    targets.map((target) => [packageOf(target), manifest.version]),
  );
  lay(folder, ['LICENSE', 'README.md'], { ...kept, ...repository(), optionalDependencies });
  // What README and docs link to is there as well.
  for (const shipped of kept.files) cpSync(join(root, shipped), join(folder, shipped), { recursive: true });
}

/** Where a release is made from, which its provenance has to agree with, and where its users find it; only GitHub's machines know. */
function repository() {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name } = process.env;
  if (!server || !name) return {};
  const home = `${server}/${name}`;
  return {
    repository: { type: 'git', url: `git+${home}.git` },
    homepage: `${home}#readme`,
    bugs: { url: `${home}/issues` },
  };
}

function lay(folder, copies, manifest) {
  mkdirSync(folder, { recursive: true });
  for (const name of copies) copyFileSync(join(root, name), join(folder, name));
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
}
