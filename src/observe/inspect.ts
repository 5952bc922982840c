/** What the process has open: its channels, their figures, and who holds their ends. */
import { type OpenChannel, Side, binding } from '../border/binding.js';
import { nameStats } from '../ends/end-state.js';
import type { Stats } from '../ends/stats.js';

/**
 * An end of an open channel, as {@link inspect} shows it.
 *
 * @example
 * ```ts
 * import { bounded, inspect, type InspectedEnd } from 'millrace';
 *
 * const [tx, rx] = bounded(8);
 * const ends: InspectedEnd[] = inspect().flatMap((channel) => channel.ends);
 * console.log(ends.map(({ side, thread }) => `${side} ${thread}`)); // [ 'sender 0', 'receiver 0' ]
 * tx.close();
 * rx.close();
 * ```
 */
export interface InspectedEnd {
  /** Which side it is on; an `Input` sends, an `Output` receives. */
  side: 'sender' | 'receiver';
  /** The `threadId` of the thread that holds it, 0 for the main one; `'ticket'` while it is in flight between threads. */
  thread: number | 'ticket';
  /** Where it was made, as the lines of a stack: made, cloned or attached. Only when `MILLRACE_TRACE=1`. */
  madeAt?: string;
}

/**
 * An open channel, as {@link inspect} shows it: its figures, and its ends.
 *
 * @example
 * ```ts
 * import { inspect, type InspectedChannel, unbounded } from 'millrace';
 *
 * const [tx, rx] = unbounded({ codec: 'f64', label: 'figures' });
 * tx.trySend(1);
 * const [channel] = inspect() as [InspectedChannel];
 * console.log(channel.flavor, channel.label, channel.length); // unbounded figures 1
 * tx.close();
 * rx.close();
 * ```
 */
export interface InspectedChannel extends Stats {
  /** The ends that were not given up: senders first, each side in no particular order. */
  ends: InspectedEnd[];
}

/**
 * Every channel of the process that has an end left, timers not among them, in the order in which they were made, each
 * of its own moment. With `MILLRACE_TRACE=1` it says where each end was made; then the process also prints what is
 * still open when it ends, and when on some channel somebody has waited for 5 s while nothing happened.
 *
 * @example
 * ```ts
 * import { bounded, inspect } from 'millrace';
 *
 * const [tx, rx] = bounded(8, { codec: 'text', label: 'jobs' });
 * tx.trySend('one');
 * for (const { label, length, ends } of inspect()) {
 *   console.log(label, length, ...ends.map(({ side }) => side)); // jobs 1 sender receiver
 * }
 * tx.close();
 * rx.close();
 * console.log(inspect()); // []
 * ```
 */
export function inspect(): InspectedChannel[] {
  return binding.inspect().map(nameChannel);
}

function nameChannel([label, figures, ends]: OpenChannel): InspectedChannel {
  return { ...nameStats(label, figures), ends: ends.map(nameEnd) };
}

function nameEnd([side, thread, madeAt]: OpenChannel[2][number]): InspectedEnd {
  return {
    side: side === Side.sender ? 'sender' : 'receiver',
    thread: thread < 0 ? 'ticket' : thread,
    ...(madeAt === undefined ? {} : { madeAt }),
  };
}
