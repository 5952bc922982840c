/** A pause that grows: what is asked again and again is asked less and less often, until something is heard. */
import { clearTimeout, setTimeout } from '../event-loop/runtime.js';

export class Pause {
  #length: number;
  #end: (() => void) | undefined;

  /** The first and the longest, in milliseconds. */
  constructor(
    readonly first: number,
    readonly longest: number,
  ) {
    this.#length = first;
  }

  /** Passes, at once where `end` is called meanwhile. */
  pass(): Promise<void> {
    return new Promise((resolve) => {
      // Not all to the millisecond: those who were held up together do not come back together.
      const timer = setTimeout(over, this.#length * (0.75 + Math.random() / 2));
      this.#length = Math.min(2 * this.#length, this.longest);
      function over() {
        clearTimeout(timer);
        resolve();
      }
      this.#end = over;
    });
  }

  end(): void {
    this.#end?.();
  }

  /** Something was heard: the next pause is the shortest again. */
  reset(): void {
    this.#length = this.first;
  }
}
