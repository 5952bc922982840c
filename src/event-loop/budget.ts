/**
 * What is left of a turn of the event loop for awaited results, before timers and I/O have theirs: so many messages,
 * or so much time, whichever is over first. Only decisions; turns.ts acts.
 */
import { timeNow } from './runtime.js';

/** The most results of a turn. */
const most = 256;
/** Messages that came together: so many count as one that came alone. */
const together = 64;
/** Milliseconds after which a turn is over. What is done with the results counts. */
const longest = 8;
/** So few results are counted to the next turn's, while they come close together, */
const few = 8;
/** The clock is looked at so often that no more than this passes unseen, in milliseconds, as far as the results so far tell, */
const unseen = 2;
/** and after so many results at the latest. */
const farthest = 16;

export class Budget {
  #spent = 0;
  #isOver = false;
  /** When the turn's first result began to be made, as far as it is known. */
  #since = -Infinity;
  #nextLook = 1;

  /** Nothing more is to be settled in this turn. */
  get isSpent(): boolean {
    return this.#isOver;
  }

  /**
   * A result may begin to be made, and nothing is under way that will tell of the next turn. Whether that is not needed
   * either: the few of the turns before are counted to this one's, so that a thread that is woken for one result at a
   * time is not woken once more to forget it. The turn's time runs from here.
   */
  joins(now: number): boolean {
    const joins = this.#spent < few && now - this.#since < unseen;
    this.#since = now;
    return joins;
  }

  /** A result of so many messages. */
  spend(messages: number): void {
    this.#spent += messages < together ? 1 : Math.ceil(messages / together);
    if (this.#spent >= most) this.#isOver = true;
    else if (this.#spent >= this.#nextLook) this.#look();
  }

  /** A new turn. */
  renew(): void {
    this.#spent = 0;
    this.#isOver = false;
    this.#nextLook = 1;
  }

  #look(): void {
    const passed = timeNow() - this.#since;
    if (passed >= longest) this.#isOver = true;
    const step = Math.min((unseen * this.#spent) / passed, farthest);
    this.#nextLook = this.#spent + Math.max(Math.floor(step), 1);
  }
}
