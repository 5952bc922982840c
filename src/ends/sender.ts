/** The sending end: what it promises. sending-end.ts keeps it. */
import type { AsyncSender } from './async-ends.js';
import type { BatchOptions, BatchWriter } from '../batch/batch.js';
import type { BroadcastSender } from '../broadcast/broadcast.js';
import type { BytesLike } from '../border/bytes.js';
import type { QueueHandle } from './handle.js';
import type { SoleReceiver } from './receiver.js';
import type { SendRef } from '../refs/refs.js';
import type {
  AnySyncWait,
  AnyWait,
  Moving,
  SyncWait,
  TimedSyncWait,
  TimedWait,
  Wait,
} from '../event-loop/wait-options.js';

/**
 * A verb that waits and has no other result: `true`, or `false` when its time has run out, where a timeout is
 * given.
 *
 * @example
 * ```ts
 * import { bounded, type Send } from 'millrace';
 *
 * const [tx, rx] = bounded(1, { codec: 'text' });
 * const out: { send: Send<[text: string]> } = tx;
 * await out.send('one');
 * console.log(await out.send('two', { timeout: 10 })); // false
 * tx.close();
 * rx.close();
 * ```
 */
export interface Send<A extends unknown[]> {
  (...args: [...A, wait?: Wait]): Promise<void>;
  (...args: [...A, wait: TimedWait]): Promise<boolean>;
  (...args: [...A, wait?: AnyWait]): Promise<boolean | void>;
}

/**
 * As `Send`, of a verb that blocks.
 *
 * @example
 * ```ts
 * import { bounded, type SendSync } from 'millrace';
 *
 * const [tx, rx] = bounded(1, { codec: 'text' });
 * const out: { sendSync: SendSync<[text: string]> } = tx;
 * out.sendSync('one');
 * console.log(out.sendSync('two', { timeout: 10 })); // false
 * tx.close();
 * rx.close();
 * ```
 */
export interface SendSync<A extends unknown[]> {
  (...args: [...A, wait?: SyncWait]): void;
  (...args: [...A, wait: TimedSyncWait]): boolean;
  (...args: [...A, wait?: AnySyncWait]): boolean | void;
}

/** What sends bytes. */
export type BytesSender = Sender<BytesLike> | BroadcastSender<BytesLike>;

/**
 * A sending end. Each message goes to exactly one receiver. Sends of one handle are accepted in call order;
 * bytes are copied during the call, and what is written to them later is not seen by the receiver; with
 * `{ transfer: true }` they are moved.
 *
 * Every verb throws, or rejects with, `ChannelClosedError` once the channel is closed (the value is still
 * the caller's), `ChannelStateError` when this handle is spent, a `TypeError` for a value of the wrong type
 * or whose memory is detached, and `ChannelCodecError` where a codec fails.
 *
 * @example
 * ```ts
 * import { bounded, type Sender } from 'millrace';
 *
 * async function produce(out: Sender<number>) {
 *   for (let number = 0; number < 3; number += 1) await out.send(number);
 *   out.close();
 * }
 * const [tx, rx] = bounded(1, { codec: 'f64' });
 * void produce(tx);
 * for await (const number of rx) console.log(number); // 0, then 1, then 2
 * rx.close();
 * ```
 */
