/**
 * Whether an awaiting thread looks for messages by itself for a moment, rather than sleep until it is
 * rung. Only decisions; turns.ts acts.
 *
 * Looking is worth it where what is waited for comes sooner than a sleeping thread would wake: two threads that answer
 * each other are some ten times as fast so. Where it comes later, looking takes a core from who works. How long
 * waits last is known whether the thread slept or looked: the bell says how long ago it was rung.
 */

/** Microseconds to look where the channel says nothing. */
const adaptiveMicros = 100;
/** Milliseconds: a wait longer than that is never worth it, however long waking takes. */
const longestWorth = 0.04;
/** Milliseconds that one wait counts at most, so that an idle hour is forgotten after some messages. */
const longestCounted = 0.2;
/** How much the newest counts. */
const weight = 0.25;
/** So many waits in a row look for once, though it is not worth it: the other side may do so, too, and then it is. */
const trialWaits = 8;
/** After so many waits the first time, and twice as many each time, up to the most, until it is worth it. */
const firstPause = 64;
const longestPause = 8192;

/** The `poll` of a channel that leaves it to us. */
export const adaptive = -1;

export class Polling {
  #until = 0;
  #isAdaptive = true;
  #window = 0;
  #lastArrival = -Infinity;
  /** Since when nothing has come. */
  #since = 0;
  /** Milliseconds from the beginning of a wait until it could end, and until a sleeping thread has woken. */
  #wait = longestCounted;
  #waking = longestWorth;
  #pause = firstPause;
  #rested = 0;
  #trialsLeft = 0;
  /** Something was ready without waiting, at a time nobody took. */
  readySince = false;

  /** Something that was waited for has come, and the thread was looking. */
  arrived(now: number): void {
    this.#lastArrival = now;
    this.#lasted(now - this.#since);
    this.#since = now;
    this.#until = !this.#isAdaptive || this.#isWorthIt() || this.#isTrial() ? now + this.#window : now;
  }

  /** A wait begins while the thread looks. */
  goesOnSince(now: number): void {
    this.#since = now;
  }

  /** As `arrived`, but it had to ring, so many microseconds ago; 0 where the bell does not say. */
  rang(now: number, ago: number): void {
    const waking = ago / 1000;
    this.#lastArrival = now;
    this.#lasted(now - this.#since - waking);
    if (ago > 0) this.#waking += weight * (Math.min(waking, longestWorth) - this.#waking);
    this.#since = now;
  }

  /** A wait begins: whether to look for its result. `micros`: the channel's `poll`. */
  begins(micros: number, now: number): boolean {
    const ready = this.readySince;
    this.readySince = false;
    this.#since = now;
    this.#isAdaptive = micros === adaptive;
    if (this.#isAdaptive) {
      if (!this.#isWorthIt() && !this.#tries()) return false;
    } else {
      if (ready) this.#lastArrival = now;
      if (now - this.#lastArrival > micros / 1000) return false;
    }
    this.#window = (this.#isAdaptive ? adaptiveMicros : micros) / 1000;
    this.#until = now + this.#window;
    return true;
  }

  /** Nothing has come: whether to go on. */
  goesOn(now: number): boolean {
    return now < this.#until;
  }

  #lasted(wait: number): void {
    const counted = Math.min(Math.max(wait, 0), longestCounted);
    this.#wait += weight * (counted - this.#wait);
  }

  #isWorthIt(): boolean {
    const isWorthIt = this.#wait < this.#waking;
    if (isWorthIt) this.#pause = firstPause;
    return isWorthIt;
  }

  /** Whether a trial is under way: one more wait of it. */
  #isTrial(): boolean {
    if (this.#trialsLeft === 0) return false;
    this.#trialsLeft -= 1;
    return true;
  }

  /** Whether it is this wait's turn to look all the same. */
  #tries(): boolean {
    if (this.#isTrial()) return true;
    this.#rested += 1;
    if (this.#rested < this.#pause) return false;
    this.#rested = 0;
    this.#pause = Math.min(2 * this.#pause, longestPause);
    this.#trialsLeft = trialWaits - 1;
    return true;
  }
}
