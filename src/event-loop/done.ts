/** Verbs that wait and have no other result: their promise, pending or not. */
import { SenderWait } from './pending-wait.js';
import type { WaitOwner } from './wait-owner.js';
import { countReady, hasBudget, owe } from './turns.js';
import type { WaitOptions } from './wait-options.js';

const now = Promise.resolve();
const nowInTime = Promise.resolve(true);

/** The promise of a verb that did not have to wait, in its turn. */
export function done(owner: WaitOwner, { timed }: WaitOptions): Promise<unknown> {
  if (!hasBudget()) return owe(owner, timed ? true : undefined);
  countReady();
  return timed ? nowInTime : now;
}

/** One that waits: a pending `send`, `drained` or `changed`. */
export abstract class PendingDone extends SenderWait {
  protected answer(): void {
    this.resolve(this.options.timed ? true : undefined);
  }

  protected nothing(): unknown {
    return false;
  }
}
