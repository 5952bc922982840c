/** What a channel can be made with. */

/**
 * What every queue can be made with, beside its `codec`.
 *
 * @example
 * ```ts
 * import { type Options, unbounded } from 'millrace';
 *
 * const options: Options = { maxBytes: 8, label: 'jobs' };
 * const [tx, rx] = unbounded({ ...options, codec: 'text' });
 * console.log(tx.trySend('12345678'), tx.trySend('9'), rx.stats().label); // true false jobs
 * tx.close();
 * rx.close();
 * ```
 */
export interface Options {
  /** The most payload bytes that may be queued, 1 or more: beyond it the channel is full, and a longer message is a `RangeError`. A rendezvous queues none, so there only the latter counts. */
  maxBytes?: number;
  /** Gives every received message a buffer of its own; otherwise short ones share a block. */
  ownBuffers?: boolean;
  /** Microseconds that a blocking wait spins before it sleeps, up to 1,000,000; 0 for none. Adaptive by default. */
  spin?: number;
  /** Microseconds that an awaiting wait polls while messages keep coming, up to 1,000,000; 0 for none. Adaptive by default. */
  poll?: number;
  /**
   * What becomes of the channel when a sender goes with a thread that died: by an uncaught error, an exit code other
   * than 0, `terminate()` or its memory limit. `'close'`, the default: nothing more than when it is closed. `'fail'`: the
   * channel fails, and receivers, once they have what was accepted, get `ChannelFailedError` whose `cause` names the
   * thread and says how it ended.
   */
  onDeath?: 'close' | 'fail';
  /**
   * Keeps how long messages wait in the queue: `stats()` has `oldest` and `waited` then, and so have `inspect()` and the
   * console. A message costs some tens of nanoseconds more each way, and senders and receivers take turns at the queue.
   * Not for a rendezvous, where none waits.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(8, { codec: 'text', timing: true });
   * tx.trySend('one');
   * const { oldest = 0 } = rx.stats();
   * rx.tryRecv();
   * const { waited } = rx.stats();
   * console.log(oldest > 0, waited?.count, rx.stats().oldest); // true 1 0
   * tx.close();
   * rx.close();
   * ```
   */
  timing?: boolean;
  /**
   * Has messages carry the context of the code that sends them: the W3C trace parent, and the values of the storages that
   * {@link carry} names. Code that follows a receive goes on in it. A message is longer by 8 bytes and what it carries, which
   * count in `stats().bytes`, `maxBytes` and `slotBytes`. Refs and receives into memory are not for such channels.
   *
   * @example
   * ```ts
   * import { AsyncLocalStorage } from 'node:async_hooks';
   * import { bounded, carry } from 'millrace';
   *
   * const requestId = new AsyncLocalStorage<string>();
   * carry('request id', requestId);
   * const [tx, rx] = bounded(8, { codec: 'text', context: true });
   * requestId.run('r1', () => tx.trySend('hello'));
   * console.log(await rx.recv(), requestId.getStore()); // hello r1
   * tx.close();
   * rx.close();
   * ```
   */
  context?: boolean;
  /** A name, shown by inspection and in `stats()`. */
  label?: string;
}

/**
 * What `bounded` can be made with, beside its `codec`.
 *
 * @example
 * ```ts
 * import { bounded, type BoundedOptions } from 'millrace';
 *
 * const options: BoundedOptions = { overflow: 'drop-newest', slotBytes: 1500 };
 * const [tx, rx] = bounded(1, options);
 * for (let byte = 1; byte <= 3; byte += 1) tx.trySend(Uint8Array.of(byte));
 * console.log(rx.tryRecv(), rx.stats().dropped); // Uint8Array(1) [ 1 ] 2
 * tx.close();
 * rx.close();
 * ```
 */
export interface BoundedOptions extends Options {
  /**
   * What becomes of a message for which there is no room: it waits, by default; it is dropped; or the oldest are,
   * until it fits. A channel that drops is never full to its senders, and counts in `stats().dropped` what is
   * lost. For a capacity of 1 or more.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(2, { codec: 'text', overflow: 'drop-oldest' });
   * tx.trySendMany(['one', 'two', 'three']);
   * console.log(rx.tryRecvMany(8), tx.stats().dropped); // [ 'two', 'three' ] 1
   * tx.close();
   * rx.close();
   * ```
   */
  overflow?: 'wait' | 'drop-newest' | 'drop-oldest';
  /**
   * The longest message, in bytes, 1 or more; a longer one is a `RangeError`. Memory for a full queue of them is made
   * at once, up to 1 GiB (`capacity` times `slotBytes`), and recycled until the channel is gone: no message
   * allocates. Where receivers hold messages, spare memory is made for as many, once. For a capacity of 1 or more.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(64, { slotBytes: 4096, prefault: true });
   * const packet = new Uint8Array(4096);
   * tx.trySend(new Uint8Array(1500));
   * console.log(rx.tryRecvInto(packet)); // 1500
   * tx.close();
   * rx.close();
   * ```
   */
  slotBytes?: number;
  /** Touches the memory of `slotBytes` now, so that the system need not hand it over page by page later. */
  prefault?: boolean;
}
