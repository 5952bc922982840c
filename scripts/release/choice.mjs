// Which platform package npm chooses on each machine: the main package, installed from a registry into an empty folder.
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manifest } from '../packages.mjs';
import { mustNpm } from '../steps.mjs';
import { binaryOf, packageOf } from './targets.mjs';

/** What is wrong with what npm installs for this target from that registry, which should be this binary; in words. */
export async function choiceFindings(target, binary, address) {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-choice-'));
  try {
    return await install(target, binary, address, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function install(target, binary, address, folder) {
  // Neither this machine's settings nor what it has cached is to help.
  const settings = join(folder, 'npmrc');
  const project = join(folder, 'project');
  mkdirSync(project);
  writeFileSync(settings, '');
  writeFileSync(join(project, 'package.json'), '{ "private": true }\n');
  await mustNpm(
    // prettier-ignore
    [
      'install', `${manifest.name}@${manifest.version}`,
      '--registry', address, '--userconfig', settings, '--cache', join(folder, 'cache'),
      '--no-audit', '--no-fund', '--no-update-notifier',
      '--os', target.platform, '--cpu', target.arch,
      ...(target.libc === undefined ? [] : ['--libc', target.libc]),
    ],
    { cwd: project, quiet: true, env: { NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1' } },
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