export interface Sender<in T> extends QueueHandle, AsyncSender<T> {
  /**
   * Whether the queue is at its limit now, in messages or in bytes (`maxBytes`): a send would have to wait for room.
   * With an `overflow` policy it says that the next send will lose something, because none waits or says that it
   * found no room. A rendezvous is always at its limit. A snapshot: other threads go on.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(1, { codec: 'text', overflow: 'drop-oldest' });
   * tx.trySend('one');
   * console.log(tx.isFull); // true
   * console.log(tx.trySend('two'), rx.tryRecv()); // true two
   * tx.close();
   * rx.close();
   * ```
   */
  readonly isFull: boolean;
  /**
   * Sends now, and never waits. False: the channel is full, or an earlier send of this handle is pending.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(1, { codec: 'text' });
   * console.log(tx.trySend('one'), tx.trySend('two')); // true false
   * tx.close();
   * rx.close();
   * ```
   */
  trySend(value: T): boolean;
  /**
   * With `{ transfer: true }`, which is for channels of bytes, the buffer is moved and not copied: it is detached where
   * the answer is true. {@link Moving} says which buffers can be.
   *
   * @example
   * ```ts
   * import { alloc, bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(1);
   * const [first, second] = [alloc(1_000_000), alloc(1_000_000)];
   * console.log(tx.trySend(first, { transfer: true }), first.length); // true 0
   * console.log(tx.trySend(second, { transfer: true }), second.length); // false 1000000
   * tx.close();
   * rx.close();
   * ```
   */
  trySend(this: BytesSender, value: BytesLike, how: Moving): boolean;
  /**
   * Sends, and resolves once the message is accepted: at once, or when there is room. Await it: more than
   * 65,536 pending sends of one handle reject with `ChannelStateError`. With a `timeout` in milliseconds it
   * resolves to whether the message was accepted; an aborted `signal` rejects with its reason, and the
   * message was not sent.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(1, { codec: 'text' });
   * await tx.send('one');
   * console.log(await tx.send('two', { timeout: 10 })); // false: full
   * tx.close();
   * rx.close();
   * ```
   */
  send(value: T, wait?: Wait): Promise<void>;
  send(value: T, wait: TimedWait): Promise<boolean>;
  send(value: T, wait?: AnyWait): Promise<boolean | void>;
  /**
   * With `{ transfer: true }`, which is for channels of bytes, the buffer is moved and not copied: it is detached once
   * the message is accepted. One that has to wait for room waits as a copy. {@link Moving} says which buffers can be.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(1);
   * const [next, last] = bounded(1);
   * tx.trySend(new Uint8Array(1_000_000).fill(7));
   * tx.close();
   * for await (const bytes of rx) await next.send(bytes, { transfer: true });
   * console.log((await last.recv())[999_999]); // 7
   * for (const end of [rx, next, last]) end.close();
   * ```
   */
  send(this: BytesSender, value: BytesLike, wait: Wait & Moving): Promise<void>;
  send(this: BytesSender, value: BytesLike, wait: TimedWait & Moving): Promise<boolean>;
  send(this: BytesSender, value: BytesLike, wait: AnyWait & Moving): Promise<boolean | void>;
  /**
   * As `send`, but blocks this thread until the message is accepted. With a `timeout` in milliseconds it
   * answers whether it was. A wait that could never end, every other end being in this thread, throws
   * `ChannelStateError`. On the main thread it holds back the event loop, signals and workers' output.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(1, { codec: 'text' });
   * tx.sendSync('one');
   * console.log(tx.sendSync('two', { timeout: 10 })); // false: full
   * tx.close();
   * rx.close();
   * ```
   */
  sendSync(value: T, wait?: SyncWait): void;
  sendSync(value: T, wait: TimedSyncWait): boolean;
  sendSync(value: T, wait?: AnySyncWait): boolean | void;
  /**
   * With `{ transfer: true }`, which is for channels of bytes, the buffer is moved and not copied, also where it has to
   * wait: it is detached once the message is accepted. {@link Moving} says which buffers can be.
   *
   * @example
   * ```ts
   * import { alloc, bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(1);
   * const bytes = alloc(1_000_000);
   * tx.sendSync(bytes, { transfer: true });
   * console.log(bytes.length, rx.recvSync().length); // 0 1000000
   * tx.close();
   * rx.close();
   * ```
   */
  sendSync(this: BytesSender, value: BytesLike, wait: SyncWait & Moving): void;
  sendSync(this: BytesSender, value: BytesLike, wait: TimedSyncWait & Moving): boolean;
  sendSync(this: BytesSender, value: BytesLike, wait: AnySyncWait & Moving): boolean | void;
  /**
   * Sends what there is room for now, from the front; how many. Every value is encoded before the first is sent:
   * if one cannot be, nothing is sent. Never waits.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(2, { codec: 'text' });
   * console.log(tx.trySendMany(['one', 'two', 'three'])); // 2
   * tx.close();
   * rx.close();
   * ```
   */
  trySendMany(values: readonly T[]): number;
  /**
   * Sends all of them, and resolves once the last is accepted; how many were. Until then it keeps its place, and
   * counts as one pending send. Where a timeout, an abort or the channel's closing stops it after some, it
   * resolves with how many those are; after none, with 0 for a timeout, and as `send` else.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(2, { codec: 'text' });
   * console.log(await tx.sendMany(['one', 'two'])); // 2
   * console.log(await tx.sendMany(['three'], { timeout: 10 })); // 0: full
   * tx.close();
   * rx.close();
   * ```
   */
  sendMany(values: readonly T[], wait?: AnyWait): Promise<number>;
  /**
   * As `sendMany`, but blocks this thread until the last is accepted.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(2, { codec: 'text' });
   * console.log(tx.sendManySync(['one', 'two', 'three'], { timeout: 10 })); // 2
   * tx.close();
   * rx.close();
   * ```
   */
  sendManySync(values: readonly T[], wait?: AnySyncWait): number;
  /**
   * Memory for a message of `byteLength` bytes, 0 to 2,147,483,648, to be filled in place and sent without a copy. For
   * `'bytes'` and `'buffer'` channels, else a `TypeError`. Whether the channel is open and has room is asked when
   * it is sent. It does not outlive this handle. A length out of range, beyond the channel's limits or that memory
   * cannot hold is a `RangeError`.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(8);
   * const ref = tx.sendRef(1_000_000);
   * ref.bytes.fill(7);
   * ref.trySend();
   * console.log(rx.tryRecv()?.length); // 1000000
   * tx.close();
   * rx.close();
   * ```
   */
  sendRef(this: Sender<BytesLike>, byteLength: number): SendRef;
  /**
   * Packs many small messages into one block, for one crossing and one wake: see {@link BatchWriter}. Where a
   * channel has batches, its single messages cost a lock each. For millions of messages a second.
   *
   * @example
   * ```ts
   * import { unbounded } from 'millrace';
   *
   * const [tx, rx] = unbounded({ codec: 'f64' });
   * {
   *   using batch = tx.batch();
   *   for (let number = 0; number < 1000; number += 1) batch.sendSync(number);
   * } // what is left in the block goes here
   * console.log(rx.tryRecvMany(5000).length); // 1000
   * tx.close();
   * rx.close();
   * ```
   */
  batch(options?: BatchOptions): BatchWriter<T>;
  /**
   * Another sending end of the same channel, counted: the channel stays open until each is closed.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(8, { codec: 'text' });
   * const second = tx.clone();
   * tx.close();
   * console.log(second.trySend('still open')); // true
   * second.close();
   * rx.close();
   * ```
   */
  clone(): Sender<T>;
  /**
   * For all senders: nothing more is accepted, and pending sends reject with `ChannelClosedError`. Receivers
   * drain what was accepted, then are closed.
   *
   * @example
   * ```ts
   * import { unbounded } from 'millrace';
   *
   * const [tx, rx] = unbounded({ codec: 'text' });
   * tx.trySend('one');
   * tx.end();
   * for await (const message of rx) console.log(message); // one
   * tx.close();
   * rx.close();
   * ```
   */
  end(): void;
  /**
   * For all senders, as `end`, but what was sent is not all: receivers, once they have what was accepted, get
   * `ChannelFailedError` with `error` as its `cause`, and so do their iterations. It takes whatever was thrown: errors
   * keep their class where it is built in or millrace's, their name, message, stack, code, causes and own properties
   * that can be cloned; what cannot be is replaced by its text. The first of `end`, `fail` and the last `close` counts.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(8, { codec: 'text' });
   * tx.trySend('half of it');
   * tx.fail(new RangeError('the rest is unreadable'));
   * console.log(rx.tryRecv()); // half of it
   * const { name, cause } = await rx.recv().catch((error) => error);
   * console.log(name, String(cause)); // ChannelFailedError RangeError: the rest is unreadable
   * tx.close();
   * rx.close();
   * ```
   */
  fail(error: unknown): void;
  /**
   * Has open batches go, and resolves when all that this handle has sent, pending sends included, and all that
   * was accepted before, has left the queue; left is not processed. Rejects with `ChannelClosedError` when the receivers are
   * gone. With a `timeout` in milliseconds it resolves to whether that happened in time.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(8, { codec: 'text' });
   * tx.trySend('one');
   * const drained = tx.drained();
   * console.log(rx.tryRecv()); // one
   * await drained;
   * tx.close();
   * rx.close();
   * ```
   */
  drained: Send<[]>;
  /**
   * As `drained`, but blocks this thread: for `process.on('exit')`, where nothing awaited goes on. A wait that could never
   * end, every receiver being in this thread, throws `ChannelStateError`. With a `timeout` in milliseconds it answers
   * whether all has left the queue in time.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(8, { codec: 'text' });
   * tx.trySend('one');
   * console.log(tx.drainedSync({ timeout: 10 })); // false: nobody has taken it
   * console.log(rx.tryRecv(), tx.drainedSync({ timeout: 10 })); // one true
   * tx.close();
   * rx.close();
   * ```
   */
  drainedSync: SendSync<[]>;
  /**
   * Whether both are ends of one channel.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(8);
   * console.log(tx.sameChannel(rx)); // true
   * tx.close();
   * rx.close();
   * ```
   */
  sameChannel(other: Sender<never> | BroadcastSender<never> | SoleReceiver<unknown>): boolean;
}
