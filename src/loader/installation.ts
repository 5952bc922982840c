/** How this package was installed, and how to install it again: which installer, where, and what it left out. */
import { existsSync, readFileSync } from 'node:fs';
import module from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';

import { type Target, packageOf, targets } from '../targets.js';
import { root } from './candidates.js';
import { quote, removal } from './shell.js';

interface Installer {
  readonly lock: string;
  /** What is in its lock file, where another installer's has the same name. */
  readonly mark?: string;
  readonly install: string;
  readonly withOptional: string;
  /** It does not look whether what it installed once is still there. */
  readonly isTrusting?: boolean;
}

const npm: Installer = {
  lock: 'package-lock.json',
  install: 'npm install',
  withOptional: 'npm install --include=optional',
};
const installers: readonly Installer[] = [
  npm,
  { lock: 'pnpm-lock.yaml', install: 'pnpm install', withOptional: anew('pnpm install'), isTrusting: true },
  {
    lock: 'yarn.lock',
    mark: '# yarn lockfile v1',
    // Without --force it only looks at its own notes.
    install: 'yarn install --force',
    withOptional: 'yarn install --force',
  },
  { lock: 'yarn.lock', install: 'yarn install', withOptional: 'yarn install' },
  { lock: 'bun.lock', install: 'bun install', withOptional: 'bun install' },
];

/** Why a package is not there, and what brings it. */
export interface Absence {
  readonly reason: string;
  readonly cure: string;
}

/** The project that this package was installed for: commands are run there. */
export const project = ownerByPnp() ?? (root.split(`${sep}node_modules${sep}`)[0] as string);

/** What yarn's PnP has in a process, where packages lie in archives and no `node_modules` tells whose they are. */
interface Pnp {
  readonly topLevel: object;
  getPackageInformation(locator: object): { packageLocation: string };
}

function ownerByPnp(): string | undefined {
  const { findPnpApi } = module as { findPnpApi?: (path: string) => Pnp | null };
  const pnp = findPnpApi?.(__filename);
  return pnp ? resolve(pnp.getPackageInformation(pnp.topLevel).packageLocation) : undefined;
}

function anew(install: string): string {
  return `${removal('node_modules')} && ${install}`;
}

/** Whether it is installed for the machine and not for a project. */
function isGlobal(): boolean {
  return !existsSync(join(project, 'package.json'));
}

function findInstaller(): Installer {
  return installers.find(({ lock, mark }) => readLock(lock)?.includes(mark ?? '')) ?? npm;
}

export function explainAbsence(target: Target, version: string): Absence {
  const name = packageOf(target);
  const theirs = targets.map(packageOf).filter((other) => other !== name && isInstalled(other));
  const installer = findInstaller();
  if (isGlobal()) {
    return {
      reason: 'is not installed: optional dependencies were left out',
      cure: `npm install --global --include=optional millrace@${version}`,
    };
  }
  if (locked(name, installer) === false) {
    const reason = `is not installed: ${installer.lock} comes from another platform, and does not list it`;
    return { reason, cure: `${removal('node_modules', installer.lock)} && ${installer.install}` };
  }
  if (theirs.length > 0) {
    const reason = `is not installed: node_modules comes from another platform, and has ${theirs.join(', ')} instead`;
    return { reason, cure: anew(installer.install) };
  }
  return {
    reason:
      'is not installed: optional dependencies were left out (--omit=optional, --no-optional), or it was removed',
    cure: installer.withOptional,
  };
}

/** Fetches a package's files anew. */
export function reinstall(path: string, version: string): string {
  if (isGlobal()) return `${removal(quote(dirname(path)))} && npm install --global millrace@${version}`;
  const { install, isTrusting } = findInstaller();
  return isTrusting ? anew(install) : `${removal(quote(relative(project, dirname(path))))} && ${install}`;
}

/** Whether the lock file has an entry for the package; `undefined` when there is none to ask. */
function locked(name: string, installer: Installer): boolean | undefined {
  // npm names a package among its parent's dependencies even where the entry itself is missing.
  return readLock(installer.lock)?.includes(installer === npm ? `node_modules/${name}": {` : `${name}@`);
}

function readLock(name: string): string | undefined {
  try {
    return readFileSync(join(project, name), 'utf8');
  } catch {
    return undefined;
  }
}

/** Whether a package lies in one of the folders in which it would be looked for. */
function isInstalled(name: string): boolean {
  for (let folder = root; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'node_modules', name)) || existsSync(join(dirname(folder), name)))
      return true;
  }
  return false;
}
