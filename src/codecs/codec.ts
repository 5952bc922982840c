/** Codecs: how values become bytes and bytes become values again. */
import { buffer, bytes } from './bytes.js';
import { wireOf } from './wire.js';
import { CustomCodec } from './custom.js';
import { f64 } from './f64.js';
import { json } from './json.js';
import { structured } from './structured.js';
import { text } from './text.js';
import { refused, wrongType, wrongValue } from '../errors/misuse.js';

/**
 * A codec of your own. A channel made with it sends `In` and receives `Out`; in another thread `attach`
 * is given it again, and finds it by its name. Encoding is complete before the channel is touched, so a
 * codec may use any channel.
 *
 * @example
 * ```ts
 * import { bounded, type Codec } from 'millrace';
 *
 * const dates: Codec<Date> = {
 *   name: 'date',
 *   encode: (date) => new Uint8Array(Float64Array.of(date.getTime()).buffer),
 *   encodeInto(date, target) {
 *     if (target.length < 8) return -1;
 *     new DataView(target.buffer, target.byteOffset).setFloat64(0, date.getTime(), true);
 *     return 8;
 *   },
 *   decode: (bytes) => new Date(new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0, true)),
 * };
 * const [tx, rx] = bounded(16, { codec: dates });
 * tx.trySend(new Date(0));
 * console.log(rx.tryRecv()?.getTime()); // 0
 * tx.close();
 * rx.close();
 * ```
 */
export interface Codec<In, Out = In> {
  /** Finds the codec again in another thread; not the name of a built-in one. */
  readonly name: string;
  /** The value's bytes, copied before anything else runs. What it throws is the `cause` of a `ChannelCodecError`. */
  encode(value: In): Uint8Array;
  /** Writes the value's bytes to the start of `target` and returns how many, or -1 when it is too small: then `encode` is asked. */
  encodeInto?(value: In, target: Uint8Array): number;
  /** The value of these bytes, which stay valid and may be kept. What it throws is the `cause` of a `ChannelCodecError`. */
  decode(bytes: Uint8Array): Out;
}

/** A codec as the inside sees it: it speaks the border's language, and does not trust its user. */
export interface WireCodec {
  readonly name: string;
  /** Whether decoded values keep the bytes they came from, which must then not be used again. */
  readonly keeps: 'nothing' | 'bytes' | 'whole buffers';
  /** Whether it is the user's own, who may go on using the bytes that it gives. */
  readonly isCustom?: boolean;
  /** Encodes: a number for so many bytes in the staging array, or the bytes. The native call follows at once. */
  encode(value: unknown): number | Uint8Array;
  /** Encodes straight to `target[offset]`: the length, or -1 where `encode` is to be asked: it may take more than `room` bytes, or is not for this. Runs no code of the caller's. */
  encodeInto?(value: unknown, target: Uint8Array, offset: number, room: number): number;
  /** Decodes the `length` bytes at `memory[offset]`. */
  read(memory: Uint8Array, offset: number, length: number): unknown;
  /** Adds the values of the first `count` messages, as many bytes long as `lengths` says, the first at `buffer[offset]`, each at a multiple of 8. Only where decoding cannot fail. */
  readAll?(
    buffer: ArrayBufferLike,
    offset: number,
    lengths: Uint32Array,
    count: number,
    into: unknown[],
  ): void;
}

/**
 * What a `codec` must be, in the words of the compiler's error about another one: a type that nothing is, of the last
 * overload, which is the one that compilers tell of.
 */
export type OneOfTheCodecs = "a Codec or one of 'bytes', 'buffer', 'text', 'f64', 'json', 'structured'";

const builtIn: ReadonlyMap<unknown, WireCodec> = new Map(
  [bytes, buffer, text, f64, json, structured].map((codec) => [codec.name, codec]),
);

/** The built-in codec of that name. */
export function builtInCodec(name: unknown): WireCodec | undefined {
  return builtIn.get(name);
}

/** Reads a `codec` option: the name of a built-in codec, or a codec of the caller's own. */
export function readCodec(codec: unknown): WireCodec {
  if (codec === undefined) return bytes;
  const known = builtInCodec(codec);
  if (known !== undefined) return known;
  if (typeof codec === 'string') {
    throw wrongValue('codec', `a Codec or one of '${[...builtIn.keys()].join("', '")}'`, codec);
  }
  return readCustomCodec(codec);
}

/** Reads a codec of the caller's own. */
export function readCustomCodec(codec: unknown): WireCodec {
  if (typeof codec !== 'object' || codec === null) throw wrongType('codec', 'a string or a Codec', codec);
  const wire = wireOf(codec);
  if (wire !== undefined) return wire;
  const { name, encode, encodeInto, decode } = codec as Partial<Codec<unknown>>;
  if (typeof name !== 'string') throw wrongType('codec.name', 'a string', name);
  if (name === '') throw wrongValue('codec.name', 'a string that is not empty', name);
  if (builtIn.has(name))
    throw refused(`The "codec.name" argument must not be a built-in codec's. Received '${name}'`);
  if (typeof encode !== 'function') throw wrongType('codec.encode', 'a function', encode);
  if (typeof decode !== 'function') throw wrongType('codec.decode', 'a function', decode);
  if (encodeInto !== undefined && typeof encodeInto !== 'function') {
    throw wrongType('codec.encodeInto', 'a function', encodeInto);
  }
  return new CustomCodec(codec as Codec<unknown>, name);
}
