/** Verbs that wait and have no other result: their promise, pending or not. */
import { SenderAwaited } from './awaited.js';
import type { Tether } from './tether.js';
import { countReady, hasBudget, owe } from './turns.js';
import type { Patience } from './wait.js';

const now = Promise.resolve();
const nowInTime = Promise.resolve(true);

/** The promise of a verb that did not have to wait, in its turn. */
export function done(tether: Tether, { timed }: Patience): Promise<unknown> {
  if (!hasBudget()) return owe(tether, timed ? true : undefined);
  countReady();
  return timed ? nowInTime : now;
}

/** One that waits: a pending `send`, `drained` or `changed`. */
export class AwaitedDone extends SenderAwaited {
  protected answer(): void {
    this.resolve(this.patience.timed ? true : undefined);
  }

  protected nothing(): unknown {
    return false;
  }
}
