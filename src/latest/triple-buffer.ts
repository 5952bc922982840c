/** The latest value: what its two ends promise, and making them. Between them lie three slots, so that neither ever waits. */
import { Code, binding, outcome } from '../border/binding.js';
import type { BytesLike } from '../border/bytes.js';
import type { Carried } from '../channel.js';
import { writeTraits } from '../traits.js';
import { type Codec, type OneOfTheCodecs, readCodec } from '../codecs/codec.js';
import { tellOpened } from '../observe/diagnostics.js';
import { failure } from '../border/native-errors.js';
import type { Handle } from '../ends/handle.js';
import { ReadingEnd, WritingEnd } from './latest-ends.js';
import { EndState } from '../ends/end-state.js';
import { noMemory, outOfRange, readKeys, wrongType } from '../errors/misuse.js';
import { adaptive } from '../event-loop/polling.js';
import type { Send, SendSync } from '../ends/sender.js';

/**
 * What a triple buffer is made with, beside its `codec`.
 *
 * @example
 * ```ts
 * import { type LatestOptions, tripleBuffer } from 'millrace';
 *
 * const options: LatestOptions = { byteLength: 1920 * 1080 * 4, label: 'frames' };
 * const [input, output] = tripleBuffer(options);
 * console.log(input.buffer.length, output.stats().label); // 8294400 frames
 * input.close();
 * output.close();
 * ```
 */
export interface LatestOptions {
  /** The longest value, in bytes once encoded, 1 to 4 GiB. Three times as much is set aside. */
  byteLength: number;
  /** A name, shown by inspection and in `stats()`. */
  label?: string;
}

/**
 * The writing end of a triple buffer. It never waits for the reader. Every verb throws `ChannelClosedError`
 * once the reader is gone, and `ChannelStateError` when this handle is spent.
 *
 * @example
 * ```ts
 * import { type Input, tripleBuffer } from 'millrace';
 *
 * const [input, output] = tripleBuffer({ byteLength: 8, codec: 'f64' });
 * function measure(to: Input<number>, values: number[]) {
 *   for (const value of values) to.write(value);
 * }
 * measure(input, [1, 2, 3]);
 * console.log(output.read()); // 3
 * input.close();
 * output.close();
 * ```
 */
export interface Input<in T> extends Handle {
  /**
   * Native memory of `byteLength` bytes to write the next value to, in place. Valid until the next `publish`
   * or `write`: then it is another slot, with older bytes in it.
   *
   * @example
   * ```ts
   * import { tripleBuffer } from 'millrace';
   *
   * const [input, output] = tripleBuffer({ byteLength: 4 });
   * input.buffer.set([1, 2, 3]);
   * input.publish(3);
   * output.update();
   * console.log(output.buffer.join()); // 1,2,3
   * input.close();
   * output.close();
   * ```
   */
  readonly buffer: Uint8Array;
  /**
   * Publishes the first `byteLength` bytes of `buffer`, all of them by default, and rings whoever waits in
   * `changed`. True: they replaced a value that nobody read.
   *
   * Throws a `RangeError` for a length that is not an integer from 0 to the channel's `byteLength`.
   *
   * @example
   * ```ts
   * import { tripleBuffer } from 'millrace';
   *
   * const [input, output] = tripleBuffer({ byteLength: 1024 });
   * console.log(input.publish(), input.publish()); // false true
   * input.close();
   * output.close();
   * ```
   */
  publish(byteLength?: number): boolean;
  /**
   * Encodes a value and publishes it. True: it replaced a value that nobody read.
   *
   * Throws a `RangeError` for a value longer than the channel's `byteLength`, a `TypeError` for one of the
   * wrong type, and `ChannelCodecError` where the codec fails; nothing is published then.
   *
   * @example
   * ```ts
   * import { tripleBuffer } from 'millrace';
   *
   * const [input, output] = tripleBuffer<{ x: number }>({ byteLength: 256, codec: 'json' });
   * input.write({ x: 1 });
   * console.log(output.read()?.x); // 1
   * input.close();
   * output.close();
   * ```
   */
  write(value: T): boolean;
}

/**
 * The reading end of a triple buffer. It never waits for the writer, sees whole values only, and keeps the
 * current one until its next `update` or `read`, also when the writer is gone. Every verb throws
 * `ChannelStateError` when this handle is spent.
 *
 * @example
 * ```ts
 * import { type Output, tripleBuffer } from 'millrace';
 *
 * const [input, output] = tripleBuffer({ byteLength: 8, codec: 'f64' });
 * function newest(from: Output<number>) {
 *   return from.updated ? from.read() : undefined;
 * }
 * input.write(1);
 * console.log(newest(output), newest(output)); // 1 undefined
 * input.close();
 * output.close();
 * ```
 */
