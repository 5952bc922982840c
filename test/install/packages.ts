// The packages that the install tests install: as they are published, in two versions, and for two platforms.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { type Target, binaryOf, packageOf, targets } from '../../dist/targets.js';
import { stageMain, stagePlatform } from '../../scripts/packages.mjs';
import { reword } from './broken-binary';
import { npm } from './npm';
import type { Manifest } from './registry';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const built = JSON.parse(
  execFileSync(process.execPath, ['-p', "JSON.stringify(require('./dist/loader/loader.js').candidate)"], {
    cwd: root,
    encoding: 'utf8',
  }),
) as { path: string; target: Target };

/** This machine, and one that it is not. */
export const here = targets.find(({ name }) => name === built.target.name) as Target;
export const elsewhere = targets.find(({ platform }) => platform !== process.platform) as Target;
export const binary = readFileSync(built.path);
export const version = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest).version;
/** A later version, as far as names go. */
export const later = version.replace(/\d/, '9');

/** Packs all of them into `folder`; answers their manifests. */
export async function packAll(folder: string): Promise<Manifest[]> {
  const staged = join(folder, 'staged');
  const folders: string[] = [];
  const put = (name: string) => {
    const place = join(staged, name);
    mkdirSync(place, { recursive: true });
    folders.push(place);
    return place;
  };
  for (const target of [here, elsewhere]) stagePlatform(put(target.name), target, built.path);
  stageMain(put('millrace'), [here, elsewhere]);
  stagePlatform(put(`later-${here.name}`), here, built.path);
  stageMain(put('later'), [here]);
  become(join(staged, 'later'), { version: later, optionalDependencies: { [packageOf(here)]: later } });
  become(join(staged, `later-${here.name}`), { version: later });
  writeFileSync(join(staged, `later-${here.name}`, binaryOf(here)), reword(binary, version, later));
  write(put('types'), { name: '@types/node', version: '20.0.0' });
  write(put('user'), { name: 'user', version: '1.0.0', dependencies: { millrace: later } });
  writeFileSync(join(staged, 'user', 'index.js'), "module.exports = () => require('millrace');\n");
  await npm(['pack', '--pack-destination', folder, ...folders], folder);
  return folders.map((place) => JSON.parse(readFileSync(join(place, 'package.json'), 'utf8')) as Manifest);
}

function become(folder: string, changed: object): void {
  const file = join(folder, 'package.json');
  write(folder, { ...(JSON.parse(readFileSync(file, 'utf8')) as object), ...changed });
}

function write(folder: string, manifest: object): void {
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
}
