/**
 * One field's value: checked as it is gathered, written, and read. Generated and interpreted codecs call the same
 * functions. Reading stays inside the message: whoever reads a fixed place knows that the fixed part is there, and
 * data of varying length is asked for by `take`.
 */
import { asUint8Array, lengthOf } from '../../border/bytes.js';
import { refused, wrongType } from '../../errors/misuse.js';
import { type FieldKind, widths } from './fields.js';

/** Up to so many UTF-16 code units a loop is faster than a call into native code. */
const shortText = 24;
/** The most bytes that one UTF-16 code unit becomes. */
export const bytesPerUnit = 3;

const word = new ArrayBuffer(8);
const wordBytes = new Uint8Array(word);
const f32s = new Float32Array(word);
const f64s = new Float64Array(word);
const u64s = new BigUint64Array(word);
const i64s = new BigInt64Array(word);

const expectations: Record<FieldKind, string> = {
  u8: 'an integer from 0 to 255 (u8)',
  i8: 'an integer from -128 to 127 (i8)',
  u16: 'an integer from 0 to 65535 (u16)',
  i16: 'an integer from -32768 to 32767 (i16)',
  u32: 'an integer from 0 to 4294967295 (u32)',
  i32: 'an integer from -2147483648 to 2147483647 (i32)',
  u64: 'a bigint from 0n to 2n ** 64n - 1n (u64)',
  i64: 'a bigint from -(2n ** 63n) to 2n ** 63n - 1n (i64)',
  f32: 'a number (f32)',
  f64: 'a number (f64)',
  bool: 'a boolean (bool)',
  text: 'a string (text)',
  bytes: 'an ArrayBufferView, an ArrayBuffer or a SharedArrayBuffer (bytes)',
  json: 'something that JSON can carry (json)',
};

function wrong(name: string, kind: FieldKind, value: unknown): never {
  throw wrongType(`value.${name}`, expectations[kind], value);
}

/** Each kind's check: the value as it is written. */
export const checks: Record<FieldKind, (value: unknown, name: string) => unknown> = {
  u8: (value, name) => unsigned(value, 0xff, 'u8', name),
  u16: (value, name) => unsigned(value, 0xffff, 'u16', name),
  u32: (value, name) => unsigned(value, 0xffffffff, 'u32', name),
  i8: (value, name) => signed(value, 0x7f, 'i8', name),
  i16: (value, name) => signed(value, 0x7fff, 'i16', name),
  i32: (value, name) => signed(value, 0x7fffffff, 'i32', name),
  u64: (value, name) =>
    typeof value === 'bigint' && BigInt.asUintN(64, value) === value ? value : wrong(name, 'u64', value),
  i64: (value, name) =>
    typeof value === 'bigint' && BigInt.asIntN(64, value) === value ? value : wrong(name, 'i64', value),
  f32: (value, name) => (typeof value === 'number' ? value : wrong(name, 'f32', value)),
  f64: (value, name) => (typeof value === 'number' ? value : wrong(name, 'f64', value)),
  bool: (value, name) => (typeof value === 'boolean' ? value : wrong(name, 'bool', value)),
  text: (value, name) => (typeof value === 'string' ? value : wrong(name, 'text', value)),
  bytes: (value, name) => asUint8Array(value, `value.${name}`),
  json(value, name) {
    const text = JSON.stringify(value);
    return typeof text === 'string' ? text : wrong(name, 'json', value);
  },
};

function unsigned(value: unknown, most: number, kind: FieldKind, name: string): number {
  if (typeof value === 'number' && value >>> 0 === value && value <= most) return value;
  return wrong(name, kind, value);
}

function signed(value: unknown, most: number, kind: FieldKind, name: string): number {
  if (typeof value === 'number' && (value | 0) === value && value <= most && value >= -most - 1) return value;
  return wrong(name, kind, value);
}

/** The most bytes that a gathered value's data takes; its exact length is told when it has been written. */
export function mostBytes(kind: FieldKind, value: unknown): number {
  if (kind === 'bytes') return lengthOf(value as Uint8Array);
  return (value as string).length * bytesPerUnit;
}

/** The exact length of a gathered value's data. */
export function exactBytes(kind: FieldKind, value: unknown): number {
  return kind === 'bytes' ? lengthOf(value as Uint8Array) : Buffer.byteLength(value as string, 'utf8');
}

/** Each kind's write to its fixed place. */
export const writes = {
  u8(value: number, to: Uint8Array, at: number) {
    to[at] = value;
  },
  u16(value: number, to: Uint8Array, at: number) {
    to[at] = value;
    to[at + 1] = value >>> 8;
  },
  u32(value: number, to: Uint8Array, at: number) {
    to[at] = value;
    to[at + 1] = value >>> 8;
    to[at + 2] = value >>> 16;
    to[at + 3] = value >>> 24;
  },
  f32(value: number, to: Uint8Array, at: number) {
    f32s[0] = value;
    for (let byte = 0; byte < 4; byte += 1) to[at + byte] = wordBytes[byte] as number;
  },
  f64(value: number, to: Uint8Array, at: number) {
    f64s[0] = value;
    writeWord(to, at);
  },
  u64(value: bigint, to: Uint8Array, at: number) {
    u64s[0] = value;
    writeWord(to, at);
  },
  i64(value: bigint, to: Uint8Array, at: number) {
    i64s[0] = value;
    writeWord(to, at);
  },
  bool(value: boolean, to: Uint8Array, at: number) {
    to[at] = value ? 1 : 0;
  },
};

