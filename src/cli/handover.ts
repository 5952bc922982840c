/** How long a thread was inside the calls that hand something over; what it waited is not in it. */
export class Handover {
  #milliseconds = 0;

  get milliseconds(): number {
    return this.#milliseconds;
  }

  /** Times one call. Of an awaiting verb that is the call itself, not its promise. */
  time<T>(call: () => T): T {
    const began = performance.now();
    try {
      return call();
    } finally {
      this.#milliseconds += performance.now() - began;
    }
  }

  /** What was measured since the last `take`. */
  take(): number {
    const taken = this.#milliseconds;
    this.#milliseconds = 0;
    return taken;
  }

  /** Adds what another thread has measured. */
  add(milliseconds: number): void {
    this.#milliseconds += milliseconds;
  }
}
