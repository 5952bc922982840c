/** What is found out about this installation, and what of it is wrong. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { availableParallelism, release } from 'node:os';

import type { ChannelLoadError, LoadAttempt } from '../../errors/errors';
import { describeMachine, runtime, tellLibc } from '../../loader/machine';
import { unset } from '../../loader/shell';
import { version } from '../../loader/version';
import type { SelfTest } from './self-test';

export interface Diagnosis {
  readonly isWell: boolean;
  readonly faults: readonly Fault[];
  /** The version of the package. */
  readonly version: string;
  readonly runtime: string;
  /** Of what the runtime is made of, as `process.versions` has them. */
  readonly versions: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
  readonly arch: string;
  /** The system's version. */
  readonly release: string;
  /** With its version where that can be told; nothing where there is no choice of one. */
  readonly libc?: string;
  readonly cores: number;
  /** The variables named MILLRACE_ something. */
  readonly variables: Readonly<Record<string, string>>;
  /** What is loaded, or what was tried. */
  readonly binary?: Binary;
  readonly attempts?: readonly LoadAttempt[];
  /** Whether native memory may be lent to JavaScript; where not, as in Electron, long messages are copied. */
  readonly externalMemory?: boolean;
  readonly selfTest?: SelfTest;
}

export interface Binary {
  readonly path: string;
  readonly origin: 'variable' | 'built' | 'package';
  readonly version: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface Fault {
  readonly what: string;
  /** A command. */
  readonly cure?: string;
}

const oldestNode = 20;
const known = ['MILLRACE_BINARY', 'MILLRACE_COPY', 'MILLRACE_TRACE'];

export async function diagnose(): Promise<Diagnosis> {
  const machine = describeMachine();
  const variables = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => name.startsWith('MILLRACE_')),
  ) as Record<string, string>;
  const native = await findNative();
  const faults = [...ofRuntime(), ...ofVariables(variables), ...native.faults];
  const { node, v8, modules, napi } = process.versions;
  const { platform, arch } = process;
  return {
    isWell: faults.length === 0,
    faults,
    version,
    runtime: runtime(),
    versions: { node, v8, modules, napi },
    platform,
    arch,
    release: release(),
    ...(machine.libc === undefined ? {} : { libc: tellLibc(machine.libc) }),
    cores: availableParallelism(),
    variables,
    ...native.facts,
  };
}

function ofRuntime(): Fault[] {
  const major = Number.parseInt(process.versions.node, 10);
  if (major >= oldestNode) return [];
  return [{ what: `This is Node ${process.versions.node}, and millrace needs Node ${oldestNode} or newer.` }];
}

function ofVariables(variables: Record<string, string>): Fault[] {
  return Object.keys(variables)
    .filter((name) => !known.includes(name))
    .map((name) => ({
      what: `${name} is set, which millrace does not read; it reads ${known.join(', ')}.`,
      cure: unset(name),
    }));
}

/** What needs the native part, which may not be there. */
async function findNative(): Promise<{ faults: Fault[]; facts: Partial<Diagnosis> }> {
  try {
    const { candidate, image } = await import('../../loader/loader.js');
    const { lendsMemory, testHere } = await import('./self-test.js');
    const bytes = readFileSync(candidate.path);
    const binary: Binary = {
      path: candidate.path,
      origin: candidate.origin,
      version: image.version(),
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    };
    const selfTest = await testHere();
    const faults = Object.values(selfTest).flatMap(({ failed }) =>
      failed === undefined ? [] : [{ what: failed }],
    );
    return { faults, facts: { binary, externalMemory: lendsMemory(), selfTest } };
  } catch (error) {
    const { code, message, attempts, cure } = error as ChannelLoadError;
    if (code !== 'ERR_CHANNEL_LOAD') throw error;
    return { faults: [{ what: message, cure }], facts: { attempts } };
  }
}
