/** Watch: the newest value, for every reader. What its ends promise, and making one. */
import { Code, binding, outcome } from '../border/binding.js';
import type { BytesLike } from '../border/bytes.js';
import { failure } from '../border/native-errors.js';
import type { Carried } from '../channel.js';
import { writeTraits } from '../traits.js';
import { type Codec, type OneOfTheCodecs, readCodec } from '../codecs/codec.js';
import { EndState } from '../ends/end-state.js';
import type { Handle } from '../ends/handle.js';
import type { Send, SendSync } from '../ends/sender.js';
import { noMemory, readKeys, wrongType } from '../errors/misuse.js';
import { adaptive } from '../event-loop/polling.js';
import { readOnDeath } from '../read-options.js';
import { tellOpened } from '../observe/diagnostics.js';
import { WatchReceivingEnd, WatchSendingEnd } from './watch-ends.js';

/**
 * What a watch is made with, beside its `codec`.
 *
 * @example
 * ```ts
 * import { watch, type WatchOptions } from 'millrace';
 *
 * const options: WatchOptions<number> = { initial: 20.5, label: 'temperature' };
 * const [tx, rx] = watch({ ...options, codec: 'f64' });
 * console.log(rx.get(), rx.stats().label); // 20.5 temperature
 * tx.close();
 * rx.close();
 * ```
 */
export interface WatchOptions<T> {
  /** The value until the first `set`; none by default. */
  initial?: T;
  /**
   * What becomes of it when a sender goes with a thread that died, as of a queue: `'close'` by default.
   * Where it fails, readers keep the last value, `changed` and iterating throw `ChannelFailedError` once it is seen, and
   * `set` of the other senders throws `ChannelClosedError`.
   */
  onDeath?: 'close' | 'fail';
  /** A name, shown by inspection and in `stats()`. */
  label?: string;
}

/**
 * The sending end of a watch: what it sets replaces what was there, for every reader. It waits for nobody, and goes on
 * working without readers: one that comes later sees the current value at once.
 *
 * @example
 * ```ts
 * import { watch, type WatchSender } from 'millrace';
 *
 * function warmer(out: WatchSender<number>) {
 *   for (const degrees of [20, 21, 22]) out.set(degrees);
 * }
 * const [tx, rx] = watch({ codec: 'f64' });
 * warmer(tx);
 * console.log(rx.get()); // 22
 * tx.close();
 * rx.close();
 * ```
 */
export interface WatchSender<
  in T,
  // oxlint-disable-next-line typescript/no-explicit-any -- what its receivers give is not said by what it takes.
  out R = any,
> extends Handle {
  /**
   * Encodes a value and makes it the current one; whoever waits in `changed` is told.
   *
   * Throws a `TypeError` for a value of the wrong type, `undefined` among them, a `RangeError` where memory for its copy
   * cannot be had, and `ChannelCodecError` where the codec fails; the value is the one before then. A spent handle
   * throws `ChannelStateError`, and a watch that failed `ChannelClosedError`.
   *
   * @example
   * ```ts
   * import { watch } from 'millrace';
   *
   * const [tx, rx] = watch<{ level: string }>({ codec: 'json' });
   * tx.set({ level: 'info' });
   * tx.set({ level: 'debug' });
   * console.log(rx.get()?.level); // debug
   * tx.close();
   * rx.close();
   * ```
   */
  set(value: T): void;
  /**
   * A receiver, which sees the current value at once.
   *
   * @example
   * ```ts
   * import { watch } from 'millrace';
   *
   * const [tx, rx] = watch({ codec: 'f64', initial: 1 });
   * rx.close();
   * const late = tx.subscribe();
   * console.log(late.hasChanged, late.get()); // true 1
   * tx.close();
   * late.close();
   * ```
   */
  subscribe(): WatchReceiver<R>;
  /**
   * Another sender of the same watch, counted: it stays open until each is closed.
   *
   * @example
   * ```ts
   * import { watch } from 'millrace';
   *
   * const [tx, rx] = watch({ codec: 'f64' });
   * const second = tx.clone();
   * tx.close();
   * second.set(2);
   * console.log(rx.get()); // 2
   * second.close();
   * rx.close();
   * ```
   */
  clone(): WatchSender<T, R>;
}

/**
 * A receiving end of a watch. It waits for no writer, sees whole values only, the newest one each time, and keeps the
 * last one when the writers are gone. What it passes over is counted in `stats().skipped`. Every verb throws
 * `ChannelStateError` when this handle is spent.
 *
 * @example
 * ```ts
 * import { watch, type WatchReceiver } from 'millrace';
 *
 * async function follow(settings: WatchReceiver<string>) {
 *   for await (const level of settings) console.log(level); // debug
 * }
 * const [tx, rx] = watch({ codec: 'text', initial: 'info' });
 * tx.set('debug');
 * tx.close();
 * await follow(rx);
 * rx.close();
 * ```
 */
