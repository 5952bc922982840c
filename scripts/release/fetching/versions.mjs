// Whether every place that names the version names the same one.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { manifest } from '../../packages.mjs';
import { root } from '../../steps.mjs';

/** What is out of step with package.json, in words; `tag` is the tag that is released, where there is one. */
export function versionFindings(tag) {
  const { name, version } = manifest;
  const read = (file) => readFileSync(join(root, file), 'utf8');
  const lock = JSON.parse(read('package-lock.json'));
  const crates = [...read('Cargo.lock').matchAll(/^name = "(millrace-\w+)"\nversion = "(.*)"$/gm)];
  const said = [
    ['package-lock.json', lock.version],
    ['package-lock.json, its first package', lock.packages[''].version],
    ['Cargo.toml', /^version = "(.*)"$/m.exec(read('Cargo.toml'))?.[1]],
    ...crates.map(([, crate, found]) => [`Cargo.lock, ${crate}`, found]),
    ...(tag === undefined ? [] : [['the tag', tag.replace(/^v/, '')]]),
  ];
  const headings = [...read('CHANGELOG.md').matchAll(/^## \[?([\d.]+[-\w.]*)/gm)].map(([, found]) => found);
  return [
    ...said
      .filter(([, found]) => found !== version)
      .map(([place, found]) => `${place} says ${found}, package.json of ${name} says ${version}`),
    ...(headings[0] === version ? [] : [`CHANGELOG.md begins with ${headings[0]}, not with ${version}`]),
    ...(crates.length > 0 ? [] : ['Cargo.lock has none of our crates']),
  ];
}
