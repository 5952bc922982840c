/** Work that is looked at again and again, within a timeout and until a signal aborts. */
import { type Abortable, follow, unfollow } from '../event-loop/aborts.js';
import { timeNow } from '../event-loop/runtime.js';
import type { WaitOptions } from '../event-loop/wait-options.js';

/** Runs `work`, which asks `isOver` between its looks, and answers false once that is so. Rejects with the signal's reason. */
export async function within(
  { signal, timeout }: WaitOptions,
  work: (isOver: () => boolean) => Promise<boolean>,
): Promise<boolean> {
  if (signal?.aborted === true) throw signal.reason;
  const end = timeNow() + timeout;
  if (signal === undefined) return work(() => timeNow() >= end);
  let abort!: (reason: unknown) => void;
  const aborted = new Promise<never>((_, reject) => {
    abort = reject;
  });
  const follower: Abortable = { aborted: abort };
  follow(signal, follower);
  try {
    return await Promise.race([work(() => timeNow() >= end || signal.aborted), aborted]);
  } finally {
    unfollow(signal, follower);
  }
}
