/** Timers as receivers: `after`, `tick` and `never`. */
import { outOfRange, wrongType } from '../errors/misuse.js';
import type { SoleReceiver } from '../ends/receiver.js';
import { TimerEnd } from './timer-end.js';

/**
 * A receiver that gives one message, in `ms` milliseconds: the instant at which it was due, as
 * `performance.now()` counts. Then it stays silent, and never closes. It lives in this thread, and needs no
 * `close()`. With `Infinity` it is `never()`.
 *
 * Throws a `TypeError` for anything but a number, and a `RangeError` for one below 0.
 *
 * @example
 * ```ts
 * import { after, bounded, select } from 'millrace';
 *
 * const [tx, jobs] = bounded(8, { codec: 'text' });
 * const op = await select({ job: jobs, idle: after(10) });
 * console.log(op.key); // idle
 * tx.close();
 * jobs.close();
 * ```
 */
export function after(ms: number): SoleReceiver<number> {
  if (!(readMilliseconds(ms) >= 0)) throw outOfRange('ms', '0 or more milliseconds', ms);
  return new TimerEnd(`after ${ms} ms`, ms, Infinity);
}

/**
 * A receiver that gives a message every `ms` milliseconds: the instant at which it was due, as
 * `performance.now()` counts. Beats that nobody has taken by the next one are dropped. It lives in this thread,
 * and needs no `close()`.
 *
 * Throws a `TypeError` for anything but a number, and a `RangeError` for one that is not above 0.
 *
 * @example
 * ```ts
 * import { tick } from 'millrace';
 *
 * let count = 0;
 * for await (const at of tick(5)) {
 *   count += Number(at > 0);
 *   if (count === 3) break;
 * }
 * console.log(count); // 3
 * ```
 */
export function tick(ms: number): SoleReceiver<number> {
  if (!(readMilliseconds(ms) > 0)) throw outOfRange('ms', 'more than 0 milliseconds', ms);
  return new TimerEnd(`tick ${ms} ms`, ms, ms);
}

/**
 * A receiver that never gives anything, and never closes: a case of `select` that is switched off.
 *
 * @example
 * ```ts
 * import { after, never, select } from 'millrace';
 *
 * const limit = undefined as number | undefined;
 * const deadline = limit === undefined ? never<number>() : after(limit);
 * const op = await select({ deadline, idle: after(10) });
 * console.log(op.key); // idle
 * ```
 */
export function never<T>(): SoleReceiver<T> {
  return new TimerEnd('never', Infinity, Infinity) as SoleReceiver<unknown> as SoleReceiver<T>;
}

function readMilliseconds(ms: unknown): number {
  if (typeof ms !== 'number') throw wrongType('ms', 'a number of milliseconds', ms);
  return ms;
}
