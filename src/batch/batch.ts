/** Batches: what they promise, and how they are asked for. writer.ts keeps it. */
import { outOfRange, readKeys, wrongType } from '../errors/misuse.js';
import type { Send, SendSync } from '../ends/sender.js';

/**
 * What `batch` can be made with.
 *
 * @example
 * ```ts
 * import { type BatchOptions, unbounded } from 'millrace';
 *
 * const options: BatchOptions = { bytes: 4096, delayMs: 5 };
 * const [tx, rx] = unbounded({ codec: 'f64' });
 * const batch = tx.batch(options);
 * for (let number = 0; number < 3; number += 1) batch.trySend(number);
 * console.log(rx.length, (await rx.recvMany(8)).length); // 0 3
 * batch.close();
 * tx.close();
 * rx.close();
 * ```
 */
export interface BatchOptions {
  /** Bytes of a block, 1 to 2^30; 16,384 by default. A message that is longer, or longer than 4 KiB, is sent by itself, behind the block. */
  bytes?: number;
  /** Milliseconds, 0 or more, after which an open block goes; at the end of this turn of the event loop by default. */
  delayMs?: number;
}

/**
 * Packs many small messages into one block: one crossing and one wake for all of them. What lies in the
 * open block is not accepted yet; it is when the block goes: when it is full (of a bounded channel it takes
 * half the capacity at most), after `delayMs`, at `flush` or `close`, or before any other send of the same
 * sender. To receivers they are ordinary messages. An open block keeps the event loop alive, which does not
 * turn while the thread blocks: before blocking on an answer, `flushSync`.
 *
 * Every verb throws, or rejects with, `ChannelClosedError` once the channel is known to be closed,
 * `ChannelStateError` when the batch was closed or its sender is spent, and as the sender's verbs for a value
 * that cannot be sent.
 *
 * @example
 * ```ts
 * import { type BatchWriter, unbounded } from 'millrace';
 *
 * const [tx, rx] = unbounded({ codec: 'f64' });
 * async function count(to: BatchWriter<number>) {
 *   for (let number = 0; number < 1000; number += 1) await to.send(number);
 *   await to.flush();
 * }
 * const batch = tx.batch();
 * await count(batch);
 * console.log(rx.length, batch.lost); // 1000 0
 * batch[Symbol.dispose]();
 * tx.close();
 * rx.close();
 * ```
 */
export interface BatchWriter<in T> {
  /**
   * Adds to the open block, and never waits. False: the block is full and finds no room in the channel.
   *
   * @example
   * ```ts
   * import { unbounded } from 'millrace';
   *
   * const [tx, rx] = unbounded({ codec: 'text' });
   * using batch = tx.batch();
   * console.log(batch.trySend('one'), rx.length); // true 0
   * batch.flushSync();
   * console.log(rx.tryRecv()); // one
   * tx.close();
   * rx.close();
   * ```
   */
  trySend(value: T): boolean;
  /**
   * Adds to the open block, and resolves at once while there is room; then when the channel has accepted the
   * block and the value behind it. `wait` as for `Sender.send`.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(256, { codec: 'f64' });
   * const batch = tx.batch();
   * for (let number = 0; number < 100; number += 1) await batch.send(number);
   * batch.close();
   * console.log((await rx.recvMany(100)).length); // 100
   * tx.close();
   * rx.close();
   * ```
   */
  send: Send<[value: T]>;
  /**
   * As `send`, but blocks this thread while the block is full and finds no room. `wait` as for `Sender.sendSync`.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(2, { codec: 'text' });
   * const batch = tx.batch();
   * for (const text of ['one', 'two']) batch.sendSync(text);
   * batch.sendSync('three');
   * console.log(batch.sendSync('four', { timeout: 10 })); // false: two are queued, one is in the block
   * console.log(rx.tryRecvMany(8)); // [ 'one', 'two' ]
   * batch.close();
   * console.log(rx.tryRecv()); // three
   * tx.close();
   * rx.close();
   * ```
   */
  sendSync: SendSync<[value: T]>;
  /**
   * Sends the open block, and resolves when all that was added so far is accepted. A timeout or an abort ends
   * this wait, not the block: that keeps its place.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(1, { codec: 'text' });
   * tx.trySend('full');
   * const batch = tx.batch();
   * batch.trySend('behind');
   * console.log(await batch.flush({ timeout: 10 })); // false
   * console.log(await rx.recv(), await rx.recv()); // full behind
   * batch.close();
   * tx.close();
   * rx.close();
   * ```
   */
  flush: Send<[]>;
  /**
   * As `flush`, but blocks this thread. What finds no room in time stays in the open block.
   *
   * @example
   * ```ts
   * import { unbounded } from 'millrace';
   *
   * const [tx, rx] = unbounded({ codec: 'text' });
   * const batch = tx.batch();
   * batch.sendSync('one');
   * batch.flushSync();
   * console.log(rx.recvSync()); // one
   * batch.close();
   * tx.close();
   * rx.close();
   * ```
   */
  flushSync: SendSync<[]>;
  /** How many messages were added and never accepted, because the channel closed before their block could go. */
  readonly lost: number;
  /**
   * Sends the open block, whose messages keep their place as a pending send where they find no room. The sender
   * stays open; again does nothing.
   *
   * @example
   * ```ts
   * import { unbounded } from 'millrace';
   *
   * const [tx, rx] = unbounded({ codec: 'text' });
   * const batch = tx.batch({ delayMs: 1000 });
   * batch.trySend('last');
   * batch.close();
   * console.log(rx.tryRecv()); // last
   * tx.close();
   * rx.close();
   * ```
   */
  close(): void;
  /** As {@link BatchWriter.close}, for `using`. */
  [Symbol.dispose](): void;
}

const defaultBytes = 16_384;
const mostBytes = 2 ** 30;

/** Reads the options of a batch: `delayMs` is `undefined` for the end of the turn. */
export function readBatchOptions(options: unknown): { bytes: number; delayMs: number | undefined } {
  const { bytes = defaultBytes, delayMs } = readKeys('options', options, ['bytes', 'delayMs']);
  if (typeof bytes !== 'number') throw wrongType('options.bytes', 'a number of bytes', bytes);
  if (!Number.isInteger(bytes) || bytes < 1 || bytes > mostBytes) {
    throw outOfRange('options.bytes', `an integer, 1 to ${mostBytes} bytes`, bytes);
  }
  if (delayMs !== undefined) {
    if (typeof delayMs !== 'number') throw wrongType('options.delayMs', 'a number of milliseconds', delayMs);
    if (!(delayMs >= 0)) throw outOfRange('options.delayMs', '0 or more milliseconds', delayMs);
  }
  return { bytes, delayMs };
}
