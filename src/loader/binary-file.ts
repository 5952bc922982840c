/**
 * What a file is, read from its first bytes, before it is given to the system's loader: that one says
 * "no such file" of another processor's binary, and is killed by the system when a binary is cut short.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

import { type Libc } from '../targets.js';
import { readElf } from './elf.js';

export interface BinaryFile {
  /** Which system's; `undefined`: no binary at all. */
  readonly platform: 'linux' | 'win32' | 'darwin' | undefined;
  /** As `process.arch` has it; `undefined` for those that millrace knows nothing of. */
  readonly arch?: string | undefined;
  /** The C library that it asks for. */
  readonly libc?: Libc | undefined;
  /** Its own tables speak of more bytes than there are. */
  readonly isCutShort?: boolean;
}

/** Enough for all tables that are looked at, but for ELF's dynamic section, which is read on its own. */
const HEAD = 4096;

/** Throws what `openSync` and `readSync` throw. */
export function readBinaryFile(path: string): BinaryFile {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const read = (offset: number, length: number): Buffer => {
      const bytes = Buffer.alloc(Math.max(0, Math.min(length, size - offset)));
      return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, offset));
    };
    const head = read(0, HEAD);
    if (size === 0) return { platform: undefined, isCutShort: true };
    if (head.length >= 4 && head.readUInt32BE(0) === 0x7f454c46) return readElf(head, size, read);
    return readPe(head) ?? readMachO(head) ?? { platform: undefined };
  } finally {
    closeSync(file);
  }
}

const peMachines: Record<number, string> = { 0x8664: 'x64', 0xaa64: 'arm64', 0x14c: 'ia32' };

function readPe(head: Buffer): BinaryFile | undefined {
  if (head.length < 64 || head.toString('latin1', 0, 2) !== 'MZ') return undefined;
  const at = head.readUInt32LE(60);
  if (at + 6 > head.length) return { platform: 'win32', isCutShort: true };
  return { platform: 'win32', arch: peMachines[head.readUInt16LE(at + 4)] };
}

const machMachines: Record<number, string> = { 0x01000007: 'x64', 0x0100000c: 'arm64' };

function readMachO(head: Buffer): BinaryFile | undefined {
  if (head.length < 8 || head.readUInt32LE(0) !== 0xfeedfacf) return undefined;
  return { platform: 'darwin', arch: machMachines[head.readUInt32LE(4)] };
}
