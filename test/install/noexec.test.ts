// A package on a file system that is mounted noexec: the mount is a real one, and so is its cure.
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';

import { binaryOf, packageOf } from '../../dist/targets.js';
import { stagePlatform } from '../../scripts/packages.mjs';
import { binary, here, root } from './packages';

const run = promisify(execFile);
const project = mkdtempSync(join(realpathSync(tmpdir()), 'millrace noexec-'));
afterAll(() => rmSync(project, { recursive: true }));

const installed = join(project, 'node_modules', packageOf(here));
const path = join(installed, binaryOf(here));
const home = join(project, 'home');

/** Where `$1` lies on a mount of its own, which ends with the line that is run there. */
function mounted(line: string): [string, string[]] {
  const script = `
    cp -r "$1" "$HOME/whole" && mount -t tmpfs -o noexec tmpfs "$1" && cp -r "$HOME/whole/." "$1" &&
    rm -r "$HOME/whole" && cd "$2" && ${line}`;
  const asRoot = process.getuid?.() === 0 ? [] : ['--map-root-user'];
  return ['unshare', [...asRoot, '--mount', 'sh', '-c', script, 'sh', installed, project]];
}

function mayMount(): boolean {
  const target = mkdtempSync(join(tmpdir(), 'millrace-mount-'));
  const asRoot = process.getuid?.() === 0 ? [] : ['--map-root-user'];
  const command = [...asRoot, '--mount', 'mount', '-t', 'tmpfs', '-o', 'noexec', 'tmpfs', target];
  try {
    execFileSync('unshare', command, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  } finally {
    rmSync(target, { recursive: true });
  }
}

const program = `
try {
  require('millrace');
  console.log(JSON.stringify({ binary: require('./node_modules/millrace/dist/loader/loader.js').candidate.path }));
} catch ({ attempts, cure }) {
  console.log(JSON.stringify({ attempts, cure }));
}
`;

test.runIf(process.platform === 'linux' && mayMount())('is told so, and its cure works', async () => {
  for (const name of ['dist', 'package.json']) {
    cpSync(join(root, name), join(project, 'node_modules', 'millrace', name), { recursive: true });
  }
  writeFileSync(join(project, 'built.node'), binary);
  stagePlatform(installed, here, join(project, 'built.node'));
  mkdirSync(home);
  writeFileSync(join(project, 'package.json'), '{}');
  writeFileSync(join(project, 'program.cjs'), program);
  const told = async (line: string) => {
    const { stdout } = await run(...mounted(line), { env: { ...process.env, HOME: home } });
    return JSON.parse(stdout) as object;
  };

  const copy = `"$HOME/${binaryOf(here)}"`;
  const cure = `cp '${path}' ${copy} && export MILLRACE_BINARY=${copy}`;
  expect(await told('node program.cjs')).toEqual({
    attempts: [{ path, reason: expect.stringMatching(/^lies where the system allows no program, .*noexec/) }],
    cure,
  });
  expect(await told(`${cure} && node program.cjs`)).toEqual({ binary: join(home, binaryOf(here)) });
});
