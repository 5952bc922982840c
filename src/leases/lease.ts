/** Leases, and the end that gives them: what they promise. live-lease.ts and leasing-end.ts keep it. */
import type { Sender } from '../ends/sender.js';
import type { SoleReceiver } from '../ends/receiver.js';

/**
 * A message that was received, and is to be settled. It is settled once: later calls do nothing and answer false. Whoever
 * disposes it unsettled, or ends with it, puts it back.
 *
 * @example
 * ```ts
 * import { bounded, type Lease } from 'millrace';
 *
 * const work = (job: Lease<string>) => (job.value === 'one' && job.attempt < 2 ? job.nack() : job.ack());
 * const [tx, rx] = bounded(8, { codec: 'text', ack: true });
 * tx.trySendMany(['one', 'two']);
 * work(rx.recvSync());
 * console.log(rx.length, work(rx.recvSync()), rx.length); // 2 true 1
 * tx.close();
 * using last = rx.recvSync(); // back in the queue when this block ends, unless it is acknowledged
 * console.log(last.value, last.attempt, last[Symbol.dispose](), rx.recvSync().attempt); // two 1 undefined 2
 * rx.close();
 * ```
 */
export interface Lease<out T> {
  /** The message. */
  readonly value: T;
  /** How often it was received, this time included: 1 at first. */
  readonly attempt: number;
  /** Takes the message off for good. False: it was settled before. */
  ack(): boolean;
  /** Puts the message back, ahead of the queue, with `attempt` one higher; or, after the last of `maxAttempts`, sends it to `deadLetter`. False: it was settled before. */
  nack(): boolean;
  /** As `nack`, for `using`: once it is settled it does nothing. */
  [Symbol.dispose](): void;
}

/**
 * What makes a channel lease its messages.
 *
 * @example
 * ```ts
 * import { bounded, type LeaseOptions, unbounded } from 'millrace';
 *
 * const [letters, dead] = unbounded({ codec: 'text' });
 * const options: LeaseOptions = { ack: true, maxAttempts: 2, deadLetter: letters };
 * const [tx, rx] = bounded(8, { ...options, codec: 'text' });
 * tx.trySend('poison');
 * for (let lease = rx.tryRecv(); lease !== undefined; lease = rx.tryRecv()) lease.nack();
 * console.log(dead.tryRecv(), tx.stats().dropped); // poison 1
 * for (const end of [tx, rx, dead]) end.close();
 * ```
 */
export interface LeaseOptions {
  /** Receiving verbs give leases, which are to be acknowledged. */
  ack: true;
  /** How often a message is received at most, 1 or more; as often as it comes back by default. After the last attempt it goes to `deadLetter`, or is discarded. */
  maxAttempts?: number;
  /** Where messages go after their last attempt: a sender of the same codec, which belongs to the channel from then on, and is spent here. It never blocks the channel: where it has no room they wait there, as its pending sends. It is closed once nothing more can come. */
  deadLetter?: Sender<never>;
}

/**
 * A receiving end that leases messages: its verbs are those of a receiver, and give a {@link Lease} for each message.
 *
 * What is leased takes up room, as what is queued does. It goes back when its lease is given up, in whatever way: `nack`,
 * dispose, the end of its thread, and, with a warning, garbage collection. What comes back is received before what is
 * queued, in its old order. A lease may be settled after the channel's end, and outlives its receiver; where no receiver is
 * left, what comes back is discarded. The receivers are closed when nothing is queued and nothing is leased.
 *
 * A message that cannot be decoded goes back, and the verb throws its `ChannelCodecError`. `latest` leases the newest; those
 * that it passes over are gone. Receiving into memory of one's own and refs are not for leases: a `TypeError`.
 *
 * @example
 * ```ts
 * import { bounded, type LeaseReceiver } from 'millrace';
 *
 * async function work(jobs: LeaseReceiver<{ id: number }>) {
 *   for await (const job of jobs) {
 *     console.log(job.value.id, job.attempt); // 1 1, then 2 1
 *     job.ack();
 *   }
 * }
 * const [tx, jobs] = bounded<{ id: number }>(8, { codec: 'json', ack: true });
 * tx.trySendMany([{ id: 1 }, { id: 2 }]);
 * tx.close();
 * await work(jobs);
 * jobs.close();
 * ```
 */
export interface LeaseReceiver<T> extends SoleReceiver<Lease<T>> {
  /**
   * Another receiving end beside this one: each message is leased by one of them at a time.
   *
   * @example
   * ```ts
   * import { unbounded } from 'millrace';
   *
   * const [tx, rx] = unbounded({ codec: 'text', ack: true });
   * const other = rx.clone();
   * tx.trySend('one');
   * rx.tryRecv()?.nack();
   * console.log(other.tryRecv()?.attempt); // 2
   * for (const end of [tx, rx, other]) end.close();
   * ```
   */
  clone(): LeaseReceiver<T>;
}