export interface WatchReceiver<out T> extends Handle, AsyncIterable<T> {
  /**
   * The newest value, and the same object as before while there is no newer one; `undefined` only before the first.
   * Cheap to ask for again and again: an unchanged value is neither copied nor decoded.
   *
   * Throws `ChannelCodecError`, the bytes with it, where the codec fails; the value stays the current one.
   *
   * @example
   * ```ts
   * import { watch } from 'millrace';
   *
   * const [tx, rx] = watch<string[]>({ codec: 'json' });
   * console.log(rx.get()); // undefined
   * tx.set(['one']);
   * console.log(rx.get(), rx.get() === rx.get()); // [ 'one' ] true
   * tx.close();
   * rx.close();
   * ```
   */
  get(): T | undefined;
  /** Whether there is a value that this receiver has not got yet. */
  readonly hasChanged: boolean;
  /**
   * Resolves when a value is there that is newer than the last one that this receiver got: at once, or when one is
   * set. Rejects with `ChannelClosedError` when the senders are gone and there is none. With a `timeout` in
   * milliseconds it resolves to whether that happened in time.
   *
   * @example
   * ```ts
   * import { watch } from 'millrace';
   *
   * const [tx, rx] = watch({ codec: 'f64', initial: 1 });
   * await rx.changed();
   * console.log(rx.get()); // 1
   * console.log(await rx.changed({ timeout: 10 })); // false
   * tx.close();
   * rx.close();
   * ```
   */
  changed: Send<[]>;
  /**
   * As `changed`, but blocks this thread. A wait that could never end, the senders being in this thread, throws
   * `ChannelStateError`.
   *
   * @example
   * ```ts
   * import { watch } from 'millrace';
   *
   * const [tx, rx] = watch({ codec: 'f64', initial: 1 });
   * rx.changedSync();
   * console.log(rx.get(), rx.changedSync({ timeout: 10 })); // 1 false
   * tx.close();
   * rx.close();
   * ```
   */
  changedSync: SendSync<[]>;
  /**
   * Another receiver of the same watch, which has got nothing yet: it sees the current value at once.
   *
   * @example
   * ```ts
   * import { watch } from 'millrace';
   *
   * const [tx, rx] = watch({ codec: 'f64', initial: 1 });
   * rx.get();
   * const second = rx.clone();
   * console.log(rx.hasChanged, second.hasChanged); // false true
   * for (const end of [tx, rx, second]) end.close();
   * ```
   */
  clone(): WatchReceiver<T>;
  /**
   * The newest value each time there is one that this receiver has not got, until the senders are gone, or this handle
   * is closed. `get` and iterating see each value once between them.
   *
   * @example
   * ```ts
   * import { watch } from 'millrace';
   *
   * const [tx, rx] = watch({ codec: 'f64', initial: 1 });
   * tx.close();
   * for await (const value of rx) console.log(value); // 1
   * rx.close();
   * ```
   */
  [Symbol.asyncIterator](): AsyncIterator<T>;
}

/**
 * A value that many write and many read, always the newest: settings, a configuration, a state. Of any size; a late
 * reader sees the current one at once.
 *
 * Throws a `TypeError` for a wrong type or an unknown option, and for an `initial` value as `set` does.
 *
 * @example
 * ```ts
 * import { watch } from 'millrace';
 *
 * const [tx, rx] = watch<{ level: string }>({ codec: 'structured', initial: { level: 'info' } });
 * const second = tx.subscribe();
 * tx.set({ level: 'debug' });
 * console.log(rx.get()?.level, second.get()?.level); // debug debug
 * for (const end of [tx, rx, second]) end.close();
 * ```
 */
export function watch(
  options?: WatchOptions<BytesLike> & { codec?: 'bytes' },
): [WatchSender<BytesLike, Uint8Array<ArrayBuffer>>, WatchReceiver<Uint8Array<ArrayBuffer>>];
export function watch(
  options: WatchOptions<BytesLike> & { codec: 'buffer' },
): [WatchSender<BytesLike, Buffer>, WatchReceiver<Buffer>];
export function watch(
  options: WatchOptions<string> & { codec: 'text' },
): [WatchSender<string, string>, WatchReceiver<string>];
export function watch(
  options: WatchOptions<number> & { codec: 'f64' },
): [WatchSender<number, number>, WatchReceiver<number>];
export function watch(
  options: WatchOptions<unknown> & { codec: 'json' | 'structured' },
): [WatchSender<unknown, unknown>, WatchReceiver<unknown>];
export function watch<T extends Carried>(
  options: WatchOptions<T> & { codec: 'json' | 'structured' },
): [WatchSender<T, T>, WatchReceiver<T>];
export function watch<In extends Carried, Out extends Carried>(
  options: WatchOptions<In> & { codec: Codec<In, Out> },
): [WatchSender<In, Out>, WatchReceiver<Out>];
/** What an unknown codec is answered with. */
export function watch(
  options: WatchOptions<Carried> & { codec: OneOfTheCodecs },
): [WatchSender<Carried, Carried>, WatchReceiver<Carried>];
export function watch(options?: unknown): [WatchSender<never>, WatchReceiver<unknown>] {
  const given = readKeys('options', options, ['codec', 'initial', 'onDeath', 'label']);
  const { codec, initial, label } = given;
  if (label !== undefined && typeof label !== 'string') throw wrongType('options.label', 'a string', label);
  const deathFails = readOnDeath(given.onDeath);
  const traits = { codec: readCodec(codec), ownBuffers: true, poll: adaptive, drops: false };
  const encoded = initial === undefined ? undefined : traits.codec.encode(initial);
  const result = binding.createWatch(label, writeTraits(traits), deathFails);
  if (result === Code.noNames) throw failure(result);
  if (result !== Code.ok) throw noMemory('there is not enough memory for a watch');
  const [sender, receiver] = [outcome[0] as number, outcome[1] as number];
  const set = encoded === undefined ? Code.ok : binding.setNewest(sender, encoded);
  if (set !== Code.ok) {
    for (const handle of [sender, receiver]) binding.close(handle);
    throw failure(set, initial);
  }
  tellOpened('watch', label);
  return [
    new WatchSendingEnd(new EndState(sender, traits)),
    new WatchReceivingEnd(new EndState(receiver, traits)),
  ];
}
