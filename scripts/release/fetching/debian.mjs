// Unpacks Debian packages of any release and processor, with all they need, into a folder of their own.
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must } from '../../steps.mjs';
import { mustDebianArchive } from './archive.mjs';
import { mustFetch } from './fetch.mjs';
import { roots } from '../places.mjs';

const keys = '[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]';

/**
 * The path of a root that holds these packages and their dependencies. Nothing of it is installed: no
 * package's script has run, and the machine's own packages do not count.
 */
export async function unpackRoot(name, { suite, cpu, packages }) {
  const folder = join(roots, name);
  const ready = join(folder, '.ready');
  if (existsSync(ready)) return folder;
  console.log(`Unpacking Debian ${suite} for ${cpu}: ${packages.join(', ')}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const apt = join(roots, `.apt-${name}`);
  for (const file of await download(apt, suite, cpu, packages)) {
    await must('dpkg-deb', ['--extract', file, folder], { quiet: true });
  }
  rmSync(apt, { recursive: true });
  linkMerged(folder);
  for (const each of ['proc', 'dev', 'tmp']) mkdirSync(join(folder, each), { recursive: true });
  writeFileSync(ready, '');
  return folder;
}

/** Fetches the packages through apt, which checks their signatures, with lists and a state of its own. */
async function download(apt, suite, cpu, packages) {
  const archives = join(apt, 'cache', 'archives');
  for (const each of [join(apt, 'state', 'lists', 'partial'), join(archives, 'partial')]) {
    mkdirSync(each, { recursive: true });
  }
  writeFileSync(join(apt, 'status'), '');
  writeFileSync(join(apt, 'sources.list'), `deb ${keys} ${await mustDebianArchive()} ${suite} main\n`);
  const settings = {
    'Dir::Etc::SourceList': join(apt, 'sources.list'),
    'Dir::Etc::SourceParts': '-',
    'Dir::State': join(apt, 'state'),
    'Dir::State::status': join(apt, 'status'),
    'Dir::Cache': join(apt, 'cache'),
    'APT::Architecture': cpu,
    'APT::Architectures': cpu,
    'APT::Sandbox::User': '',
    'Acquire::Languages': 'none',
  };
  const options = Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
  // Without it a list that cannot be had is a warning, and the packages are missing.
  await mustFetch('apt-get', [...options, 'update', '-qq', '-o', 'APT::Update::Error-Mode=any']);
  const install = ['install', '-qq', '-y', '--download-only', '--no-install-recommends'];
  await mustFetch('apt-get', [...options, ...install, ...packages]);
  return readdirSync(archives)
    .filter((file) => file.endsWith('.deb'))
    .map((file) => join(archives, file));
}

/** Newer releases keep everything under usr/, and programs still ask for /lib64 and the like. */
function linkMerged(folder) {
  for (const each of ['bin', 'sbin', 'lib', 'lib64']) {
    if (existsSync(join(folder, each)) || !existsSync(join(folder, 'usr', each))) continue;
    symlinkSync(`usr/${each}`, join(folder, each));
  }
}