function writeWord(to: Uint8Array, at: number): void {
  for (let byte = 0; byte < 8; byte += 1) to[at + byte] = wordBytes[byte] as number;
}

/** Clears the fixed place of a field that is left out. */
export function clear(to: Uint8Array, at: number, kind: FieldKind): void {
  for (let byte = 0; byte < widths[kind]; byte += 1) to[at + byte] = 0;
}

/** Which write a kind of fixed length has: two's complement is the same for both signs. */
export const writerOf: Record<Exclude<FieldKind, 'text' | 'bytes' | 'json'>, keyof typeof writes> = {
  u8: 'u8',
  i8: 'u8',
  u16: 'u16',
  i16: 'u16',
  u32: 'u32',
  i32: 'u32',
  u64: 'u64',
  i64: 'i64',
  f32: 'f32',
  f64: 'f64',
  bool: 'bool',
};

/** Writes a string's UTF-8; how many bytes. There is room for it. */
export function writeText(value: string, to: Uint8Array, at: number): number {
  const { length } = value;
  if (length > shortText) return textOver(to).write(value, at, 'utf8');
  for (let index = 0; index < length; index += 1) {
    const unit = value.charCodeAt(index);
    if (unit > 127) return textOver(to).write(value, at, 'utf8');
    to[at + index] = unit;
  }
  return length;
}

const copyInto = Function.prototype.call.bind(Uint8Array.prototype.set) as unknown as (
  to: Uint8Array,
  from: Uint8Array,
  at: number,
) => void;

/** Copies bytes; how many. There is room for them. */
export function writeBytes(value: Uint8Array, to: Uint8Array, at: number): number {
  copyInto(to, value, at);
  return lengthOf(value);
}

/** Each kind's read of its fixed place. */
export const reads = {
  u8: (from: Uint8Array, at: number) => from[at] as number,
  i8: (from: Uint8Array, at: number) => ((from[at] as number) << 24) >> 24,
  u16: (from: Uint8Array, at: number) => (from[at] as number) | ((from[at + 1] as number) << 8),
  i16: (from: Uint8Array, at: number) =>
    (((from[at] as number) | ((from[at + 1] as number) << 8)) << 16) >> 16,
  i32: (from: Uint8Array, at: number) =>
    (from[at] as number) |
    ((from[at + 1] as number) << 8) |
    ((from[at + 2] as number) << 16) |
    ((from[at + 3] as number) << 24),
  u32: (from: Uint8Array, at: number) => reads.i32(from, at) >>> 0,
  f32(from: Uint8Array, at: number) {
    for (let byte = 0; byte < 4; byte += 1) wordBytes[byte] = from[at + byte] as number;
    return f32s[0] as number;
  },
  f64(from: Uint8Array, at: number) {
    readWord(from, at);
    return f64s[0] as number;
  },
  u64(from: Uint8Array, at: number) {
    readWord(from, at);
    return u64s[0] as bigint;
  },
  i64(from: Uint8Array, at: number) {
    readWord(from, at);
    return i64s[0] as bigint;
  },
  bool(from: Uint8Array, at: number) {
    const byte = from[at] as number;
    if (byte > 1) throw refused(`a bool is 0 or 1 in a message, this one is ${byte}`);
    return byte === 1;
  },
};

function readWord(from: Uint8Array, at: number): void {
  for (let byte = 0; byte < 8; byte += 1) wordBytes[byte] = from[at + byte] as number;
}

/** The error for a property that would be left behind. */
export function stranger(key: string, known: readonly string[]): Error {
  return refused(
    `The "value" argument must have no properties but ${known.join(', ')}. Received the key '${key}'`,
  );
}

/** Sets a property, whatever its name. */
export function define(value: object, name: string, found: unknown): void {
  Object.defineProperty(value, name, { value: found, enumerable: true, writable: true, configurable: true });
}

/** The end of `length` bytes of data at `at`, which must lie before `end`. */
export function take(at: number, length: number, end: number): number {
  if (length > end - at) throw refused(`${length} bytes of a field were announced, ${end - at} are there`);
  return at + length;
}

/** Throws unless the data ended where the message does. */
export function mustEnd(at: number, end: number): void {
  if (at !== end) throw refused(`${end - at} bytes are left after the last field`);
}

/** The string of the UTF-8 at `at`. */
export function readText(from: Uint8Array, at: number, length: number): string {
  if (length > shortText) return textOver(from).toString('utf8', at, at + length);
  let value = '';
  for (let index = at; index < at + length; index += 1) {
    const byte = from[index] as number;
    if (byte > 127) return textOver(from).toString('utf8', at, at + length);
    value += String.fromCharCode(byte);
  }
  return value;
}

/** A view on the message. */
export function readBytes(from: Uint8Array, at: number, length: number): Uint8Array {
  return new Uint8Array(from.buffer, from.byteOffset + at, length);
}

/** Memory up to so long is remembered as a `Buffer`, which pins it. */
const mostRemembered = 2 ** 20;
let lastMemory: Uint8Array | undefined;
let lastText: Buffer;

/** The memory as a `Buffer`: the last one is likely the next one. */
function textOver(memory: Uint8Array): Buffer {
  if (memory === lastMemory) return lastText;
  const text = Buffer.from(memory.buffer, memory.byteOffset, memory.length);
  if (memory.length <= mostRemembered) {
    lastMemory = memory;
    lastText = text;
  }
  return text;
}
