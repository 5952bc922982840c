/** What ends in this process and ends over a network have in common: code written for these two runs on both. */
import type { Recv } from './receiver.js';
import type { Send } from './sender.js';
import type { AnyWait } from '../event-loop/wait-options.js';

/**
 * A sending end, wherever its receivers are: a {@link Sender} of this process, or one of `millrace/nats`.
 *
 * @example
 * ```ts
 * import { bounded, type AsyncSender } from 'millrace';
 *
 * async function produce(out: AsyncSender<number>) {
 *   for (let number = 0; number < 3; number += 1) await out.send(number);
 *   await out.sendMany([3, 4]);
 *   out.end();
 * }
 * const [tx, rx] = bounded(8, { codec: 'f64' });
 * await produce(tx);
 * console.log(rx.tryRecvMany(8)); // [ 0, 1, 2, 3, 4 ]
 * tx.close();
 * rx.close();
 * ```
 */
export interface AsyncSender<in T> {
  /**
   * Resolves once the message is accepted. With a `timeout` in milliseconds it resolves to whether it was; an aborted
   * `signal` rejects with its reason.
   *
   * @example
   * ```ts
   * import { bounded, type AsyncSender } from 'millrace';
   *
   * const offer = (out: AsyncSender<string>) => out.send('one', { timeout: 10 });
   * const [tx, rx] = bounded(1, { codec: 'text' });
   * console.log(await offer(tx), await offer(tx)); // true false
   * tx.close();
   * rx.close();
   * ```
   */
  send: Send<[value: T]>;
  /**
   * Sends all of them, in order; how many were accepted, from the front.
   *
   * @example
   * ```ts
   * import { bounded, type AsyncSender } from 'millrace';
   *
   * const offer = (out: AsyncSender<string>) => out.sendMany(['one', 'two'], { timeout: 10 });
   * const [tx, rx] = bounded(3, { codec: 'text' });
   * console.log(await offer(tx), await offer(tx)); // 2 1
   * tx.close();
   * rx.close();
   * ```
   */
  sendMany: (values: readonly T[], wait?: AnyWait) => Promise<number>;
  /**
   * Resolves when all that was accepted before has left the queue.
   *
   * @example
   * ```ts
   * import { bounded, type AsyncSender } from 'millrace';
   *
   * const isDone = (out: AsyncSender<string>) => out.drained({ timeout: 10 });
   * const [tx, rx] = bounded(1, { codec: 'text' });
   * console.log(await isDone(tx)); // true
   * tx.close();
   * rx.close();
   * ```
   */
  drained: Send<[]>;
  /**
   * For all senders: nothing more is accepted. Receivers drain what was, then are closed.
   *
   * @example
   * ```ts
   * import { bounded, type AsyncSender } from 'millrace';
   *
   * const finish = (out: AsyncSender<string>) => out.end();
   * const [tx, rx] = bounded(1, { codec: 'text' });
   * finish(tx);
   * for await (const message of rx) console.log(message);
   * tx.close();
   * rx.close();
   * ```
   */
  end(): void;
  /**
   * As `end`, and receivers, once they have what was accepted, get `ChannelFailedError` with `error` as its `cause`.
   *
   * @example
   * ```ts
   * import { bounded, type AsyncSender } from 'millrace';
   *
   * const giveUp = (out: AsyncSender<string>) => out.fail(new Error('the disk is full'));
   * const [tx, rx] = bounded(1, { codec: 'text' });
   * giveUp(tx);
   * await rx.recv().catch((error) => console.log(error.cause.message)); // the disk is full
   * tx.close();
   * rx.close();
   * ```
   */
  fail(error: unknown): void;
  /** Gives this end up, and no other. */
  close(): void;
}

/**
 * A receiving end, wherever its senders are: a {@link SoleReceiver} of this process, or one of `millrace/nats`.
 *
 * @example
 * ```ts
 * import { bounded, type AsyncReceiver } from 'millrace';
 *
 * async function sum(from: AsyncReceiver<number>) {
 *   let sum = (await from.recv())!;
 *   for (const number of await from.recvMany(2)) sum += number;
 *   for await (const numbers of from.batches(64)) for (const number of numbers) sum += number;
 *   return sum;
 * }
 * const [tx, rx] = bounded(8, { codec: 'f64' });
 * tx.trySendMany([1, 2, 3, 4]);
 * tx.close();
 * console.log(await sum(rx)); // 10
 * rx.close();
 * ```
 */
export interface AsyncReceiver<out T> extends AsyncIterable<T> {
  /** Resolves with the next message; with a `timeout` in milliseconds, with `undefined` when none came in time. */
  recv: Recv<T>;
  /** Waits for one message, then takes up to `max` that are there; none, `[]`, when none came in time. */
  recvMany(max: number, wait?: AnyWait): Promise<T[]>;
  /** As `for await` over the receiver, with up to `max` messages a step. */
  batches(max: number, options?: { signal?: AbortSignal }): AsyncIterable<T[]>;
  /** Gives this end up, and no other. */
  close(): void;
}
