/**
 * What pending waits hang on in this thread: a handle's, or a timer's. While one that is ref'd has any, the
 * event loop is kept alive.
 */
import type { PendingWait } from './pending-wait.js';
import { hold } from './turns.js';

export class WaitOwner {
  readonly waits = new Set<PendingWait>();
  /** Results that are known and wait for a later turn, and handlers of `serve` under way. */
  owed = 0;
  /** Whether pending waits keep the event loop alive. */
  refed = true;
  /** How often selects chose another since one chose this. */
  passedOver = 0;

  setRef(refed: boolean): void {
    if (refed === this.refed) return;
    this.refed = refed;
    hold(refed ? this.owed : -this.owed);
    for (const wait of this.waits) wait.followRef();
  }

  /** So many more are owed: while it is ref'd, they keep the event loop alive. */
  owe(change: number): void {
    this.owed += change;
    if (this.refed) hold(change);
  }

  /** The waits that nobody waits for any more: the handle was closed. */
  cutShort(): void {
    for (const wait of this.waits) wait.cutShort();
  }
}