export interface Output<out T> extends Handle {
  /**
   * The current value's bytes, in native memory; empty before the first. Valid until the next `update` or
   * `read` that brings another value.
   *
   * @example
   * ```ts
   * import { tripleBuffer } from 'millrace';
   *
   * const [input, output] = tripleBuffer({ byteLength: 4 });
   * input.write(Uint8Array.of(7));
   * output.update();
   * console.log(output.buffer.length, output.buffer[0]); // 1 7
   * input.close();
   * output.close();
   * ```
   */
  readonly buffer: Uint8Array;
  /** Whether a value was published that `update` has not brought yet. */
  readonly updated: boolean;
  /**
   * Makes the newest value the current one; false when it is already, or there is none.
   *
   * @example
   * ```ts
   * import { tripleBuffer } from 'millrace';
   *
   * const [input, output] = tripleBuffer({ byteLength: 8, codec: 'f64' });
   * input.write(1);
   * console.log(output.update(), output.update()); // true false
   * input.close();
   * output.close();
   * ```
   */
  update(): boolean;
  /**
   * `update`, then the current value, decoded from a copy of its bytes; `undefined` before the first.
   *
   * Throws `ChannelCodecError`, the bytes with it, where the codec fails; the value stays the current one.
   *
   * @example
   * ```ts
   * import { tripleBuffer } from 'millrace';
   *
   * const [input, output] = tripleBuffer({ byteLength: 8, codec: 'f64' });
   * console.log(output.read()); // undefined
   * input.write(1);
   * input.write(2);
   * console.log(output.read(), output.read()); // 2 2
   * input.close();
   * output.close();
   * ```
   */
  read(): T | undefined;
  /**
   * Resolves when a value is there that `update` has not brought yet: at once, or when one is published.
   * Rejects with `ChannelClosedError` when the writer is gone and there is none. With a `timeout` in
   * milliseconds it resolves to whether that happened in time.
   *
   * @example
   * ```ts
   * import { tripleBuffer } from 'millrace';
   *
   * const [input, output] = tripleBuffer({ byteLength: 8, codec: 'f64' });
   * const changed = output.changed();
   * input.write(0.5);
   * await changed;
   * console.log(output.read()); // 0.5
   * console.log(await output.changed({ timeout: 10 })); // false
   * input.close();
   * output.close();
   * ```
   */
  changed: Send<[]>;
  /**
   * As `changed`, but blocks this thread. A wait that could never end, the writer being in this thread,
   * throws `ChannelStateError`.
   *
   * @example
   * ```ts
   * import { tripleBuffer } from 'millrace';
   *
   * const [input, output] = tripleBuffer({ byteLength: 8, codec: 'f64' });
   * console.log(output.changedSync({ timeout: 10 })); // false
   * input.write(0.5);
   * output.changedSync();
   * console.log(output.read()); // 0.5
   * input.close();
   * output.close();
   * ```
   */
  changedSync: SendSync<[]>;
}

/** The longest that a slot may be, in bytes. */
const mostBytes = 2 ** 32;

/**
 * A value that one thread writes and another reads, always the latest: a frame, a position, a setting.
 * Writing replaces what was not read, reading leaves the value where it is, and neither waits for the other.
 * For many writers or readers there is {@link watch}, which shows the newest value to each of them;
 * `bounded(1, { overflow: 'drop-oldest' })` keeps it for whichever reader comes first.
 *
 * Throws a `RangeError` for a `byteLength` out of range or that memory cannot hold, and a `TypeError` for a
 * wrong type or an unknown option.
 *
 * @example
 * ```ts
 * import { tripleBuffer } from 'millrace';
 *
 * const [input, output] = tripleBuffer({ byteLength: 8, codec: 'f64', label: 'temperature' });
 * input.write(20.5);
 * input.write(21);
 * console.log(output.read()); // 21
 * input.close();
 * output.close();
 * ```
 */
export function tripleBuffer(
  options: LatestOptions & { codec?: 'bytes' },
): [Input<BytesLike>, Output<Uint8Array<ArrayBuffer>>];
export function tripleBuffer(
  options: LatestOptions & { codec: 'buffer' },
): [Input<BytesLike>, Output<Buffer>];
export function tripleBuffer(options: LatestOptions & { codec: 'text' }): [Input<string>, Output<string>];
export function tripleBuffer(options: LatestOptions & { codec: 'f64' }): [Input<number>, Output<number>];
export function tripleBuffer(
  options: LatestOptions & { codec: 'json' | 'structured' },
): [Input<unknown>, Output<unknown>];
export function tripleBuffer<T extends Carried>(
  options: LatestOptions & { codec: 'json' | 'structured' },
): [Input<T>, Output<T>];
export function tripleBuffer<In extends Carried, Out extends Carried>(
  options: LatestOptions & { codec: Codec<In, Out> },
): [Input<In>, Output<Out>];
/** What an unknown codec is answered with. */
export function tripleBuffer(
  options: LatestOptions & { codec: OneOfTheCodecs },
): [Input<Carried>, Output<Carried>];
export function tripleBuffer(options: unknown): [Input<never>, Output<unknown>] {
  const { byteLength, codec, label } = readKeys('options', options, ['byteLength', 'codec', 'label']);
  if (typeof byteLength !== 'number') throw wrongType('options.byteLength', 'a number of bytes', byteLength);
  if (!Number.isInteger(byteLength) || byteLength < 1 || byteLength > mostBytes) {
    throw outOfRange('options.byteLength', `an integer, 1 to ${mostBytes}`, byteLength);
  }
  if (label !== undefined && typeof label !== 'string') throw wrongType('options.label', 'a string', label);
  const traits = { codec: readCodec(codec), ownBuffers: true, poll: adaptive, drops: false };
  const result = binding.createLatest(byteLength, label, writeTraits(traits));
  if (result === Code.noNames) throw failure(result);
  if (result !== Code.ok) throw noMemory(`there is not enough memory for three slots of ${byteLength} bytes`);
  const [input, output] = [outcome[0] as number, outcome[1] as number];
  tellOpened('latest', label);
  return [new WritingEnd(new EndState(input, traits)), new ReadingEnd(new EndState(output, traits))];
}
