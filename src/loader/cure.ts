/** The command that would make an attempt succeed. */
import { basename, dirname, isAbsolute, relative } from 'node:path';

import type { Failure } from './attempt.js';
import { root } from './candidates.js';
import { explainAbsence, project, reinstall } from './installation.js';
import { quote, unset } from './shell.js';

/** Builds the binary in a checkout, and says at its end how to name it. */
const fromSource = 'npm ci && npm run build:native';

export interface Advice {
  /** What was wrong, in words. */
  readonly reason: string;
  readonly cure: string;
  /** The folder to run it in; `undefined`: any. */
  readonly where?: string;
}

/** For a machine without a package. */
export function adviseSource(reason: string, version: string): Advice {
  return { reason, cure: fromSource, where: `a checkout of millrace ${version}` };
}

export function advise(failure: Failure, version: string): Advice {
  const { candidate, fault, message: reason } = failure;
  const { origin, path, target } = candidate;
  if (fault === 'disabled') {
    return { reason, cure: process.permission === undefined ? 'node --addons' : 'node --allow-addons' };
  }
  if (origin === 'variable') return { reason, cure: unset('MILLRACE_BINARY') };
  if (origin === 'built') return { reason, cure: 'npm run build:native', where: root };
  if (fault === 'glibc') return adviseSource(reason, version);
  if (target !== undefined && !isAbsolute(path)) {
    return { ...explainAbsence(target, version), where: project };
  }
  if (fault === 'unreadable' && process.platform !== 'win32') {
    return { reason, cure: `chmod -R a+rX ${quote(relative(project, dirname(path)))}`, where: project };
  }
  if (fault === 'forbidden') {
    const copy = `"$HOME/${basename(path)}"`;
    return { reason, cure: `cp ${quote(path)} ${copy} && export MILLRACE_BINARY=${copy}` };
  }
  return { reason, cure: reinstall(path, version), where: project };
}
