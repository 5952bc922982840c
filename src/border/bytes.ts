/**
 * The caller's bytes, as the engine has them: lengths and offsets are read through the getters that this
 * file captured, never through a property that a subclass or a patch may have overridden.
 */
import { types } from 'node:util';

import { staging } from './binding.js';
import { wrongType, wrongValue } from '../errors/misuse.js';

/**
 * What the `'bytes'` and `'buffer'` codecs send: any view, any buffer, shared ones too.
 *
 * @example
 * ```ts
 * import { bounded, type BytesLike } from 'millrace';
 *
 * const [tx, rx] = bounded(4);
 * const kinds: BytesLike[] = [new Uint8Array(1), new Float64Array(1), new DataView(new ArrayBuffer(3)), new ArrayBuffer(4)];
 * console.log(tx.trySendMany(kinds), rx.tryRecvMany(4).map(({ length }) => length)); // 4 [ 1, 8, 3, 4 ]
 * tx.close();
 * rx.close();
 * ```
 */
export type BytesLike = ArrayBufferView | ArrayBufferLike;

/** Up to here V8 may keep a `Uint8Array` on its own heap, from where native code gets it out slowly. */
const maybeOnHeap = 64;

const call = Function.prototype.call;
const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as Uint8Array;

/** A getter, called as a function of its object. */
function getter<R>(prototype: object, key: PropertyKey): (of: unknown) => R {
  const get = Object.getOwnPropertyDescriptor(prototype, key)?.get;
  return call.bind(get as () => R) as (of: unknown) => R;
}

const kindOf = getter<string | undefined>(typedArray, Symbol.toStringTag);
const byteLengthOf = getter<number>(typedArray, 'byteLength');
const byteOffsetOf = getter<number>(typedArray, 'byteOffset');
const bufferOf = getter<ArrayBuffer>(typedArray, 'buffer');
const viewLengthOf = getter<number>(DataView.prototype, 'byteLength');
const viewOffsetOf = getter<number>(DataView.prototype, 'byteOffset');
const viewBufferOf = getter<ArrayBuffer>(DataView.prototype, 'buffer');
const arrayBufferLengthOf = getter<number>(ArrayBuffer.prototype, 'byteLength');
const copyInto = call.bind(typedArray.set) as unknown as (
  to: Uint8Array,
  from: Uint8Array,
  offset?: number,
) => void;
const elementAt = call.bind(typedArray.at) as unknown as (of: unknown, index: number) => void;
const { isAnyArrayBuffer, isDataView, isSharedArrayBuffer } = types;

/** Whether `value` is a `Uint8Array`, a subclass of it included. */
export function isUint8Array(value: unknown): value is Uint8Array {
  return kindOf(value) === 'Uint8Array';
}

/** Its true length in bytes. */
export function lengthOf(bytes: Uint8Array): number {
  return byteLengthOf(bytes);
}

/** The length in bytes of an `ArrayBuffer`; 0 of one that was detached. */
export function bufferLengthOf(buffer: ArrayBuffer): number {
  return arrayBufferLengthOf(buffer);
}

/** The buffer of a `Uint8Array`. */
export function bufferOfBytes(bytes: Uint8Array): ArrayBuffer {
  return bufferOf(bytes);
}

/** Bytes in their buffer, as the engine has them. */
export interface Extent {
  readonly buffer: ArrayBufferLike;
  readonly isShared: boolean;
  /** Whether they are all of it. */
  readonly isWhole: boolean;
}

/** Which part of which buffer the caller's bytes are. Throws as `encodeBytes` does. */
export function extentOf(value: unknown): Extent {
  const bytes = kindOf(value) === 'Uint8Array' ? (value as Uint8Array) : asUint8Array(value);
  if (byteLengthOf(bytes) === 0) mustBeThere('value', bytes);
  const buffer: ArrayBufferLike = bufferOf(bytes);
  if (isSharedArrayBuffer(buffer)) return { buffer, isShared: true, isWhole: false };
  return { buffer, isShared: false, isWhole: byteLengthOf(bytes) === arrayBufferLengthOf(buffer) };
}

/**
 * Makes the caller's bytes ready for a native call: short ones go to the staging array, and the number
 * says how many they are. Between this and the native call no code of the caller's may run.
 */
export function encodeBytes(value: unknown): number | Uint8Array {
  if (kindOf(value) !== 'Uint8Array') return encodeBytes(asUint8Array(value));
  const length = byteLengthOf(value);
  if (length > maybeOnHeap) return value as Uint8Array;
  if (length === 0) mustBeThere('value', value);
  else copyInto(staging, value as Uint8Array);
  return length;
}

/** Copies a `Uint8Array` of up to `room` bytes straight to `target[offset]`: its length, or -1 where it is to be encoded instead. */
export function encodeBytesInto(value: unknown, target: Uint8Array, offset: number, room: number): number {
  if (kindOf(value) !== 'Uint8Array') return -1;
  const length = byteLengthOf(value);
  // Length 0 may be by right, or detached: encoding it tells.
  if (length === 0 || length > room) return -1;
  copyInto(target, value as Uint8Array, offset);
  return length;
}

/** The target of a receive in place: a `Uint8Array` that is still there. */
export function asTarget(value: unknown): Uint8Array {
  if (!isUint8Array(value)) throw wrongType('target', 'an instance of Uint8Array', value);
  if (byteLengthOf(value) === 0) mustBeThere('target', value);
  return value;
}

/** The error for bytes whose memory is gone. */
export function detached(what: string, value: unknown): Error {
  return wrongValue(what, 'neither detached nor out of bounds', value);
}

/** Throws where a typed array has length 0 because it was detached. */
function mustBeThere(what: string, value: unknown): void {
  try {
    elementAt(value, 0);
  } catch {
    throw detached(what, value);
  }
}

/** Exactly the bytes of a view or buffer of another kind. */
export function asUint8Array(value: unknown, what = 'value'): Uint8Array {
  if (kindOf(value) === 'Uint8Array' && byteLengthOf(value) > 0) return value as Uint8Array;
  if (kindOf(value) !== undefined) {
    if (byteLengthOf(value) === 0) mustBeThere(what, value);
    return new Uint8Array(bufferOf(value), byteOffsetOf(value), byteLengthOf(value));
  }
  const view = isDataView(value);
  if (!view && !isAnyArrayBuffer(value)) {
    throw wrongType(what, 'an ArrayBufferView, an ArrayBuffer or a SharedArrayBuffer', value);
  }
  try {
    // Both throw when the memory is gone.
    if (view) return new Uint8Array(viewBufferOf(value), viewOffsetOf(value), viewLengthOf(value));
    return new Uint8Array(value as ArrayBuffer);
  } catch {
    throw detached(what, value);
  }
}
