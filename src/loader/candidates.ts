/** Where a binary may be, in the order in which it is looked for. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { getEnvironmentData, isMainThread, setEnvironmentData } from 'node:worker_threads';

import { type Target, binaryOf, packageOf } from '../targets.js';
import { type Machine, processVariable } from './machine.js';

export interface Candidate {
  /** `variable`: MILLRACE_BINARY names it; `built`: made here, in a checkout; `package`: of the platform's package. */
  readonly origin: 'variable' | 'built' | 'package';
  /** A package that was not found stands here by its name. */
  readonly path: string;
  /** Which target it is meant for, when it was not named by hand. */
  readonly target?: Target;
}

/** The folder of this package. */
export const root = join(__dirname, '..', '..');
/** Whether this is a checkout of the project, where the binary is built. */
const isCheckout = existsSync(join(root, 'crates', 'binding', 'Cargo.toml'));

/** This copy of the package's; what another one loads is its own matter. */
const chosen = `millrace ${__filename}`;

/**
 * All that are to be tried. A thread takes what the thread that started it took, for channels do not reach
 * from one binary to another; a worker whose environment was made by hand takes the process's own.
 */
export function candidates(machine: Machine): Candidate[] {
  const inherited = candidateOfParent();
  if (inherited !== undefined) return [inherited];
  const variable = 'MILLRACE_BINARY';
  const named = (isMainThread ? undefined : processVariable(variable)) ?? process.env[variable];
  if (named !== undefined && named !== '') return [{ origin: 'variable', path: named }];
  return machine.fitting.flatMap((target) => [...built(target), ...packaged(target)]);
}

/** What the thread that started this one took. */
export function candidateOfParent(): Candidate | undefined {
  const passedOn = getEnvironmentData(chosen);
  return typeof passedOn === 'string' ? (JSON.parse(passedOn) as Candidate) : undefined;
}

/** Every thread that this one starts from now on takes it too. As text: an object would keep all that its realm has. */
export function pass(candidate: Candidate): void {
  setEnvironmentData(chosen, JSON.stringify(candidate));
}

function built(target: Target): Candidate[] {
  return isCheckout ? [{ origin: 'built', path: join(root, 'npm', binaryOf(target)), target }] : [];
}

/** The binary of a target's package, which may be missing; in a checkout that is no news. */
function packaged(target: Target): Candidate[] {
  const name = packageOf(target);
  try {
    const manifest = createRequire(__filename).resolve(`${name}/package.json`);
    return [{ origin: 'package', path: join(manifest, '..', binaryOf(target)), target }];
  } catch {
    return isCheckout ? [] : [{ origin: 'package', path: name, target }];
  }
}
