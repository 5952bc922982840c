/** Linux binaries: whose processor, which C library, and whether all of the file is there. */
import type { Libc } from '../targets.js';
import type { BinaryFile } from './binary-file.js';

type Read = (offset: number, length: number) => Buffer;

/** A part of the file, and where it lies in memory. */
interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly length: number;
}

const LOAD = 1;
const DYNAMIC = 2;
/** Tags of the dynamic section. */
const NEEDED = 1;
const STRINGS = 5;
/** No library's name is longer. */
const LONGEST_NAME = 64;

const machines: Record<number, string> = {
  0x03: 'ia32',
  0x15: 'ppc64',
  0x28: 'arm',
  0x3e: 'x64',
  0xb7: 'arm64',
  0xf3: 'riscv64',
};

/** `head` is the file's beginning. All targets are little-endian. */
export function readElf(head: Buffer, size: number, read: Read): BinaryFile {
  const platform = 'linux';
  const isWide = head[4] === 2;
  if (head.length < (isWide ? 64 : 52)) return { platform, isCutShort: true };
  if (head[5] !== 1) return { platform };
  const arch = machines[head.readUInt16LE(18)];
  const segments = readSegments(head, isWide);
  const sectionsEnd = isWide
    ? Number(head.readBigUInt64LE(40)) + head.readUInt16LE(58) * head.readUInt16LE(60)
    : head.readUInt32LE(32) + head.readUInt16LE(46) * head.readUInt16LE(48);
  const end = Math.max(sectionsEnd, ...segments.map(({ offset, length }) => offset + length));
  if (end > size) return { platform, arch, isCutShort: true };
  return { platform, arch, libc: libcOf(neededBy(segments, isWide, read)) };
}

function readSegments(head: Buffer, isWide: boolean): Segment[] {
  const at = isWide ? Number(head.readBigUInt64LE(32)) : head.readUInt32LE(28);
  const entry = isWide ? 56 : 32;
  const count = head.readUInt16LE(isWide ? 56 : 44);
  const segments: Segment[] = [];
  for (let start = at; segments.length < count && start + entry <= head.length; start += entry) {
    const word = (index: number) =>
      isWide ? Number(head.readBigUInt64LE(start + 8 * index)) : head.readUInt32LE(start + 4 * index);
    // Behind the type a wide entry has flags, in the same eight bytes.
    segments.push({ type: head.readUInt32LE(start), offset: word(1), address: word(2), length: word(4) });
  }
  return segments;
}

/** The names of the libraries it asks for. */
function neededBy(segments: readonly Segment[], isWide: boolean, read: Read): string[] {
  const dynamic = segments.find(({ type }) => type === DYNAMIC);
  if (dynamic === undefined) return [];
  const bytes = read(dynamic.offset, dynamic.length);
  const size = isWide ? 8 : 4;
  const word = (offset: number) =>
    isWide ? Number(bytes.readBigUInt64LE(offset)) : bytes.readUInt32LE(offset);
  const entries: [tag: number, value: number][] = [];
  for (let at = 0; at + 2 * size <= bytes.length; at += 2 * size) entries.push([word(at), word(at + size)]);
  const strings = entries.find(([tag]) => tag === STRINGS)?.[1] ?? 0;
  const holder = segments.find(
    ({ type, address, length }) => type === LOAD && address <= strings && strings < address + length,
  );
  if (holder === undefined) return [];
  const start = holder.offset + strings - holder.address;
  return entries
    .filter(([tag]) => tag === NEEDED)
    .map(
      ([, value]) =>
        read(start + value, LONGEST_NAME)
          .toString('latin1')
          .split('\0')[0] ?? '',
    );
}

function libcOf(needed: readonly string[]): Libc | undefined {
  if (needed.includes('libc.so.6')) return 'glibc';
  return needed.some((name) => name === 'libc.so' || name.startsWith('libc.musl-')) ? 'musl' : undefined;
}
