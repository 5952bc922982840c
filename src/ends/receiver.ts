/** The receiving end: what it promises. receiving-end.ts keeps it. */
import type { AsyncReceiver } from './async-ends.js';
import type { QueueHandle } from './handle.js';
import type { RecvRef } from '../refs/refs.js';
import type { AnySyncWait, AnyWait, Iterating, SyncWait, Wait } from '../event-loop/wait-options.js';

/**
 * An awaited receive: the message, or `undefined` when its time has run out, where a timeout is given.
 *
 * @example
 * ```ts
 * import { bounded, type Recv } from 'millrace';
 *
 * const [tx, rx] = bounded(1, { codec: 'text' });
 * const from: { recv: Recv<string> } = rx;
 * tx.trySend('one');
 * console.log(await from.recv(), await from.recv({ timeout: 10 })); // one undefined
 * tx.close();
 * rx.close();
 * ```
 */
export interface Recv<T> {
  (wait?: Wait): Promise<T>;
  (wait?: AnyWait): Promise<T | undefined>;
}

/**
 * A blocking receive: the message, or `undefined` when its time has run out, where a timeout is given.
 *
 * @example
 * ```ts
 * import { bounded, type RecvSync } from 'millrace';
 *
 * const [tx, rx] = bounded(1, { codec: 'text' });
 * const from: { recvSync: RecvSync<string> } = rx;
 * tx.trySend('one');
 * console.log(from.recvSync(), from.recvSync({ timeout: 10 })); // one undefined
 * tx.close();
 * rx.close();
 * ```
 */
export interface RecvSync<T> {
  (wait?: SyncWait): T;
  (wait?: AnySyncWait): T | undefined;
}

/**
 * A receiving end. Each message goes to exactly one receiver, in the order of the channel; waits are served
 * in the order in which they began.
 *
 * Every verb throws, or rejects with, `ChannelClosedError` once nothing is queued and nothing more can
 * arrive, `ChannelStateError` when this handle is spent, and `ChannelCodecError`, the message with it as
 * `bytes`, where a codec fails. Received bytes are the caller's to keep. Up to 4 KiB they may be a view, 8-byte
 * aligned, on a block that they share with other messages of this receiver, unless `ownBuffers` is set.
 *
 * @example
 * ```ts
 * import { bounded, channel, type SoleReceiver } from 'millrace';
 *
 * function all(from: SoleReceiver<string>): string[] {
 *   return [...from.tryIter()];
 * }
 * for (const [tx, rx] of [bounded(2, { codec: 'text' }), channel({ codec: 'text' })]) {
 *   tx.trySendMany(['one', 'two']);
 *   console.log(all(rx).join(' ')); // one two
 *   tx.close();
 *   rx.close();
 * }
 * ```
 */
