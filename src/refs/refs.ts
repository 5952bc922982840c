/** Messages in place: what a ref promises. live-refs.ts keeps it. */
import type { BytesLike } from '../border/bytes.js';
import type { Send, SendSync, Sender } from '../ends/sender.js';
import type { BroadcastSender } from '../broadcast/broadcast.js';

/**
 * Memory for one message, to be filled where the receiver will read it. Native memory, so sending it copies
 * nothing, whatever its size; up to 4 KiB (on Node 20 8 KiB), where that is quicker, and where the runtime forbids it, it is copied once.
 *
 * It is sent once. Its verbs throw, or reject with, `ChannelStateError` once it was sent or disposed, its sender
 * was closed, or the caller moved its memory away (`structuredClone` with transfer, `ArrayBuffer.prototype.transfer`);
 * such memory is never sent. They throw as `Sender`'s do besides. A `byteLength` sends only so many bytes from the
 * front, 0 to `bytes.length`; another number is a `RangeError`.
 *
 * Dispose a ref that is not sent, by `using` or by hand. One that is forgotten is released by garbage collection,
 * with one process warning.
 *
 * @example
 * ```ts
 * import { bounded } from 'millrace';
 *
 * const [tx, rx] = bounded(2);
 * using ref = tx.sendRef(1920 * 1080 * 3);
 * ref.bytes.fill(255);
 * console.log(ref.trySend(), ref.bytes.length); // true 0
 * console.log(rx.tryRecv()?.length); // 6220800
 * tx.close();
 * rx.close();
 * ```
 */
export interface SendRef {
  /**
   * The memory: what is in it at first is not said. Its view is detached, and has length 0, once the message is on
   * its way; where it was not accepted, this is a new view of the same bytes.
   */
  readonly bytes: Uint8Array;
  /**
   * Sends now, and never waits. False: the channel is full, or an earlier send of the handle is pending; the bytes
   * are still the ref's.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(1);
   * const [first, second] = [tx.sendRef(1000), tx.sendRef(1000)];
   * second.bytes[0] = 7;
   * console.log(first.trySend(), second.trySend(), second.bytes[0]); // true false 7
   * rx.tryRecvRef()?.[Symbol.dispose]();
   * console.log(second.trySend(1), rx.tryRecv()); // true Uint8Array(1) [ 7 ]
   * tx.close();
   * rx.close();
   * ```
   */
  trySend(byteLength?: number): boolean;
  /**
   * Sends, and resolves once the message is accepted. Timed out, aborted or refused, the bytes are the ref's again.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(1);
   * const ref = tx.sendRef(1000);
   * ref.bytes[0] = 7;
   * await ref.send(1);
   * console.log(await rx.recv()); // Uint8Array(1) [ 7 ]
   * tx.close();
   * rx.close();
   * ```
   */
  send: Send<[byteLength?: number]>;
  /**
   * As `send`, but blocks this thread until the message is accepted, as `Sender.sendSync` does.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(1);
   * const ref = tx.sendRef(1000);
   * console.log(ref.sendSync(1000, { timeout: 10 })); // true
   * tx.close();
   * rx.close();
   * ```
   */
  sendSync: SendSync<[byteLength?: number]>;
  /** Gives the memory back to the channel; its view is detached. Again, or after a send, it does nothing. */
  [Symbol.dispose](): void;
}

/**
 * A received message, read where it lies. It is received, and the caller's, whatever becomes of the receiver.
 * Disposed, its memory is used again at once, which is what a loop over large messages lives by.
 *
 * It may be changed, and forwarded to another channel of bytes, without a copy. Its verbs throw, or reject with,
 * `ChannelStateError` once it was forwarded or disposed, or the caller moved its memory away, and as the verbs of
 * `to` do besides. One that is forgotten is released by garbage collection, with one process warning.
 *
 * @example
 * ```ts
 * import { bounded } from 'millrace';
 *
 * const [tx, rx] = bounded(2);
 * tx.trySend(new Uint8Array(1_000_000).fill(3));
 * const ref = await rx.recvRef();
 * console.log(ref.bytes.length, ref.bytes[0]); // 1000000 3
 * ref[Symbol.dispose]();
 * tx.close();
 * rx.close();
 * ```
 */
export interface RecvRef {
  /** The message. Its view is detached, and has length 0, once it is forwarded or disposed; where a forward was not accepted, this is a new view of the same bytes. */
  readonly bytes: Uint8Array;
  /**
   * The message's bytes, the caller's for good, and the ref is over. Over 4 KiB (on Node 20 8 KiB) they are the memory
   * that they were received in, which `{ transfer: true }` sends on without a copy; a thread that has kept 256 MiB is
   * given copies. Else the view is that of `bytes`, if there was one.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(2);
   * tx.trySend(new Uint8Array(1_000_000).fill(3));
   * const ref = rx.recvRefSync();
   * const bytes = ref.keep();
   * ref[Symbol.dispose](); // does nothing any more
   * console.log(bytes.length, bytes[0]); // 1000000 3
   * tx.close();
   * rx.close();
   * ```
   */
  keep(): Uint8Array<ArrayBuffer>;
  /**
   * Sends the message on now, and never waits. False: `to` is full, or an earlier send of it is pending; the bytes
   * are still the ref's.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(2);
   * const [next, last] = bounded(2);
   * tx.trySend(Uint8Array.of(1, 2));
   * const ref = rx.tryRecvRef();
   * if (ref !== undefined) ref.bytes[0] = 9;
   * console.log(ref?.tryForward(next), last.tryRecv()); // true Uint8Array(2) [ 9, 2 ]
   * for (const end of [tx, rx, next, last]) end.close();
   * ```
   */
  tryForward(to: Sender<BytesLike> | BroadcastSender<BytesLike>): boolean;
  /**
   * Sends the message on, and resolves once it is accepted. Timed out, aborted or refused, the bytes are the ref's
   * again.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(2);
   * const [next, last] = bounded(2);
   * tx.trySend(Uint8Array.of(1, 2));
   * await (await rx.recvRef()).forward(next);
   * console.log(last.tryRecv()); // Uint8Array(2) [ 1, 2 ]
   * for (const end of [tx, rx, next, last]) end.close();
   * ```
   */
  forward: Send<[to: Sender<BytesLike> | BroadcastSender<BytesLike>]>;
  /**
   * As `forward`, but blocks this thread until the message is accepted, as `Sender.sendSync` does.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(2);
   * const [next, last] = bounded(2);
   * tx.trySend(Uint8Array.of(1, 2));
   * rx.recvRefSync().forwardSync(next);
   * console.log(last.tryRecv()); // Uint8Array(2) [ 1, 2 ]
   * for (const end of [tx, rx, next, last]) end.close();
   * ```
   */
  forwardSync: SendSync<[to: Sender<BytesLike> | BroadcastSender<BytesLike>]>;
  /** Gives the memory back to the channel; its view is detached. Again, or after a forward, it does nothing. */
  [Symbol.dispose](): void;
}
