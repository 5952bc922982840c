/**
 * A codec of the user's own, kept at arm's length: it may throw, answer nonsense, keep or detach what it
 * is given, and use any channel meanwhile, the one it encodes for included.
 */
import { encodeBytes, isUint8Array, lengthOf } from '../border/bytes.js';
import type { Codec, WireCodec } from './codec.js';
import { wrongType } from '../errors/misuse.js';
import { cannotDecode, cannotEncode } from './codec-error.js';

/** The bytes that `encodeInto` may fill: at first, and at most, once there were values that long. */
const [fewestBytes, mostBytes] = [65_536, 2 ** 20];
/** How many targets are kept; more are in use only while codecs encode within codecs. */
const keptTargets = 2;

export class CustomCodec implements WireCodec {
  readonly keeps = 'bytes';
  readonly isCustom = true;
  readonly #codec: Codec<unknown>;
  readonly #targets: Uint8Array[] = [];
  /** How long a target is: the first value that finds it too small is encoded otherwise, those after it fit. */
  #targetBytes = fewestBytes;

  constructor(
    codec: Codec<unknown>,
    readonly name: string,
  ) {
    this.#codec = codec;
  }

  encode(value: unknown): number | Uint8Array {
    if (value === undefined) throw wrongType('value', 'anything but undefined', value);
    try {
      return this.#intoTarget(value) ?? this.#encoded(value);
    } catch (cause) {
      throw cannotEncode(this.name, cause);
    }
  }

  read(memory: Uint8Array, offset: number, length: number): unknown {
    const whole = offset === 0 && length === memory.length;
    const message = whole ? memory : new Uint8Array(memory.buffer, memory.byteOffset + offset, length);
    try {
      const value: unknown = this.#codec.decode(message);
      if (value === undefined) throw new TypeError('decode returned undefined');
      return value;
    } catch (cause) {
      throw cannotDecode(this.name, cause, message);
    }
  }

  #encoded(value: unknown): number | Uint8Array {
    const encoded: unknown = this.#codec.encode(value);
    if (!isUint8Array(encoded)) throw new TypeError('encode returned something that is not a Uint8Array');
    if (this.#codec.encodeInto !== undefined) this.#grow(lengthOf(encoded));
    return encodeBytes(encoded);
  }

  /** A value took so many bytes: lets the next one as long be encoded in place. */
  #grow(bytes: number): void {
    if (bytes <= this.#targetBytes || bytes > mostBytes) return;
    while (this.#targetBytes < bytes) this.#targetBytes *= 2;
    this.#targets.length = 0;
  }

  /** What `encodeInto` makes of the value; `undefined` when there is none, or the target is too small for it. */
  #intoTarget(value: unknown): number | Uint8Array | undefined {
    if (this.#codec.encodeInto === undefined) return undefined;
    // A target in use is not in the list, so an encoding within this one takes another.
    const target = this.#targets.pop() ?? new Uint8Array(new ArrayBuffer(this.#targetBytes));
    const length: unknown = this.#codec.encodeInto(value, target);
    if (length === -1) {
      this.#giveBack(target);
      return undefined;
    }
    if (!Number.isInteger(length) || (length as number) < 0 || (length as number) > lengthOf(target)) {
      throw new TypeError(`encodeInto returned ${String(length)} for a target of ${lengthOf(target)} bytes`);
    }
    const encoded = encodeBytes(new Uint8Array(target.buffer, 0, length as number));
    this.#giveBack(target);
    return encoded;
  }

  #giveBack(target: Uint8Array): void {
    if (this.#targets.length < keptTargets && lengthOf(target) === this.#targetBytes)
      this.#targets.push(target);
  }
}
