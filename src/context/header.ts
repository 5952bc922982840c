/**
 * What stands before the bytes of a message that carries a context.
 *
 * ```text
 *   u32  how long it is, a multiple of 8, so that the message behind it begins where messages do
 *   u32  how many bytes of it count
 *   those: [trace parent or null, name, value, name, value, ...], as V8 serializes them
 * ```
 * Who sends and who receives many messages of one request writes and reads it once.
 */
import { alignment } from '../border/binding.js';
import { cannotEncode } from '../codecs/codec-error.js';
import { deserialize, serialize } from '../codecs/v8.js';
import { allCarriers, traceName, traceparent } from './carry.js';
import { sendEvent } from './events.js';

/** What came with a message. */
export interface Carried {
  readonly traceparent: string | undefined;
  readonly values: ReadonlyMap<string, unknown>;
}

const fixed = 8;
/** The longest header: with the longest number behind it, it still is a short message. */
const longest = 4088;

const w3c = /^(?!ff)[\da-f]{2}-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}$/;

/** What was carried last, and what it was written as. */
let lastParts: readonly unknown[] = [];
let lastWritten = bytesOf(undefined);

/** The header of a message that is sent here. */
export function headerHere(): Uint8Array {
  const parts = partsHere();
  if (parts.length === lastParts.length && parts.every((part, at) => Object.is(part, lastParts[at]))) {
    return lastWritten;
  }
  const written = write(parts);
  // What can be changed is written anew.
  if (parts.every(isPrimitive)) [lastParts, lastWritten] = [parts, written];
  return written;
}

function partsHere(): unknown[] {
  const parent = sendEvent()?.traceparent ?? traceparent.getStore();
  const parts: unknown[] = [];
  const isParent = typeof parent === 'string' && w3c.test(parent);
  for (const { name, storage, how } of allCarriers()) {
    if (name === traceName) continue;
    const store = storage.getStore();
    if (store === undefined) continue;
    const value = how === undefined ? store : failing(name, () => how.inject(store));
    if (value !== undefined) parts.push(name, value);
  }
  if (isParent || parts.length > 0) parts.unshift(isParent ? parent : null);
  return parts;
}

function write(parts: readonly unknown[]): Uint8Array {
  if (parts.length === 0) return bytesOf(undefined);
  return failing('context', () => {
    const data = serialize(parts);
    if (fixed + data.length > longest) {
      throw new RangeError(
        `what is carried takes ${data.length} bytes, and ${longest - fixed} are the most: carry what names it`,
      );
    }
    return bytesOf(data);
  });
}

function bytesOf(data: Uint8Array | undefined): Uint8Array {
  const length = data?.length ?? 0;
  const bytes = new Uint8Array((fixed + length + alignment - 1) & -alignment);
  new Uint32Array(bytes.buffer, 0, 2).set([bytes.length, length]);
  if (data !== undefined) bytes.set(data, fixed);
  return bytes;
}

function failing<R>(name: string, encode: () => R): R {
  try {
    return encode();
  } catch (cause) {
    throw cannotEncode(name, cause);
  }
}

function isPrimitive(value: unknown): boolean {
  return (typeof value !== 'object' || value === null) && typeof value !== 'function';
}

const nothing: Carried = { traceparent: undefined, values: new Map() };
/** The header that was read last, and what is in it. */
let lastRead = new Uint8Array(0);
let lastCarried = nothing;

/** How long the header at `memory[offset]` is; -1 where there is none. */
export function headerLength(memory: Uint8Array, offset: number, length: number): number {
  if (length < fixed) return -1;
  const header = uint32(memory, offset);
  const data = uint32(memory, offset + 4);
  const isWhole = header % alignment === 0 && header >= fixed && header <= length && data <= header - fixed;
  return isWhole ? header : -1;
}

/** What is in it. */
export function readHeader(memory: Uint8Array, offset: number): Carried {
  const length = uint32(memory, offset + 4);
  if (length === 0) return nothing;
  const data = new Uint8Array(memory.buffer, memory.byteOffset + offset + fixed, length);
  if (length === lastRead.length && lastRead.every((byte, at) => byte === data[at])) return lastCarried;
  const [parent, ...rest] = deserialize(data) as [string | null, ...unknown[]];
  const values = new Map<string, unknown>();
  for (let at = 0; at < rest.length; at += 2) values.set(rest[at] as string, rest[at + 1]);
  const carried = { traceparent: parent ?? undefined, values };
  if (rest.every(isPrimitive)) [lastRead, lastCarried] = [data.slice(), carried];
  return carried;
}

function uint32(memory: Uint8Array, at: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = [memory[at], memory[at + 1], memory[at + 2], memory[at + 3]];
  // Every platform that millrace runs on has the low byte first.
  return (a | (b << 8) | (c << 16) | (d << 24)) >>> 0;
}
