/** Tries one file: the native image that is in it, or why it cannot be loaded. */
import { createRequire } from 'node:module';
import { isAbsolute } from 'node:path';

import type { NativeImage } from '../border/binding.js';
import { type BinaryFile, readBinaryFile } from './binary-file.js';
import type { Candidate } from './candidates.js';
import type { Machine } from './machine.js';

/** What is wrong, as far as the cure depends on it. */
export type Fault = 'missing' | 'unreadable' | 'glibc' | 'forbidden' | 'disabled' | 'damaged';

/** Why a candidate could not be used. */
export class Failure extends Error {
  constructor(
    readonly candidate: Candidate,
    readonly fault: Fault,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(reason, options);
  }
}

/** Not this module's own `require`: a bundler would follow it. */
const requireFile = createRequire(__filename);

/** Throws a `Failure`. */
export function attempt(candidate: Candidate, machine: Machine, version: string): NativeImage {
  const { path } = candidate;
  if (!isAbsolute(path)) {
    const reason = 'is no absolute path, which it must be to mean the same in every thread';
    throw new Failure(candidate, 'missing', candidate.origin === 'package' ? 'is not installed' : reason);
  }
  if (!path.endsWith('.node')) {
    throw new Failure(candidate, 'damaged', 'has a name that does not end in .node, as Node wants it');
  }
  const unfit = look(candidate, machine);
  if (unfit !== undefined) throw new Failure(candidate, 'damaged', unfit);
  const image = load(candidate);
  const found = typeof image.version === 'function' ? image.version() : 'of unknown version';
  if (found !== version) {
    throw new Failure(candidate, 'damaged', `is ${found}, and the JavaScript that asks for it is ${version}`);
  }
  return image;
}

/** The image of a candidate that this process has loaded before; `undefined` where it cannot be loaded, which `attempt` explains. */
export function open({ path }: Candidate, version: string): NativeImage | undefined {
  try {
    const image = requireFile(path) as NativeImage;
    return image.version() === version ? image : undefined;
  } catch {
    return undefined;
  }
}

/** What is wrong with the file as it lies there. */
function look(candidate: Candidate, machine: Machine): string | undefined {
  let file: BinaryFile;
  try {
    file = readBinaryFile(candidate.path);
  } catch (cause) {
    throw unread(candidate, cause);
  }
  const { platform, arch, libc, isCutShort } = file;
  if (isCutShort) return 'is cut short: the file has fewer bytes than it says itself';
  if (platform === undefined) return 'is no binary';
  if (platform !== process.platform) return `is a binary for ${platform}, and this is ${process.platform}`;
  if (arch !== process.arch) {
    return `is a binary for ${arch ?? 'another processor'}, and this process is ${process.arch}`;
  }
  if (libc !== undefined && machine.libc !== undefined && libc !== machine.libc) {
    return `is a binary for ${libc}, and this process runs on ${machine.libc}`;
  }
  return undefined;
}

function unread(candidate: Candidate, cause: unknown): Failure {
  const code = String((cause as { code?: unknown }).code);
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new Failure(candidate, 'missing', 'does not exist', { cause });
  if (code === 'EISDIR') return new Failure(candidate, 'missing', 'is a directory', { cause });
  if (code === 'EACCES' || code === 'EPERM') {
    return new Failure(candidate, 'unreadable', 'may not be read by this user', { cause });
  }
  return new Failure(candidate, 'unreadable', `cannot be read: ${messageOf(cause)}`, { cause });
}

function load(candidate: Candidate): NativeImage {
  try {
    return requireFile(candidate.path) as NativeImage;
  } catch (cause) {
    const [fault, reason] = explain(cause);
    throw new Failure(candidate, fault, reason, { cause });
  }
}

/** What the words of the system's loader mean. */
export function explain(cause: unknown): [Fault, string] {
  const text = messageOf(cause);
  const wanted = /version [`'](GLIBC_[\d.]+)' not found/.exec(text)?.[1];
  if (wanted !== undefined) {
    return ['glibc', `needs ${wanted.replace('_', ' ').replace('GLIBC', 'glibc')} or newer: ${text}`];
  }
  const { code } = Object(cause) as { code?: unknown };
  if (code === 'ERR_DLOPEN_DISABLED') return ['disabled', 'was not tried: this process may not load addons'];
  if (/failed to map segment|Operation not permitted/.test(text)) {
    return [
      'forbidden',
      `lies where the system allows no program, as on a file system mounted noexec: ${text}`,
    ];
  }
  if (code === 'ERR_DLOPEN_FAILED') return ['damaged', `is refused by the system: ${text}`];
  return ['damaged', `threw while it was loaded: ${text}`];
}

function messageOf(cause: unknown): string {
  try {
    return cause instanceof Error ? cause.message : String(cause);
  } catch {
    return 'a value that cannot be shown';
  }
}