export interface SoleReceiver<out T> extends QueueHandle, AsyncReceiver<T> {
  /**
   * The next message, or `undefined` when there is none now. Never waits.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(8, { codec: 'text' });
   * tx.trySend('one');
   * console.log(rx.tryRecv(), rx.tryRecv()); // one undefined
   * tx.close();
   * rx.close();
   * ```
   */
  tryRecv(): T | undefined;
  /**
   * Resolves with the next message. With a `timeout` in milliseconds it resolves with `undefined` when none
   * came in time; an aborted `signal` rejects with its reason. Neither consumes anything.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(8, { codec: 'text' });
   * const message = rx.recv();
   * tx.trySend('one');
   * console.log(await message); // one
   * console.log(await rx.recv({ timeout: 10 })); // undefined
   * tx.close();
   * rx.close();
   * ```
   */
  recv: Recv<T>;
  /**
   * The next message, blocking this thread until there is one. With a `timeout` in milliseconds the answer
   * is `undefined` when none came in time. A wait that could never end, every other end being in this
   * thread, throws `ChannelStateError`. On the main thread it holds back the event loop, signals and
   * workers' output.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(8, { codec: 'text' });
   * tx.trySend('one');
   * console.log(rx.recvSync()); // one
   * console.log(rx.recvSync({ timeout: 10 })); // undefined
   * tx.close();
   * rx.close();
   * ```
   */
  recvSync: RecvSync<T>;
  /**
   * Up to `max` messages that are there now, or none. Never waits. Where a codec fails, the answer ends before
   * that message, and the next receive throws the error.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(8, { codec: 'text' });
   * tx.trySendMany(['one', 'two', 'three']);
   * console.log(rx.tryRecvMany(2), rx.tryRecvMany(2)); // [ 'one', 'two' ] [ 'three' ]
   * tx.close();
   * rx.close();
   * ```
   */
  tryRecvMany(max: number): T[];
  /**
   * Waits for one message, then takes up to `max` that are there. With a `timeout` in milliseconds it resolves
   * with an empty array when none came in time.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(8, { codec: 'text' });
   * tx.trySendMany(['one', 'two']);
   * console.log(await rx.recvMany(256)); // [ 'one', 'two' ]
   * console.log(await rx.recvMany(256, { timeout: 10 })); // []
   * tx.close();
   * rx.close();
   * ```
   */
  recvMany(max: number, wait?: AnyWait): Promise<T[]>;
  /**
   * As `recvMany`, but blocks this thread until there is a message.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(8, { codec: 'text' });
   * tx.trySendMany(['one', 'two']);
   * console.log(rx.recvManySync(256)); // [ 'one', 'two' ]
   * tx.close();
   * rx.close();
   * ```
   */
  recvManySync(max: number, wait?: AnySyncWait): T[];
  /**
   * Copies the next message to the start of `target` and returns its length in bytes, or -1 when there is
   * none now. For `'bytes'` and `'buffer'` channels, else a `TypeError`. A message longer than `target` is a
   * `RangeError`, and still the next one.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(8);
   * const target = new Uint8Array(1024);
   * tx.trySend(Uint8Array.of(1, 2, 3));
   * console.log(rx.tryRecvInto(target), rx.tryRecvInto(target)); // 3 -1
   * tx.close();
   * rx.close();
   * ```
   */
  tryRecvInto(this: SoleReceiver<Uint8Array>, target: Uint8Array): number;
  /**
   * As `tryRecvInto`, but waits as `recv` does. The message is copied when it is there: a `target` that is too short by
   * then is a `RangeError`, one whose memory was moved away a `TypeError`, and the message is still the next one. With a
   * `timeout` in milliseconds it resolves with -1 when none came in time.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(8);
   * const target = new Uint8Array(1024);
   * const length = rx.recvInto(target);
   * tx.trySend(Uint8Array.of(1, 2, 3));
   * console.log(await length); // 3
   * console.log(await rx.recvInto(target, { timeout: 10 })); // -1
   * tx.close();
   * rx.close();
   * ```
   */
  recvInto(this: SoleReceiver<Uint8Array>, target: Uint8Array, wait?: AnyWait): Promise<number>;
  /**
   * As `tryRecvInto`, but blocks this thread until there is a message. With a `timeout` in milliseconds the
   * answer is -1 when none came in time.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(8);
   * const target = new Uint8Array(1024);
   * tx.trySend(Uint8Array.of(1, 2, 3));
   * console.log(rx.recvIntoSync(target)); // 3
   * console.log(rx.recvIntoSync(target, { timeout: 10 })); // -1
   * tx.close();
   * rx.close();
   * ```
   */
  recvIntoSync(this: SoleReceiver<Uint8Array>, target: Uint8Array, wait?: AnySyncWait): number;
  /**
   * The next message, to be read where it lies, or `undefined` when there is none now. Never waits. For `'bytes'`
   * and `'buffer'` channels, else a `TypeError`. Dispose it when it is read: its memory is used again then.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(8);
   * tx.trySend(Uint8Array.of(1, 2, 3));
   * const ref = rx.tryRecvRef();
   * console.log(ref?.bytes); // Uint8Array(3) [ 1, 2, 3 ]
   * ref?.[Symbol.dispose]();
   * tx.close();
   * rx.close();
   * ```
   */
  tryRecvRef(this: SoleReceiver<Uint8Array>): RecvRef | undefined;
  /**
   * As `tryRecvRef`, but waits as `recv` does.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(8);
   * tx.trySend(Uint8Array.of(1, 2, 3));
   * const ref = await rx.recvRef();
   * console.log(ref.bytes); // Uint8Array(3) [ 1, 2, 3 ]
   * ref[Symbol.dispose]();
   * console.log(await rx.recvRef({ timeout: 10 })); // undefined
   * tx.close();
   * rx.close();
   * ```
   */
  recvRef(this: SoleReceiver<Uint8Array>, wait?: Wait): Promise<RecvRef>;
  recvRef(this: SoleReceiver<Uint8Array>, wait?: AnyWait): Promise<RecvRef | undefined>;
  /**
   * As `tryRecvRef`, but blocks this thread until there is a message, as `recvSync` does. Disposed in the loop, large
   * messages take no more memory than one does, and none is copied.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(8);
   * tx.trySend(Uint8Array.of(1, 2, 3));
   * const ref = rx.recvRefSync();
   * console.log(ref.bytes); // Uint8Array(3) [ 1, 2, 3 ]
   * ref[Symbol.dispose]();
   * tx.close();
   * rx.close();
   * ```
   */
  recvRefSync(this: SoleReceiver<Uint8Array>, wait?: SyncWait): RecvRef;
  recvRefSync(this: SoleReceiver<Uint8Array>, wait?: AnySyncWait): RecvRef | undefined;
  /**
   * Messages read where they lie, until the channel is closed, or this handle is. Each is lent until the next step, or
   * the end of the loop, whichever way that ends, and then taken back, unless it was forwarded or kept. So a loop of any
   * length goes through the same memory. For `'bytes'` and `'buffer'` channels, else a `TypeError`. An abort of `signal`
   * rejects the next step with its reason.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(8);
   * tx.trySend(new Uint8Array(1_000_000).fill(1));
   * tx.trySend(new Uint8Array(2_000_000).fill(2));
   * tx.close();
   * const seen = [];
   * for await (const ref of rx.refs()) {
   *   console.log(ref.bytes.length, ref.bytes[0]); // 1000000 1, then 2000000 2
   *   seen.push(ref);
   * }
   * console.log(seen.map((ref) => ref.bytes.length)); // [ 0, 0 ]: they went back
   * rx.close();
   * ```
   */
  refs(this: SoleReceiver<Uint8Array>, options?: Iterating): AsyncIterable<RecvRef>;
  /**
   * What was queued at the call, without waiting.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(8, { codec: 'text' });
   * tx.trySendMany(['one', 'two']);
   * for (const message of rx.tryIter()) console.log(message); // one, then two
   * tx.close();
   * rx.close();
   * ```
   */
  tryIter(): Iterable<T>;
  /**
   * Messages until the channel is closed, or this handle is, blocking this thread between them. Leaving the
   * loop leaves the handle open.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(8, { codec: 'text' });
   * tx.trySendMany(['one', 'two']);
   * tx.close();
   * for (const message of rx.iterSync()) console.log(message); // one, then two
   * rx.close();
   * ```
   */
  iterSync(): Iterable<T>;
  /**
   * The newest message queued at the call, or `undefined` when there is none. The older ones are taken too, and
   * counted in `stats().skipped`.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(8, { codec: 'text' });
   * tx.trySendMany(['old', 'older', 'new']);
   * console.log(rx.latest(), rx.stats().skipped); // new 2
   * tx.close();
   * rx.close();
   * ```
   */
  latest(): T | undefined;
  /**
   * As iterating over the end itself, until the `signal` aborts: the next step, or the one that waits, rejects with its
   * reason then, and no message is lost.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(8, { codec: 'text' });
   * const stop = new AbortController();
   * tx.trySend('one');
   * try {
   *   for await (const message of rx.iter({ signal: stop.signal })) {
   *     console.log(message); // one
   *     stop.abort(new Error('enough'));
   *   }
   * } catch (error) {
   *   console.log((error as Error).message); // enough
   * }
   * tx.close();
   * rx.close();
   * ```
   */
  iter(options?: Iterating): AsyncIterable<T>;
  /**
   * As `iter`, but up to `max` messages a step: at least one, and those behind it that are there.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(8, { codec: 'text' });
   * tx.trySendMany(['one', 'two', 'three']);
   * tx.close();
   * for await (const messages of rx.batches(2)) console.log(messages); // [ 'one', 'two' ], then [ 'three' ]
   * rx.close();
   * ```
   */
  batches(max: number, options?: Iterating): AsyncIterable<T[]>;
  /**
   * For all receivers: sends are refused from here on, and what is queued is discarded. Returns how many
   * messages that were. Senders get `ChannelClosedError` with `reason` as its `cause`, if there is one; it travels as
   * `Sender.fail` says.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(8, { codec: 'text' });
   * tx.trySend('unread');
   * console.log(rx.cancel(), tx.isClosed); // 1 true
   * tx.close();
   * rx.close();
   * ```
   */
  cancel(reason?: unknown): number;
  /**
   * Messages until the channel is closed, or this handle is. Leaving the loop leaves the handle open, and
   * loses nothing.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(8, { codec: 'text' });
   * tx.trySend('one');
   * tx.trySend('two');
   * tx.close();
   * for await (const message of rx) console.log(message); // one, then two
   * rx.close();
   * ```
   */
  [Symbol.asyncIterator](): AsyncIterator<T>;
}

/**
 * A receiving end that can have others beside it; `syncChannel` and `channel` have one only.
 *
 * @example
 * ```ts
 * import { type Receiver, unbounded } from 'millrace';
 *
 * const crew = (jobs: Receiver<string>) => [jobs, jobs.clone(), jobs.clone()];
 * const [tx, rx] = unbounded({ codec: 'text' });
 * tx.trySendMany(['one', 'two', 'three']);
 * console.log(crew(rx).map((receiver) => receiver.recvSync())); // [ 'one', 'two', 'three' ]
 * tx.close();
 * ```
 */
export interface Receiver<T> extends SoleReceiver<T> {
  /**
   * Another receiving end of the same channel, counted: each message goes to one of them.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(8, { codec: 'text' });
   * const second = rx.clone();
   * tx.trySend('one');
   * console.log(second.tryRecv(), rx.tryRecv()); // one undefined
   * tx.close();
   * rx.close();
   * second.close();
   * ```
   */
  clone(): Receiver<T>;
}
