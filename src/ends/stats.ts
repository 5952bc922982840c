/** The figures of a channel: what `stats()` promises. */
import type { Flavor } from '../border/binding.js';

/**
 * The figures of a channel, as `stats()` gives them.
 *
 * @example
 * ```ts
 * import { bounded, type Stats } from 'millrace';
 *
 * const settled = ({ sent, received, dropped, skipped, discarded, length }: Stats) =>
 *   sent === received + dropped + skipped + discarded + length;
 * const [tx, rx] = bounded(1, { codec: 'text' });
 * tx.trySend('one');
 * console.log(rx.stats().sent, rx.stats().bytes, settled(rx.stats())); // 1 3 true
 * tx.close();
 * rx.close();
 * ```
 */
export interface Stats {
  /** Which Rust channel is underneath. */
  flavor: keyof typeof Flavor;
  /** The channel's `label`, if it was given one. */
  label?: string;
  /** The most messages that may be queued; `Infinity` when unbounded. */
  capacity: number;
  /** Messages queued now. */
  length: number;
  /** Payload bytes queued now. */
  bytes: number;
  /** Sending ends, tickets included. */
  senders: number;
  /** Receiving ends, tickets included. */
  receivers: number;
  /** Ends in flight between threads. */
  tickets: number;
  /** Messages accepted so far. */
  sent: number;
  /** Messages received so far. */
  received: number;
  /** Messages that an overflow policy dropped. */
  dropped: number;
  /** Messages that a later one made obsolete. */
  skipped: number;
  /** Messages that were accepted, and thrown away because nobody was left to receive them. */
  discarded: number;
  /** Sends that wait for room. */
  waitingSenders: number;
  /** Receives that wait for a message. */
  waitingReceivers: number;
  /** The most messages that were seen queued at once. */
  highWater: number;
  /** Of `rpc` alone: requests that are taken and not answered, and for which somebody waits. */
  inFlight?: number;
  /** Of a channel made with `ack: true` alone: messages that are leased, which are received and not settled. */
  leased?: number;
  /** With `timing` alone: for how long the oldest queued message has waited, in milliseconds; 0 when none is queued. */
  oldest?: number;
  /** With `timing` alone: how long those waited that are not queued any more, received or lost. */
  waited?: WaitTimes;
}

/**
 * How long the messages of a channel with `timing` have waited in its queue.
 *
 * @example
 * ```ts
 * import { bounded, type WaitTimes } from 'millrace';
 *
 * const mean = ({ count, total }: WaitTimes) => total / count;
 * const [tx, rx] = bounded(8, { codec: 'text', timing: true });
 * tx.trySendMany(['one', 'two']);
 * rx.tryRecvMany(2);
 * const { waited } = rx.stats();
 * console.log(waited?.count, waited !== undefined && mean(waited) > 0); // 2 true
 * tx.close();
 * rx.close();
 * ```
 */
export interface WaitTimes {
  /** Half of the last messages waited no longer, in milliseconds, within a sixteenth: of the last 65,536 or so. */
  p50: number;
  /** Ninety-nine of a hundred of them waited no longer, likewise. */
  p99: number;
  /** How many messages have left the queue since it was made. */
  count: number;
  /** How long all of these waited together, in milliseconds. */
  total: number;
}
