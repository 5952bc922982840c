/**
 * Whether an awaiting thread looks for messages by itself for a moment, rather than sleep until it is
 * rung: while messages keep coming, that is some fifty times faster. Only decisions; turns.ts acts.
 */

/**
 * Microseconds to poll where the channel says nothing: twice what waking a sleeping peer takes, so that two
 * threads that answer each other both come to be awake.
 */
const adaptiveMicros = 100;
/** After so many polls in vain in a row, adaptive polling rests, */
const vainPolls = 4;
/** and tries again once in so many chances. */
const retryEvery = 64;

/** The `poll` of a channel that leaves it to us. */
export const adaptive = -1;

export class Polling {
  /** Until when to go on, in milliseconds as `performance.now()` counts. */
  #until = 0;
  #window = 0;
  #lastArrival = -Infinity;
  #vain = 0;
  #rested = 0;
  /** Something was ready without waiting, at a time nobody took. */
  readySince = false;

  /** Something that was waited for has come. */
  arrived(now: number): void {
    this.#lastArrival = now;
    this.#until = now + this.#window;
    this.#vain = 0;
  }

  /** As `arrived`, but it had to ring. */
  rang(now: number): void {
    this.#lastArrival = now;
  }

  /** Whether polling has been in vain, and this wait is not the one that tries it again. */
  rests(micros: number): boolean {
    if (micros !== adaptive || this.#vain < vainPolls) return false;
    this.#rested += 1;
    return this.#rested % retryEvery !== 0;
  }

  /** A wait begins: whether to poll for it. `micros`: the channel's `poll`. */
  begins(micros: number, now: number): boolean {
    if (this.readySince) {
      this.readySince = false;
      this.#lastArrival = now;
    }
    const window = (micros === adaptive ? adaptiveMicros : micros) / 1000;
    if (now - this.#lastArrival > window) return false;
    this.#window = window;
    this.#until = now + window;
    return true;
  }

  /** Nothing has come: whether to go on. */
  goesOn(now: number): boolean {
    if (now < this.#until) return true;
    this.#vain += 1;
    return false;
  }
}
