// Which platform package npm chooses on each machine: the main package, installed without network into an empty folder.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { manifest } from '../packages.mjs';
import { mustNpm } from '../steps.mjs';
import { serveRegistry } from './fetching/registry.mjs';
import { binaryOf, packageOf } from './targets.mjs';

/** Neither this machine's settings nor its proxies are to help. */
const env = { NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1' };
const quietly = ['--no-audit', '--no-fund', '--no-update-notifier'];

/**
 * What npm needs to install these packages without network: `options`, which name a cache that holds them
 * and nothing else. It is filled from a registry on this machine that is gone afterwards.
 */
export async function offline(folder, packages) {
  const { address, close } = await serveRegistry(packages);
  const settings = join(folder, 'npmrc');
  writeFileSync(settings, '');
  const options = [
    '--registry',
    address,
    '--userconfig',
    settings,
    '--cache',
    join(folder, 'cache'),
    ...quietly,
  ];
  for (const { manifest: served } of packages) {
    await mustNpm(['cache', 'add', `${served.name}@${served.version}`, ...options], { quiet: true, env });
  }
  close();
  return [...options, '--offline'];
}

/** What is wrong with what npm installs for this target into this empty folder, which should be this binary; in words. */
export async function choiceFindings(target, binary, project, options) {
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{ "private": true }\n');
  await mustNpm(
    // prettier-ignore
    [
      'install', `${manifest.name}@${manifest.version}`, ...options,
      '--os', target.platform, '--cpu', target.arch,
      ...(target.libc === undefined ? [] : ['--libc', target.libc]),
    ],
    { cwd: project, quiet: true, env },
  );
  const modules = join(project, 'node_modules');
  const found = readdirSync(modules).filter((name) => name.startsWith(`${manifest.name}-`));
  const wanted = packageOf(target);
  const findings = found.filter((name) => name !== wanted).map((name) => `npm installs ${name} too`);
  if (!found.includes(wanted)) return [...findings, 'npm does not install its package'];
  const installed = join(modules, wanted, binaryOf(target));
  if (!existsSync(installed)) return [...findings, 'its package holds no binary'];
  const same = digest(installed) === digest(binary);
  return same ? findings : [...findings, 'its package holds another binary than was built'];
}

function digest(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
